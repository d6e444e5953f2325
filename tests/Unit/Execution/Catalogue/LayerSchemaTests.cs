using System.Text.Json.Nodes;
using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Execution.Catalogue;

/// <summary>In which media types data may come.</summary>
public sealed class LayerSchemaTests
{
    private const string Unknown = "application/octet-stream";

    private static readonly string[] _vectors =
    [
        "application/gml+xml; version=3.2", "application/gml+xml; version=3.1", "application/gml+xml; version=2.1", "application/vnd.google-earth.kml+xml", "application/gpx+xml", "text/csv", "application/geopackage+sqlite3",
        "application/flatgeobuf", "application/zip", "application/vnd.google-earth.kmz", "application/vnd.dbf",
    ];

    private static readonly string[] _rasters =
    [
        "image/tiff; application=geotiff", "image/tiff", "image/png", "image/jpeg", "application/arcgrid", "application/geopackage+sqlite3", "application/zip",
    ];

    [Theory]
    [InlineData("source", "{}")]
    [InlineData("vector", "{}")]
    [InlineData("multilayer", """{"layer_type": 0}""")]
    [InlineData("multilayer", "{}")]
    public void A_vector_layer_is_a_collection_first(string type, string map)
    {
        IsCollection(Alternatives(type, map)[0]).ShouldBeTrue();
        Types(type, map).ShouldBe([.. _vectors, Unknown]);
    }

    [Theory]
    [InlineData("raster", "{}")]
    [InlineData("multilayer", """{"layer_type": 3}""")]
    public void A_raster_is_a_GeoTIFF_first_and_never_a_collection(string type, string map)
    {
        Alternatives(type, map).ShouldNotContain(alternative => IsCollection(alternative));
        Types(type, map).ShouldBe([.. _rasters, Unknown]);
    }

    [Theory]
    [InlineData("layer", "{}")]
    [InlineData("multilayer", """{"layer_type": -2}""")]
    public void Any_layer_is_one_or_the_other(string type, string map)
    {
        IsCollection(Alternatives(type, map)[0]).ShouldBeTrue();
        Types(type, map).ShouldContain("application/gml+xml; version=3.2");
        Types(type, map).ShouldContain("image/tiff; application=geotiff");
    }

    [Fact]
    public void A_mesh_is_a_text_or_a_zip() => Types("mesh", "{}").ShouldBe(["text/plain", "application/zip", Unknown]);

    [Fact]
    public void Several_files_are_texts_or_zips() => Types("multilayer", """{"layer_type": 4}""").ShouldBe(["text/plain", "application/zip", Unknown]);

    [Theory]
    [InlineData("""{"behavior": 0, "extension": "qml"}""", "text/plain", Unknown)]
    [InlineData("""{"behavior": 0, "extension": "CSV"}""", "text/csv", "text/plain", Unknown)]
    [InlineData("""{"behavior": 0, "extension": "zip"}""", "application/zip", "text/plain", Unknown)]
    [InlineData("""{"behavior": 0}""", Unknown, "text/plain")]
    public void A_file_has_the_type_of_its_extension_first(string map, params string[] types) => Types("file", map).ShouldBe(types);

    [Fact]
    public void A_folder_is_a_zip() =>
        InputMapping.Schema(Described.Parameter("A", "file", """{"behavior": 1}"""))!.ToJsonString()
            .ShouldBe("""{"type":"string","contentEncoding":"binary","contentMediaType":"application/zip"}""");

    [Fact]
    public void Text_stands_as_it_is_and_bytes_in_base64()
    {
        foreach (var alternative in Alternatives("source", "{}").Skip(1))
        {
            var isText = MediaTypes.IsText((string)alternative["contentMediaType"]!);
            alternative.ContainsKey("contentEncoding").ShouldBe(!isText, alternative.ToJsonString());
        }
    }

    private static bool IsCollection(JsonObject schema) => (string?)schema["allOf"]?[0]?["format"] == "geojson-feature-collection";

    private static JsonObject[] Alternatives(string type, string map) =>
        [.. InputMapping.Schema(Described.Parameter("A", type, map))!["oneOf"]!.AsArray().Select(alternative => alternative!.AsObject())];

    private static string[] Types(string type, string map) =>
        [.. Alternatives(type, map).Select(alternative => (string?)alternative["contentMediaType"]).OfType<string>()];
}
