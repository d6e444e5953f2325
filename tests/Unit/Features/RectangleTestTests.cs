using FsCheck;
using FsCheck.Fluent;
using GeoWps.Adapters.TileSources.Features;
using GeoWps.Domain.Spatial;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace GeoWps.Tests.Unit.Features;

public sealed class RectangleTestTests
{
    private static readonly Extent Box = new(10, 10, 20, 20);

    [Theory]
    [InlineData("POINT (15 15)", true)]
    [InlineData("POINT (10 20)", true)]
    [InlineData("POINT (9.999 15)", false)]
    [InlineData("LINESTRING (0 0, 30 30)", true)]
    [InlineData("LINESTRING (0 15, 15 30)", false)]
    [InlineData("LINESTRING (0 20, 20 40)", false)]
    [InlineData("LINESTRING (0 10, 10 20)", true)]
    [InlineData("POLYGON ((0 0, 30 0, 30 30, 0 30, 0 0))", true)]
    [InlineData("POLYGON ((0 0, 30 0, 30 30, 0 30, 0 0), (5 5, 25 5, 25 25, 5 25, 5 5))", false)]
    [InlineData("POLYGON ((0 0, 30 0, 30 5, 5 5, 5 30, 0 30, 0 0))", false)]
    [InlineData("GEOMETRYCOLLECTION (POINT (0 0), POLYGON ((12 12, 13 12, 13 13, 12 12)))", true)]
    [InlineData("MULTIPOLYGON EMPTY", false)]
    [InlineData("POINT EMPTY", false)]
    public void A_geometry_meets_a_rectangle_or_not(string text, bool meets) => RectangleTest.Meets(GeoJsonGeometryTests.Binary(text), [Box]).ShouldBe(meets);

    [Fact]
    public void It_is_right_as_another_library_is() => Prop.ForAll(
        Gen.Choose(0, 30).ArrayOf(10).ToArbitrary(),
        numbers =>
        {
            var factory = GeometryFactory.Default;
            var places = numbers.Chunk(2).Select(pair => new Coordinate(pair[0], pair[1])).ToArray();
            var hull = factory.CreateMultiPointFromCoords(places).ConvexHull();
            Geometry[] shapes = [factory.CreateLineString(places), hull, hull.Buffer(3).Difference(hull)];
            var rectangle = factory.ToGeometry(new Envelope(Box.MinX, Box.MaxX, Box.MinY, Box.MaxY));
            return shapes.All(shape => RectangleTest.Meets(new WKBWriter().Write(shape), [Box]) == rectangle.Intersects(shape));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_what_it_can_not_read_it_says_that_it_may_be()
    {
        RectangleTest.Meets([1, 8, 0, 0, 0, 0, 0, 0, 0], [Box]).ShouldBeTrue();
        RectangleTest.Meets(GeoJsonGeometryTests.Binary("LINESTRING (0 0, 1 1)").AsSpan(0, 20), [Box]).ShouldBeTrue();
    }
}
