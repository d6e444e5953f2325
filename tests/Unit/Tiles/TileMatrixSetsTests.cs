using System.Text;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Tests.Unit.Tiles;

public sealed class TileMatrixSetsTests
{
    private static readonly TileMatrixSets _sets = new();

    public static TheoryData<string> Ids => [.. _sets.Ids];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_registered_set_is_read_under_its_own_id(string id)
    {
        var set = _sets.Find(id)!;

        set.Id.ShouldBe(id);
        set.Matrices.ShouldNotBeEmpty();
        set.Matrices.Select(matrix => set.TryFindLevel(matrix.Id, out var level) ? level : -1).ShouldBe(Enumerable.Range(0, set.Matrices.Count));
    }

    [Fact]
    public void The_sets_that_the_field_uses_are_there() =>
        new[] { "WebMercatorQuad", "WorldCRS84Quad", "WorldMercatorWGS84Quad", "EuropeanETRS89_LAEAQuad", "CDB1GlobalGrid", "GNOSISGlobalGrid", "CGCS2000Quad", "UTM33WGS84Quad" }.ShouldBeSubsetOf(_sets.Ids);

    [Theory]
    [InlineData("WebMercatorQuad", "0", 0, 0, -20037508.3427892, -20037508.3427892, 20037508.3427892, 20037508.3427892)]
    [InlineData("WebMercatorQuad", "1", 1, 0, 0, 0, 20037508.3427892, 20037508.3427892)]
    [InlineData("WorldCRS84Quad", "0", 1, 0, 0, -90, 180, 90)]
    // Its document writes latitude first; the server never does.
    [InlineData("CGCS2000Quad", "0", 0, 0, -180, -90, 0, 90)]
    [InlineData("EuropeanETRS89_LAEAQuad", "0", 0, 0, 2000000, 1000000, 6500000, 5500000)]
    public void A_tile_is_where_its_set_says(string id, string matrix, int column, int row, double minX, double minY, double maxX, double maxY)
    {
        _sets.Find(id)!.TryFind(matrix, out var found).ShouldBeTrue();

        var extent = found!.ExtentOf(new TileIndex(column, row));

        extent.MinX.ShouldBe(minX, 0.01);
        extent.MinY.ShouldBe(minY, 0.01);
        extent.MaxX.ShouldBe(maxX, 0.01);
        extent.MaxY.ShouldBe(maxY, 0.01);
    }

    [Fact]
    public void Near_the_poles_several_columns_are_one_tile()
    {
        _sets.Find("CDB1GlobalGrid")!.TryFind("-10", out var matrix).ShouldBeTrue();

        matrix!.CoalesceOf(0).ShouldBe(12);
        matrix.Canonical(new TileIndex(23, 0)).ShouldBe(new TileIndex(12, 0));
        matrix.ExtentOf(new TileIndex(23, 0)).ShouldBe(new Extent(-168, 89, -156, 90));
        matrix.Canonical(new TileIndex(23, 90)).ShouldBe(new TileIndex(23, 90));
    }

    [Theory]
    [InlineData("""{"id":"x","crs":"EPSG:3857","tileMatrices":[]}""", "x.json/tileMatrices: at least one is required")]
    [InlineData("""{"id":"x","crs":"nothing known","tileMatrices":[{}]}""", "x.json/crs: no name of a coordinate reference system: nothing known")]
    [InlineData("""{"id":"x","crs":"EPSG:3857","tileMatrices":[{"id":"0","scaleDenominator":-1}]}""", "x.json/tileMatrices/0/pointOfOrigin: is required")]
    [InlineData("""{"id":"x","crs":"EPSG:3857","tileMatrices":[{"id":"0","pointOfOrigin":[0,0],"matrixWidth":1,"matrixHeight":1,"scaleDenominator":-1}]}""", "x.json/tileMatrices/0/scaleDenominator: a number above 0 is required")]
    [InlineData("""{"id":"x","crs":"EPSG:3857","tileMatrices":[{"id":"0","pointOfOrigin":[0,0],"matrixWidth":1.5,"matrixHeight":1}]}""", "x.json/tileMatrices/0/matrixWidth: a whole number from 1 is required")]
    [InlineData("{", "x.json: no JSON")]
    public void A_wrong_document_of_the_operators_is_refused_with_its_place(string json, string error) =>
        Should.Throw<FormatException>(() => new TileMatrixSets([("x.json", Encoding.UTF8.GetBytes(json))])).Message.ShouldStartWith(error);

