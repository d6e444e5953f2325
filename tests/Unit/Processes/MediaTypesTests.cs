using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Processes;

public sealed class MediaTypesTests
{
    [Theory]
    [InlineData("application/json", "application/json", 0)]
    [InlineData(" Application/JSON ; Charset=utf-8", "application/json", 0)]
    [InlineData("image/tiff; application=geotiff", "image/png,image/tiff", 1)]
    [InlineData("image/tiff", "image/png,image/tiff; application=geotiff", 1)]
    [InlineData("image/tiff; application=geotiff; profile=\"cloud-optimized\"", "image/tiff,image/tiff; profile=cloud-optimized; application=geotiff", 1)]
    [InlineData("image/tiff; profile=other", "image/tiff; application=geotiff", -1)]
    [InlineData("image/tiff; profile=other", "image/tiff; application=geotiff,image/tiff", 1)]
    [InlineData("application/gml+xml", "application/gml+xml; version=3.2,application/gml+xml", 1)]
    [InlineData("application/xml", "text/xml", 0)]
    [InlineData("image/geotiff", "application/tiff; application=geotiff", 0)]
    [InlineData("application/vnd.geo+json", "application/json,application/geo+json", 1)]
    [InlineData("text/plain", "text/xml", -1)]
    [InlineData("", "text/xml", -1)]
    public void What_is_offered_is_found_under_its_names(string asked, string offered, int found) => MediaTypes.Match(asked, offered.Split(',')).ShouldBe(found);

    [Theory]
    [InlineData("application/geo+json; charset=utf-8", true, false, true)]
    [InlineData("text/json", true, false, true)]
    [InlineData("Application/GML+XML", false, true, true)]
    [InlineData("text/csv", false, false, true)]
    [InlineData("image/tiff", false, false, false)]
    [InlineData("application/jsonp", false, false, false)]
    public void A_type_tells_what_kind_of_content_it_is(string type, bool json, bool xml, bool text) =>
        (MediaTypes.IsJson(type), MediaTypes.IsXml(type), MediaTypes.IsText(type)).ShouldBe((json, xml, text));
}
