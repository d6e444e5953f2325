using System.Text;
using GeoWps.Adapters.Execution.Staging;

namespace GeoWps.Tests.Unit.Execution.Staging;

public sealed class ContentSnifferTextTests
{
    private const string Unknown = "application/octet-stream";

    [Theory]
    [InlineData("{\"type\": \"FeatureCollection\", \"features\": [", "application/geo+json", "geojson")]
    [InlineData("\n { \"a\": 1, \"type\" : \"MultiPoint\" }", "application/geo+json", "geojson")]
    [InlineData("{\"type\":\"Topology\"}", "application/json", "json")]
    [InlineData("{}", "application/json", "json")]
    [InlineData("[1, 2]", "application/json", "json")]
    [InlineData("[true]", "application/json", "json")]
    [InlineData("{", "application/json", "json")]
    [InlineData("MESH2D\nE3T 1 1 2 3 1", "text/plain", "2dm")]
    [InlineData("ncols 4\nnrows 4", "application/arcgrid", "asc")]
    [InlineData("  NROWS\t4", "application/arcgrid", "asc")]
    [InlineData("xllcorner -12.5", "application/arcgrid", "asc")]
    public void A_text_shows_what_it_is(string text, string mediaType, string extension)
    {
        foreach (var (declared, name) in new[] { (null, ""), ("text/csv", "a.csv"), ("image/tiff", "a.vrt") })
        {
            Identify(text, declared, name).ShouldBe(new DataKind(mediaType, extension));
        }
    }

    [Theory]
    [InlineData("application/geo+json", "")]
    [InlineData("application/vnd.geo+json; charset=utf-8", "")]
    [InlineData(null, "roads.GeoJSON")]
    public void JSON_whose_type_is_out_of_sight_is_GeoJSON_when_it_is_said_to_be(string? declared, string name) =>
        Identify("{\"features\": [", declared, name).ShouldBe(new DataKind("application/geo+json", "geojson"));

    [Theory]
    [InlineData("text/csv; charset=utf-8", "data.txt")]
    [InlineData(null, "data.csv")]
    [InlineData("text/plain", "data.TSV")]
    public void A_table_is_a_table_when_it_is_declared_or_named_so(string? declared, string name) =>
        Identify("ncols,nrows\n1,2", declared, name).ShouldBe(new DataKind("text/csv", "csv"));

    [Theory]
    [InlineData("text/plain", "notes", "text/plain", "txt")]
    [InlineData("text/plain", "rules.sld", "text/plain", "sld")]
    [InlineData("text/x-python", "run.py", "text/plain", "txt")]
    [InlineData("text/html", "a.vrt", "text/html", "html")]
    [InlineData("application/json", "", "application/json", "json")]
    [InlineData(null, "crs.prj", "text/plain", "prj")]
    [InlineData(null, "a.tfw", "text/plain", "tfw")]
    [InlineData(null, "roads.mif", "application/vnd.mapinfo", "mif")]
    [InlineData("application/vnd.mapinfo", "roads.tab", "application/vnd.mapinfo", "tab")]
    [InlineData("application/x-esri-ascii-grid", "a.asc", "text/plain", "asc")]
    public void Any_other_text_keeps_a_plain_type_that_was_declared_or_named(string? declared, string name, string mediaType, string extension) =>
        Identify("hello, world", declared, name).ShouldBe(new DataKind(mediaType, extension));

    [Theory]
    [InlineData("text/plain", "notes.txt")]
    [InlineData("application/octet-stream", "")]
    [InlineData("application/gml+xml", "a.gml")]
    [InlineData(null, "")]
    public void A_layer_that_is_a_table_may_be_called_anything(string? declared, string name)
    {
        ContentSniffer.IdentifyLayer("lon,lat\n8,50\n"u8, declared, name).ShouldBe(new DataKind("text/csv", "csv"));
        ContentSniffer.IdentifyLayer("just words\nand more"u8, declared, name).MediaType.ShouldNotBe("text/csv");
    }

    [Theory]
    [InlineData("application/vnd.dbf", "", "dbf")]
    [InlineData("application/x-dbf", "a.bin", "dbf")]
    [InlineData(null, "roads.DBF", "dbf")]
    [InlineData(null, "roads.xyz", "xyz")]
    public void A_dBase_table_has_to_be_called_one(string? declared, string name, string extension) =>
        ContentSniffer.Identify([3, 124, 1, 1, 0, 0], declared, name).Extension.ShouldBe(extension);

    [Theory]
    [InlineData("data.grib2", "grib2")]
    [InlineData("DATA.GRD", "grd")]
    [InlineData("a.vrt", "bin")]
    [InlineData("a.py", "bin")]
    [InlineData("a.so", "bin")]
    [InlineData("a.qgs", "bin")]
    [InlineData("a.QGZ", "bin")]
    [InlineData("a.zip", "bin")]
    [InlineData("a.tar.gz", "bin")]
    [InlineData("a.toolongext", "bin")]
    [InlineData("a.t/x", "bin")]
    [InlineData("a.t x", "bin")]
    [InlineData("a.дбф", "bin")]
    [InlineData("a.", "bin")]
    [InlineData("", "bin")]
    [InlineData("../../vrt", "bin")]
    public void What_nothing_tells_is_unknown_and_keeps_no_extension_that_does_harm(string name, string extension)
    {
        ContentSniffer.Identify([1, 2, 3], "image/tiff", name).ShouldBe(new DataKind(Unknown, extension));
        Identify("just words", "image/tiff", name).ShouldBe(new DataKind(Unknown, extension));
    }

    [Theory]
    [InlineData("[General]\nkey=1")]
    [InlineData("{id} and so on")]
    [InlineData("< 5 and > 3")]
    [InlineData("<")]
    [InlineData("dx is a word")]
    [InlineData("DSAA\n2 2")]
    [InlineData("")]
    public void A_first_character_alone_is_no_format(string text) =>
        Identify(text, "image/tiff", "").ShouldBe(new DataKind(Unknown, "bin"));

    [Fact]
    public void No_beginning_of_any_file_breaks_it()
    {
        byte[][] samples =
        [
            "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><!-- d --><e:kml xmlns='f'>"u8.ToArray(),
            [0, 0, 0x27, 0x0A, 0, 0, 0, 0],
            [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A],
            [0x43, 0x44, 0x46, 1],
            [0xFF, 0xFE, 0x3C, 0],
        ];

        foreach (var sample in samples)
        {
            for (var length = 0; length <= sample.Length; length++)
            {
                ContentSniffer.Identify(sample.AsSpan(0, length), null, "a").Extension.ShouldNotBeEmpty();
            }
        }
    }

    private static DataKind Identify(string text, string? declared, string name) =>
        ContentSniffer.Identify(Encoding.UTF8.GetBytes(text), declared, name);
}
