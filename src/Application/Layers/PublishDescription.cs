using System.Text.Json.Nodes;
using GeoWps.Application.Processes.Chains;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Layers;

/// <summary>What clients are told of <see cref="PublishProvider.Process"/>.</summary>
internal static class PublishDescription
{
    private const string Text = """{"type": "string"}""";
    private const string YesNo = """{"type": "boolean", "default": false}""";

    private const string AnyData =
        $$"""
        {"oneOf": [
          {"allOf": [{"format": "geojson-feature-collection"}, {"$ref": "https://geojson.org/schema/FeatureCollection.json"}]},
          {"type": "string", "contentMediaType": "text/csv"},
          {"type": "string", "contentMediaType": "application/gml+xml"},
          {"type": "string", "contentMediaType": "application/vnd.google-earth.kml+xml"},
          {"type": "string", "contentEncoding": "binary", "contentMediaType": "{{MediaTypes.GeoPackage}}"},
          {"type": "string", "contentEncoding": "binary", "contentMediaType": "{{MediaTypes.FlatGeobuf}}"},
          {"type": "string", "contentEncoding": "binary", "contentMediaType": "application/zip"},
          {"type": "string", "contentEncoding": "binary", "contentMediaType": "image/tiff; application=geotiff"},
          {"type": "string", "contentEncoding": "binary", "contentMediaType": "{{MediaTypes.Unknown}}"}]}
        """;

    public static ProcessDescription Make() => new()
    {
        Id = PublishProvider.Process,
        Title = "Publish",
        Description = "Makes a map layer of data. Needs the administrator's token; an execute request has \"publish\": true on an output for its own results.",
        Version = "1.0.0",
        Keywords = ["layer", "tiles", "publish"],
        NeedsAdministrator = true,
        Inputs =
        [
            Input(PublishWish.Data, "The data: features in any format that is read, a GeoTIFF, an MBTiles file", AnyData),
            Input(PublishWish.Layer, "The layer's form", """{"type": "string", "contentMediaType": "application/json"}"""),
            Input(PublishRequest.FileInput, "A file of the operator's in place of data, below one of Layers:Folders", Text),
            Input(PublishRequest.TableInput, "Of data with several tables: which", Text),
            Input(PublishRequest.MediaTypeInput, "Of the data, where their content does not tell it", Text),
            Input(PublishWish.Name, "What the data are called, for a layer without a title", Text),
            Input(PublishRequest.ReplacesInput, "The id of a layer that gets the data", Text),
            Input(PublishRequest.KeepInput, "Whether that layer keeps its settings", YesNo),
            Input(PublishWish.Result, "Whether the layer ends with the results of its job", YesNo),
        ],
        Outputs =
        [
            new OutputDescription(PublishWish.Layer, "The layer", Schema("""{"type": "object", "properties": {"id": {"type": "string"}, "title": {"type": "string"}, "href": {"type": "string"}}}"""))
            {
                MediaTypes = [MediaTypes.Json],
            },
        ],
    };

    private static InputDescription Input(string id, string title, string schema) =>
        new(id, title, Schema(schema), MinOccurs: 0) { ByReference = id == PublishWish.Data };

    private static JsonObject Schema(string json) => JsonNode.Parse(json)!.AsObject();
}
