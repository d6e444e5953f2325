using GeoWps.Adapters.Http.Answers;

namespace GeoWps.Tests.Unit.Http;

public sealed class MediaTests
{
    [Theory]
    [InlineData("text/csv", "text/csv")]
    [InlineData("image/tiff; application=geotiff; profile=cloud-optimized", "image/tiff; application=geotiff; profile=cloud-optimized")]
    [InlineData("text/xml; subtype=gml/3.1.1", "text/xml; subtype=\"gml/3.1.1\"")]
    [InlineData("text/xml; subtype=\"gml/3.1.1\"", "text/xml; subtype=\"gml/3.1.1\"")]
    [InlineData("application/gml+xml;version=3.2", "application/gml+xml; version=3.2")]
    public void A_header_has_values_in_quotes_where_they_are_no_tokens(string mediaType, string header) => Media.Header(mediaType).ShouldBe(header);

    [Theory]
    [InlineData("text/xml; subtype=gml/3.1.1", false, true)]
    [InlineData("application/arcgrid", false, true)]
    [InlineData("application/vnd.geo+json", true, true)]
    [InlineData("application/zip", false, false)]
    public void What_is_text_stands_in_a_document_as_it_is(string mediaType, bool isJson, bool isText) =>
        (Media.IsJson(mediaType), Media.IsText(mediaType)).ShouldBe((isJson, isText));
}
