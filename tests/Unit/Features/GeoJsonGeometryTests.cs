using System.Text;
using System.Text.Json;
using GeoWps.Adapters.TileSources.Projections;
using GeoWps.Application.Features;
using GeoWps.Domain.Spatial;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace GeoWps.Tests.Unit.Features;

public sealed class GeoJsonGeometryTests
{
    [Theory]
    [InlineData("POINT (1 2)", """{"type":"Point","coordinates":[1,2]}""")]
    [InlineData("POINT Z (1 2 3.5)", """{"type":"Point","coordinates":[1,2,3.5]}""")]
    [InlineData("LINESTRING (0 0, 0.1 0.2)", """{"type":"LineString","coordinates":[[0,0],[0.1,0.2]]}""")]
    [InlineData("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))", """{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,2],[2,2],[2,1],[1,1]]]}""")]
    [InlineData("POLYGON ((0 0, 0 4, 4 4, 4 0, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1))", """{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,2],[2,2],[2,1],[1,1]]]}""")]
    [InlineData("MULTIPOINT ((1 2), (3 4))", """{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}""")]
    [InlineData("MULTILINESTRING ((0 0, 1 1), (2 2, 3 3, 4 4))", """{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3],[4,4]]]}""")]
    [InlineData("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))", """{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]}""")]
    [InlineData("GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))", """{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"LineString","coordinates":[[0,0],[1,1]]}]}""")]
    [InlineData("POINT EMPTY", "null")]
    [InlineData("MULTIPOLYGON EMPTY", "null")]
    [InlineData("GEOMETRYCOLLECTION EMPTY", "null")]
    public void Every_kind_is_written_as_it_is(string text, string json)
    {
        foreach (var order in new[] { ByteOrder.LittleEndian, ByteOrder.BigEndian })
        {
            Write(Binary(text, order)).ShouldBe((json, true));
        }
    }

    [Fact]
    public void Latitude_comes_first_where_the_CRS_has_it_so()
    {
        Write(Binary("POINT (1 2)"), Crs.Wgs84, Crs.Wgs84).Json.ShouldBe("""{"type":"Point","coordinates":[2,1]}""");

        // The order of axes turns no ring.
        Write(Binary("POLYGON ((0 0, 4 0, 4 4, 0 0))"), Crs.Wgs84, Crs.Wgs84).Json.ShouldBe("""{"type":"Polygon","coordinates":[[[0,0],[0,4],[4,4],[0,0]]]}""");
    }

    [Fact]
    public void Places_are_transformed_and_rounded()
    {
        var (json, _) = Write(Binary("POINT (1113194.9079327357 1118889.9748579597)"), Crs.WebMercator, Crs.Crs84);

        json.ShouldBe("""{"type":"Point","coordinates":[10,10]}""");
    }

    [Fact]
    public void What_has_no_place_in_the_target_is_null() => Write(Binary("LINESTRING (0 0, 0 90)"), Crs.Wgs84, Crs.WebMercator).ShouldBe(("null", false));

    [Fact]
    public void Heights_that_are_none_are_left_out()
    {
        var binary = Binary("LINESTRING Z (1 2 3, 4 5 6)");
        BitConverter.TryWriteBytes(binary.AsSpan(9 + 16), double.NaN);

        Write(binary).Json.ShouldBe("""{"type":"LineString","coordinates":[[1,2],[4,5]]}""");
    }

    [Fact]
    public void A_point_without_a_place_is_left_out_of_its_like()
    {
        var binary = Binary("MULTIPOINT ((1 2), (3 4))");
        BitConverter.TryWriteBytes(binary.AsSpan(9 + 5), double.NaN);

        Write(binary).ShouldBe(("""{"type":"MultiPoint","coordinates":[[3,4]]}""", true));
    }

    [Fact]
    public void However_a_geometry_is_cut_off_it_is_null()
    {
        var whole = Binary("GEOMETRYCOLLECTION (POLYGON ((0 0, 4 0, 4 4, 0 0)), MULTIPOINT ((1 2), (3 4)))");
        for (var length = 1; length < whole.Length; length++)
        {
            Write(whole[..length]).ShouldBe(("null", false), $"{length} bytes");
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(99)]
    public void Curves_and_unknown_kinds_are_null(byte kind)
    {
        var binary = Binary("LINESTRING (0 0, 1 1)");
        binary[1] = kind;

        Write(binary).ShouldBe(("null", false));
    }

    [Fact]
    public void A_count_that_can_not_be_takes_no_memory()
    {
        var binary = Binary("LINESTRING (0 0, 1 1)");
        BitConverter.TryWriteBytes(binary.AsSpan(5), uint.MaxValue);

        Write(binary).ShouldBe(("null", false));
    }

    internal static byte[] Binary(string text, ByteOrder order = ByteOrder.LittleEndian)
    {
        var geometry = new WKTReader().Read(text);
        return new WKBWriter(order, handleSRID: false, emitZ: text.Contains(" Z ", StringComparison.Ordinal)).Write(geometry);
    }

    private static (string Json, bool IsRight) Write(byte[] binary, Crs? from = null, Crs? to = null)
    {
        var (source, target) = (from ?? Crs.Crs84, to ?? Crs.Crs84);
        using var stream = new MemoryStream();
        bool isRight;
        using (var json = new Utf8JsonWriter(stream))
        {
            using var geometry = new GeoJsonGeometry(new CoordinateTransforms().Between(source, target)!, AxisOrder.IsYFirst(target), 9);
            isRight = geometry.Write(json, binary);
        }

        return (Encoding.UTF8.GetString(stream.ToArray()), isRight);
    }
}
