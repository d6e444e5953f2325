using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Execution.Catalogue;

public sealed class OutputMappingTests
{
    private static readonly string[] _vectors =
    [
        "application/geo+json", "application/geopackage+sqlite3", "application/flatgeobuf", "application/gml+xml; version=3.2", "application/gml+xml; version=3.1", "application/gml+xml; version=2.1", "text/csv", "application/zip",
        "application/vnd.google-earth.kml+xml", "application/vnd.dbf",
    ];

    private static readonly string[] _rasters =
        ["image/tiff; application=geotiff", "image/tiff; application=geotiff; profile=cloud-optimized", "image/png", "image/jpeg", "application/arcgrid"];

    [Theory]
    [InlineData("sink", "outputVector")]
    [InlineData("vectorDestination", "outputVector")]
    public void A_vector_layer_can_be_had_in_all_formats(string destination, string output) =>
        Map(output, Described.Destination("OUTPUT", destination, "gpkg")).MediaTypes.ShouldBe(_vectors);

    [Theory]
    [InlineData("outputVector")]
    [InlineData("outputLayer")]
    public void A_changed_input_is_a_vector_layer(string output) => Map(output).MediaTypes.ShouldBe(_vectors);

    [Fact]
    public void A_raster_can_be_had_in_all_formats()
    {
        Map("outputRaster", Described.Destination("OUTPUT", "rasterDestination", "tif")).MediaTypes.ShouldBe(_rasters);
        Map("outputRaster").MediaTypes.ShouldBe(_rasters);
    }

    [Fact]
    public void A_virtual_layer_stays_one() =>
        Map("outputVector", Described.Destination("OUTPUT", "vectorDestination", "vrt")).MediaTypes.ShouldBe(["application/xml"]);

    [Theory]
    [InlineData("fileDestination", "html", new string[0], "text/html")]
    [InlineData("fileDestination", "html", new[] { "html", "htm", "csv" }, "text/html", "text/csv")]
    [InlineData("fileDestination", "xlsx", new[] { "ods" }, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.oasis.opendocument.spreadsheet")]
    [InlineData("fileDestination", "abc", new string[0], "application/octet-stream")]
    [InlineData("fileDestination", null, new string[0], "application/octet-stream")]
    [InlineData("fileDestination", null, new[] { "csv" }, "text/csv")]
    [InlineData("vectorTileDestination", "mbtiles", new string[0], "application/vnd.mapbox-vector-tile+sqlite3")]
    [InlineData("folderDestination", null, new string[0], "application/zip")]
    [InlineData("pointCloudDestination", "las", new string[0], "application/octet-stream")]
    public void A_file_has_the_types_of_its_extensions(string destination, string? extension, string[] extensions, params string[] types) =>
        Map("outputFile", Described.Destination("OUTPUT", destination, extension, extensions)).MediaTypes.ShouldBe(types);

    [Theory]
    [InlineData("outputHtml", "text/html")]
    [InlineData("outputFile", "application/octet-stream", "text/plain")]
    [InlineData("outputFolder", "application/zip")]
    [InlineData("outputMultilayer", "application/zip")]
    public void What_has_no_destination_goes_by_its_kind(string output, params string[] types) => Map(output).MediaTypes.ShouldBe(types);

    [Theory]
    [InlineData("outputNumber", """{"type":"number","nullable":true}""")]
    [InlineData("outputString", """{"type":"string"}""")]
    [InlineData("outputBoolean", """{"type":"boolean"}""")]
    [InlineData("outputVariant", "{}")]
    public void A_plain_value_has_no_media_type(string output, string schema)
    {
        var mapped = Map(output);

        mapped.MediaTypes.ShouldBeEmpty();
        mapped.Schema.ToJsonString().ShouldBe(schema);
        mapped.Optional.ShouldBeFalse();
    }

    [Fact]
    public void The_schema_lists_the_media_types_in_their_order()
    {
        var alternatives = Map("outputVector").Schema["oneOf"]!.AsArray();

        ((string)alternatives[0]!["allOf"]![0]!["format"]!).ShouldBe("geojson-feature-collection");
        alternatives.Skip(1).Select(alternative => (string)alternative!["contentMediaType"]!).ShouldBe(_vectors[1..]);
        Map("outputHtml").Schema.ToJsonString().ShouldBe("""{"type":"string","contentMediaType":"text/html"}""");
    }

    [Fact]
    public void An_optional_destination_is_made_when_it_is_asked_for()
    {
        var destination = Described.Destination("OUTPUT", "sink");

        Map("outputVector", destination).Optional.ShouldBeFalse();
        Map("outputVector", destination with { Optional = true }).Optional.ShouldBeTrue();
        Map("outputVector", destination with { CreateByDefault = false }).Optional.ShouldBeTrue();
        Map("outputVector", Described.Parameter("OUTPUT", "source") with { Optional = true }).Optional.ShouldBeFalse();
    }

    [Fact]
    public void The_order_and_the_titles_are_QGISs()
    {
        var algorithm = Described.Algorithm("native:a") with { Outputs = [new("B", "outputNumber", "Count"), new("A", "outputString", " ")] };

        OutputMapping.Map(algorithm).Select(output => (output.Id, output.Title)).ShouldBe([("B", "Count"), ("A", "A")]);
    }

    private static OutputDescription Map(string type, params ParameterDescriptor[] parameters) =>
        OutputMapping.Map(Described.Algorithm("native:a", parameters) with { Outputs = [Described.Output("OUTPUT", type)] }).ShouldHaveSingleItem();
}
