using GeoWps.Adapters.Execution.Policy;

namespace GeoWps.Tests.Unit.Execution.Policy;

public sealed class SourceFormsTests
{
    public static TheoryData<string> Forms => [.. SourceTexts.Forms];

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_source_is_known_by_its_form(string text)
    {
        SourceForms.IsSource(text).ShouldBeTrue();
        SourceForms.IsSource($" \t{text}\n").ShouldBeTrue();
        SourceForms.IsSource(text.ToUpperInvariant()).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"type": "FeatureCollection", "features": []}""")]
    [InlineData("{\"href\": \"http://example.org/a.tif\"}")]
    [InlineData("<gml:FeatureCollection xmlns:gml=\"http://www.opengis.net/gml\"/>")]
    [InlineData("<?xml version=\"1.0\"?><kml/>")]
    [InlineData("<wfs:FeatureCollection xsi:schemaLocation=\"http://a.org http://a.org/wfs?service=WFS&amp;version=1.0.0&amp;request=DescribeFeatureType\"/>")]
    [InlineData("{\"type\": \"FeatureCollection\", \"features\": [], \"note\": \"a host = b, a|layername=c\"}")]
    [InlineData("a,b,c")]
    [InlineData("x|y|z")]
    [InlineData("ncols 4\nnrows 4")]
    [InlineData("C:\\a.shp\nis a path in the first of two lines")]
    [InlineData("name: a\nvalue: b")]
    [InlineData("GEOGCS[\"WGS 84\"]")]
    [InlineData("")]
    public void Data_is_none(string text) => SourceForms.IsSource(text).ShouldBeFalse();

    [Fact]
    public void A_long_text_is_none()
    {
        SourceForms.IsSource("/" + new string('a', 4095)).ShouldBeTrue();
        SourceForms.IsSource("/" + new string('a', 4096)).ShouldBeFalse();
    }
}
