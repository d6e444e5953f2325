using GeoWps.Adapters.Execution.Runs;

namespace GeoWps.Tests.Unit.Execution.Runs;

/// <summary>A text in place of a box, a point or a geometry would be opened as a layer.</summary>
public sealed class LiteralSourceTests
{
    public static TheoryData<string> Sources => [.. SourceTexts.All];

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_source_is_no_place(string text)
    {
        foreach (var type in new[] { "extent", "point", "geometry" })
        {
            foreach (var tried in new[] { text, " " + text, text + "\n", "1,2,3,4" + text, "1,2" + text, text + ",1", "POINT(1 2)|" + text })
            {
                Refuse(type, tried).ShouldNotBeNull($"{type}: {tried}");
            }
        }
    }

    [Theory]
    [InlineData("1,2,3,4")]
    [InlineData("-1.5, 2e3 ,.5,+4.")]
    [InlineData("1,2,3,4 [EPSG:4326]")]
    [InlineData("1,2,3,4[ EPSG:4326 ]")]
    [InlineData("1,2,3,4 [4326]")]
    [InlineData("1,2,3,4 [urn:ogc:def:crs:EPSG:8.9:4326]")]
    [InlineData("1,2,3,4 [http://www.opengis.net/def/crs/OGC/1.3/CRS84]")]
    [InlineData("1,2,3,4 [http://www.opengis.net/gml/srs/epsg.xml#4326]")]
    public void A_box_may_be_QGISs_text(string text) => Refuse("extent", text).ShouldBeNull();

    [Theory]
    [InlineData("1,2,3")]
    [InlineData("1,2,3,4,5")]
    [InlineData("1,2,3,4 EPSG:4326")]
    [InlineData("1,2,3,4 [EPSG:4326] x")]
    [InlineData("1,2,3,4 [/etc/passwd]")]
    [InlineData("1,2,3,4 [file:/etc/passwd]")]
    [InlineData("1,2,3,4 [http://example.org/def/crs/EPSG/0/4326]")]
    [InlineData("1,2,3,4 [http://www.opengis.net/def/crs/../../x]")]
    [InlineData("1 2 3 4")]
    [InlineData("nan,1,2,3")]
    public void Any_other_text_is_no_box(string text) => Refuse("extent", text).ShouldNotBeNull().ShouldContain("bbox");

    [Theory]
    [InlineData("1,2", true)]
    [InlineData("-1.5,2.5 [EPSG:3857]", true)]
    [InlineData("1,2,3,4", false)]
    [InlineData("1", false)]
    [InlineData("POINT(1 2)", false)]
    public void A_point_may_be_QGISs_text(string text, bool fits) => (Refuse("point", text) is null).ShouldBe(fits);

    [Theory]
    [InlineData("POINT(1 2)")]
    [InlineData("point z (1 2 3)")]
    [InlineData("SRID=4326;POINT(1 2)")]
    [InlineData("LINESTRING (0 0, 1e3 -1.5)")]
    [InlineData("MULTIPOLYGON(((0 0,1 0,1 1,0 0)))")]
    [InlineData("GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1))")]
    [InlineData("CurvePolygon(CircularString(0 0, 1 1, 2 0, 1 -1, 0 0))")]
    [InlineData("MULTISURFACE(((0 0,1 0,1 1,0 0)))")]
    [InlineData("POLYGON EMPTY")]
    [InlineData("POINT Z EMPTY")]
    [InlineData("PolygonZM ((0 0 1 1, 1 0 1 1, 1 1 1 1, 0 0 1 1))")]
    public void A_geometry_may_be_WKT(string text) => Refuse("geometry", text).ShouldBeNull();

    [Theory]
    [InlineData("string")]
    [InlineData("expression")]
    [InlineData("field")]
    public void A_text_that_stands_for_itself_may_look_like_anything(string type) => Refuse(type, "/etc/passwd").ShouldBeNull();

    [Theory]
    [InlineData("extent")]
    [InlineData("point")]
    [InlineData("geometry")]
    public void An_empty_text_and_what_is_no_text_is_not_judged_here(string type)
    {
        Refuse(type, "").ShouldBeNull();
        Literals.Refuse(Described.Parameter("A", type), Described.Json("""{"bbox": [1, 2, 3, 4]}""")).ShouldBeNull();
    }

    private static string? Refuse(string type, string text) => Literals.Refuse(Described.Parameter("A", type), Described.Text(text));
}