    [Fact]
    public void A_set_of_the_operators_is_served_like_the_others()
    {
        var json = """
            {"id":"Ours","crs":{"uri":"http://www.opengis.net/def/crs/EPSG/0/31467"},"orderedAxes":["N","E"],"tileMatrices":[
             {"id":"a","scaleDenominator":1000000,"cellSize":280,"pointOfOrigin":[6000000,3000000],"tileWidth":512,"tileHeight":256,"matrixWidth":7,"matrixHeight":9,"cornerOfOrigin":"bottomLeft"}]}
            """u8.ToArray();
        var sets = new TileMatrixSets([("ours.json", json)]);

        var set = sets.Find("Ours")!;

        set.Crs.ShouldBe(new Crs("EPSG", "31467"));
        set.Matrices[0].ExtentOf(new TileIndex(1, 2)).ShouldBe(new Extent(3000000 + (512 * 280), 6000000 + (2 * 256 * 280), 3000000 + (2 * 512 * 280), 6000000 + (3 * 256 * 280)));
        sets.Document("Ours")!.Value.ToArray().ShouldBe(json);
    }

    [Theory]
    [InlineData("EPSG/0/31467", null, true)] // the register's order where the document names none
    [InlineData("EPSG/0/3035", null, true)]
    [InlineData("EPSG/0/4326", null, true)]
    [InlineData("EPSG/0/25832", null, false)]
    [InlineData("OGC/1.3/CRS84", null, false)]
    [InlineData("EPSG/0/31467", "\"E\",\"N\"", false)] // and the document's where it does
    [InlineData("EPSG/0/25832", "\"N\",\"E\"", true)]
    public void Which_number_of_an_origin_is_x_is_said_by_the_axes_or_the_register(string crs, string? axes, bool yFirst)
    {
        var json = $$"""
            {"id":"Ours","crs":"http://www.opengis.net/def/crs/{{crs}}",{{(axes is null ? "" : $"\"orderedAxes\":[{axes}],")}}"tileMatrices":[
             {"id":"a","scaleDenominator":1000,"cellSize":1,"pointOfOrigin":[20,10],"tileWidth":1,"tileHeight":1,"matrixWidth":1,"matrixHeight":1}]}
            """;

        var matrix = new TileMatrixSets([("ours.json", Encoding.UTF8.GetBytes(json))]).Find("Ours")!.Matrices[0];

        (matrix.OriginX, matrix.OriginY).ShouldBe(yFirst ? (10, 20) : (20, 10));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_set_that_is_written_reads_back_as_it_is(string id)
    {
        var set = _sets.Find(id)!;

        var again = TileMatrixSetReader.Read(TileMatrixSetWriter.Write(set, id), id);

        again.Crs.ShouldBe(set.Crs);
        again.Matrices.Select(Facts).ShouldBe(set.Matrices.Select(Facts));
        again.YFirst.ShouldBe(set.YFirst || AxisOrder.IsYFirst(set.Crs));
    }

    [Fact]
    public void A_set_that_is_defined_is_kept_found_once_and_can_be_taken_back()
    {
        var files = new Kept();
        var sets = new TileMatrixSets([], files);

        var (set, isNew) = sets.Define(Proposed("ours", 1000));
        (set.Id, isNew, sets.Find("ours"), sets.Ids).ShouldSatisfyAllConditions(
            all => all.Item1.ShouldBe("ours"), all => all.Item2.ShouldBeTrue(), all => all.Item3.ShouldBeSameAs(set), all => all.Item4.ShouldContain("ours"));
        sets.Define(Proposed("ours", 1000)).ShouldBe((set, false), "it is the same");
        sets.Define(Proposed("ours", 2000)).Set.Id.ShouldBe("ours-2", "it is another one");
        sets.Define(Proposed("WebMercatorQuad", 1000)).Set.Id.ShouldBe("WebMercatorQuad-2");
        new TileMatrixSets(files.Documents.Select(pair => (pair.Key, pair.Value))).Find("ours-2")!.Matrices[0].CellSize.ShouldBe(2000);

        sets.Forget("ours-2");
        (sets.Has("ours-2"), sets.Has("ours"), files.Documents.Keys.Order()).ShouldSatisfyAllConditions(
            all => all.Item1.ShouldBeFalse(), all => all.Item2.ShouldBeTrue(), all => all.Item3.ShouldBe(["WebMercatorQuad-2", "ours"], ignoreOrder: true));
    }

    private static TileMatrixSet Proposed(string id, double cell) => new(id, new Crs("EPSG", "3035"), [new TileMatrix
    {
        Id = "0", ScaleDenominator = cell / 0.00028, CellSize = cell, OriginX = 2_500_000, OriginY = 5_500_000, TileWidth = 256, TileHeight = 256, MatrixWidth = 4, MatrixHeight = 5,
    }]);

    private static (string, double, double, double, double, CornerOfOrigin, int, int, int, int, string) Facts(TileMatrix matrix) => (
        matrix.Id, matrix.ScaleDenominator, matrix.CellSize, matrix.OriginX, matrix.OriginY, matrix.CornerOfOrigin, matrix.TileWidth, matrix.TileHeight, matrix.MatrixWidth, matrix.MatrixHeight,
        string.Join(' ', matrix.VariableMatrixWidths));

    private sealed class Kept : IDefinedSets
    {
        public Dictionary<string, byte[]> Documents { get; } = [];

        public void Keep(string id, byte[] json) => Documents.Add(id, json);

        public void Remove(string id) => Documents.Remove(id).ShouldBeTrue();
    }
}
