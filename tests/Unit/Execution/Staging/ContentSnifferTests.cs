using System.Text;
using GeoWps.Adapters.Execution.Staging;

namespace GeoWps.Tests.Unit.Execution.Staging;

public sealed class ContentSnifferTests
{
    private const string GeoTiff = "image/tiff; application=geotiff";
    private const string Gml = "application/gml+xml";
    private const string Kml = "application/vnd.google-earth.kml+xml";
    private const string Unknown = "application/octet-stream";

    [Theory]
    [InlineData("504B0304", "application/zip", "zip")]
    [InlineData("504B0506", "application/zip", "zip")]
    [InlineData("53514C69746520666F726D6174203300", "application/geopackage+sqlite3", "gpkg")]
    [InlineData("6667620366676201", "application/flatgeobuf", "fgb")]
    [InlineData("49492A00", GeoTiff, "tif")]
    [InlineData("4D4D002A", GeoTiff, "tif")]
    [InlineData("49492B00", GeoTiff, "tif")]
    [InlineData("4D4D002B", GeoTiff, "tif")]
    [InlineData("89504E470D0A1A0A", "image/png", "png")]
    [InlineData("FFD8FFE0", "image/jpeg", "jpg")]
    [InlineData("0000000C6A5020200D0A870A", "image/jp2", "jp2")]
    [InlineData("FF4FFF51", "image/jp2", "jp2")]
    [InlineData("0000270A00000000", "application/vnd.shp", "shp")]
    [InlineData("894844460D0A1A0A", Unknown, "h5")]
    [InlineData("43444601", Unknown, "nc")]
    [InlineData("255044462D312E37", Unknown, "pdf")]
    public void A_signature_decides_whatever_is_declared_and_named(string hex, string mediaType, string extension)
    {
        var head = Convert.FromHexString(hex);

        foreach (var (declared, name) in new[] { (null, ""), ("text/csv", "a.csv"), ("application/gml+xml", "a.vrt"), ("image/tiff", "a.tif") })
        {
            ContentSniffer.Identify(head, declared, name).ShouldBe(new DataKind(mediaType, extension));
        }
    }

    [Theory]
    [InlineData("<kml xmlns=\"http://www.opengis.net/kml/2.2\">", Kml, "kml")]
    [InlineData("\uFEFF \r\n<?xml version=\"1.0\"?><!-- <gpx> --><k:kml xmlns:k=\"x\">", Kml, "kml")]
    [InlineData("<!DOCTYPE kml [ <!ENTITY a \"]><gpx>\"> <!-- ' --> ]><kml/>", Kml, "kml")]
    [InlineData("<gpx version=\"1.1\">", "application/gpx+xml", "gpx")]
    [InlineData("<wfs:FeatureCollection>", Gml, "gml")]
    [InlineData("<root xmlns:gml=\"http://www.opengis.net/gml/3.2\">", Gml, "gml")]
    [InlineData("<root>", "application/xml", "xml")]
    [InlineData("<?xml version=\"1.0\"?><!-- it ends here", "application/xml", "xml")]
    [InlineData("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'><qgis version=\"3\">", "application/xml", "xml")]
    [InlineData("<VRTDataset rasterXSize=\"1\">", "application/xml", "xml")]
    [InlineData("<OGRVRTDataSource xmlns:gml=\"http://www.opengis.net/gml\">", "application/xml", "xml")]
    [InlineData("<StyledLayerDescriptor xmlns:gml=\"http://www.opengis.net/gml\">", "application/xml", "xml")]
    [InlineData("<xs:schema xmlns:gml=\"http://www.opengis.net/gml\">", "application/xml", "xml")]
    [InlineData("<!doctype html><HTML>", "text/html", "html")]
    public void XML_goes_by_its_root(string text, string mediaType, string extension)
    {
        Identify(text, "image/tiff", "a.tif").ShouldBe(new DataKind(mediaType, extension));
        ContentSniffer.Identify([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text.TrimStart('\uFEFF'))], null, "").MediaType.ShouldBe(mediaType);
        ContentSniffer.Identify([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text.TrimStart('\uFEFF'))], null, "").MediaType.ShouldBe(mediaType);
    }

    [Theory]
    [InlineData("application/gml+xml")]
    [InlineData("application/gml+xml; version=3.2")]
    [InlineData("Text/XML; subtype=gml/3.1.1")]
    public void XML_of_an_unknown_root_is_GML_when_it_is_declared_so(string declared) =>
        Identify("<city>", declared, "").ShouldBe(new DataKind(Gml, "gml"));

    [Theory]
    [InlineData("<VRTDataset>")]
    [InlineData("<!-- <VRTDataset --><gml:FeatureCollection>")]
    [InlineData("<kml><OGRVRTDataSource>")]
    [InlineData("<GDAL_WMS>")]
    [InlineData("<qgis>")]
    public void A_virtual_format_is_never_what_it_is_declared_as(string text) =>
        Identify(text, "application/gml+xml", "a.vrt").ShouldBe(new DataKind("application/xml", "xml"));

    [Theory]
    [InlineData("style.QML", "qml")]
    [InlineData("style.sld", "sld")]
    [InlineData("project.qgs", "xml")]
    [InlineData("layer.qlr", "xml")]
    public void XML_keeps_the_extension_of_a_style_but_not_of_a_project(string name, string extension) =>
        Identify("<qgis>", null, name).ShouldBe(new DataKind("application/xml", extension));

    [Fact]
    public void The_index_of_a_shapefile_is_not_taken_for_its_main_file() =>
        ContentSniffer.Identify([0, 0, 0x27, 0x0A], null, "roads.shx").ShouldBe(new DataKind(Unknown, "shx"));

    private static DataKind Identify(string text, string? declared, string name) =>
        ContentSniffer.Identify(Encoding.UTF8.GetBytes(text), declared, name);
}
