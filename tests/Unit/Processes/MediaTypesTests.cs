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
    [InlineData("text/xml; subtype=gml/3.1.1", "application/gml+xml; version=3.2,application/gml+xml; version=3.1,application/gml+xml; version=2.1", 1)]
    [InlineData("text/xml; subtype=gml/3.1.1/profiles/gmlsf/1.0.0/0", "application/gml+xml; version=3.2,application/gml+xml; version=3.1", 1)]
    [InlineData("text/xml; subtype=\"gml/2.1.2\"", "application/gml+xml; version=3.2,application/gml+xml; version=2.1", 1)]
    [InlineData("text/xml; subtype=wfs-collection/1.0", "application/gml+xml; version=3.2,application/gml+xml; version=2.1", 1)]
    [InlineData("application/gml-3.1.1", "application/gml+xml; version=3.2,application/gml+xml; version=3.1", 1)]
    [InlineData("application/gml+xml; version=3.2.1", "application/gml+xml; version=2.1,application/gml+xml; version=3.2", 1)]
    [InlineData("application/gml+xml; version=\"3.2\"", "application/gml+xml; version=2.1,application/gml+xml; version=3.2", 1)]
    [InlineData("text/gml", "text/csv,application/gml+xml; version=3.2", 1)]
    [InlineData("application/gml xml", "text/csv,application/gml+xml; version=3.2", 1)]
    [InlineData("application/gml+xml; version=9.9", "application/gml+xml; version=3.2,application/gml+xml; version=3.1", -1)]
    [InlineData("application/json", "application/gml+xml,application/geo+json", 1)]
    [InlineData("application/json", "application/gml+xml,application/geo+json,application/json", 2)]
    [InlineData("text/xml", "application/geo+json,application/gml+xml; version=3.2", 1)]
    [InlineData("application/xml", "application/geo+json,text/csv", -1)]
    [InlineData("application/x-zipped-shp", "application/geo+json,application/zip", 1)]
    [InlineData("application/x-shapefile", "application/geo+json,application/zip", 1)]
    [InlineData("application/vnd.sqlite3", "application/geopackage+sqlite3", 0)]
    [InlineData("application/x-sqlite3", "application/geopackage+sqlite3", 0)]
    [InlineData("application/vnd.flatgeobuf", "application/flatgeobuf", 0)]
    [InlineData("text/csv; header=present", "text/csv", 0)]
    [InlineData("image/tiff; subtype=\"geotiff\"", "image/png,image/tiff; application=geotiff", 1)]
    [InlineData("application/x-geotiff", "image/png,image/tiff; application=geotiff,image/tiff; application=geotiff; profile=cloud-optimized", 1)]
    [InlineData("image/tiff; profile=cloud-optimized", "image/tiff; application=geotiff,image/tiff; application=geotiff; profile=cloud-optimized", 1)]
    [InlineData("application/x-ogc-aaigrid", "image/png,application/arcgrid", 1)]
    [InlineData("image/x-aaigrid", "image/png,application/arcgrid", 1)]
    [InlineData("text/plain", "text/xml", -1)]
    [InlineData("", "text/xml", -1)]
    public void What_is_offered_is_found_under_its_names(string asked, string offered, int found) => MediaTypes.Match(asked, offered.Split(',')).ShouldBe(found);

    [Theory]
    [InlineData("application/geo+json; charset=utf-8", true, false, true)]
    [InlineData("text/json", true, false, true)]
    [InlineData("Application/GML+XML", false, true, true)]
    [InlineData("text/csv", false, false, true)]
    [InlineData("application/gml-3.1.1", false, true, true)]
    [InlineData("application/x-ogc-aaigrid", false, false, true)]
    [InlineData("image/tiff", false, false, false)]
    [InlineData("application/jsonp", false, false, false)]
    public void A_type_tells_what_kind_of_content_it_is(string type, bool json, bool xml, bool text) =>
        (MediaTypes.IsJson(type), MediaTypes.IsXml(type), MediaTypes.IsText(type)).ShouldBe((json, xml, text));

    [Theory]
    [InlineData("application/octet-stream", true)]
    [InlineData("Text/Plain; charset=utf-8", true)]
    [InlineData("application/xml", true)]
    [InlineData("application/json", true)]
    [InlineData("text/xml; subtype=gml/3.1.1", false)]
    [InlineData("application/geo+json", false)]
    public void A_general_type_leaves_open_what_it_is(string type, bool isGeneral) => MediaTypes.IsGeneral(type).ShouldBe(isGeneral);

    [Theory]
    [InlineData("text/csv;charset=iso-8859-1; header=present", "text/csv; header=present")]
    [InlineData(" text/xml ; subtype=gml/3.1.1", "text/xml; subtype=gml/3.1.1")]
    public void An_answers_type_is_spelled_as_asked_but_for_its_charset(string asked, string said) => MediaTypes.WithoutCharset(asked).ShouldBe(said);

    [Theory]
    [InlineData("text/xml", "http://schemas.opengis.net/gml/3.1.1/base/feature.xsd", "text/xml; subtype=gml/3.1.1")]
    [InlineData("application/xml", "http://schemas.opengis.net/gml/2.1.2/feature.xsd", "text/xml; subtype=gml/2.1.2")]
    [InlineData("application/gml+xml", "http://schemas.opengis.net/wfs/2.0/wfs.xsd", "text/xml; subtype=gml/3.2.1")]
    [InlineData("text/xml", "http://schemas.opengis.net/kml/2.2.0/ogckml22.xsd", "application/vnd.google-earth.kml+xml")]
    [InlineData("text/xml", "http://example.org/a.xsd", "text/xml")]
    [InlineData("text/xml; subtype=gml/2.1.2", "http://schemas.opengis.net/gml/3.1.1/base/feature.xsd", "text/xml; subtype=gml/2.1.2")]
    [InlineData("image/tiff", "http://schemas.opengis.net/gml/3.1.1/base/feature.xsd", "image/tiff")]
    public void A_schema_says_which_XML_is_meant(string type, string schema, string meant) => MediaTypes.WithSchema(type, schema).ShouldBe(meant);
}
