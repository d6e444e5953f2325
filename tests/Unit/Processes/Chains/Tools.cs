using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Chains;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Processes.Chains;

/// <summary>Processes as a GIS has them, without one.</summary>
internal static class Tools
{
    private const string Vector =
        """{"oneOf": [{"allOf": [{"format": "geojson-feature-collection"}, {"$ref": "https://geojson.org/schema/FeatureCollection.json"}]}, {"type": "string", "contentMediaType": "text/csv"}, {"type": "string", "contentEncoding": "binary", "contentMediaType": "application/geopackage+sqlite3"}, {"type": "string", "contentEncoding": "binary", "contentMediaType": "application/flatgeobuf"}, {"type": "string", "contentEncoding": "binary", "contentMediaType": "application/octet-stream"}]}""";

    private const string Raster =
        """{"oneOf": [{"type": "string", "contentEncoding": "binary", "contentMediaType": "image/tiff; application=geotiff"}, {"type": "string", "contentEncoding": "binary", "contentMediaType": "application/geopackage+sqlite3"}, {"type": "string", "contentEncoding": "binary", "contentMediaType": "application/octet-stream"}]}""";

    public static readonly string[] VectorTypes = ["application/geo+json", "application/geopackage+sqlite3", "application/flatgeobuf", "text/csv"];

    /// <summary>A layer and a number make a layer.</summary>
    public static ProcessDescription BufferTool { get; } = Make(
        "native:buffer",
        [Bound.Input("INPUT", Vector, 1), Bound.Input("DISTANCE", """{"type": "number"}""")],
        new OutputDescription("OUTPUT", "OUTPUT", new JsonObject()) { MediaTypes = VectorTypes });

    /// <summary>Layers make a layer.</summary>
    public static ProcessDescription Merge { get; } = Make(
        "native:merge",
        [Bound.Input("LAYERS", Vector, 1, 10)],
        new OutputDescription("OUTPUT", "OUTPUT", new JsonObject()) { MediaTypes = VectorTypes });

    /// <summary>A layer makes a number, a text and a report.</summary>
    public static ProcessDescription Statistics { get; } = Make(
        "native:statistics",
        [Bound.Input("INPUT", Vector, 1), Bound.Input("FIELD", """{"type": "string"}""")],
        new OutputDescription("MEAN", "MEAN", new JsonObject { ["type"] = "number", ["nullable"] = true }),
        new OutputDescription("FLAG", "FLAG", new JsonObject { ["type"] = "boolean" }),
        new OutputDescription("REPORT", "REPORT", new JsonObject { ["type"] = "string", ["contentMediaType"] = "text/html" }) { MediaTypes = ["text/html"] });

    public static ProcessDescription Slope { get; } = Make(
        "native:slope",
        [Bound.Input("INPUT", Raster, 1)],
        new OutputDescription("OUTPUT", "OUTPUT", new JsonObject()) { MediaTypes = ["image/tiff; application=geotiff", "image/png"] });

    /// <summary>A structure with layers in it.</summary>
    public static ProcessDescription Tin { get; } = Make(
        "native:tin",
        [Bound.Input("DATA", """{"type": "array", "items": {"type": "object", "properties": {"layer": {"type": "object"}}}}""", 1)],
        new OutputDescription("OUTPUT", "OUTPUT", new JsonObject()) { MediaTypes = ["image/tiff; application=geotiff"] });

    public static ProcessDescription[] All { get; } = [BufferTool, Merge, Statistics, Slope, Tin];

    public static FakeProvider Provider() => new(BufferTool) { Catalogue = FakeProvider.Make("1", All) };

    public static Chain Read(ProcessDescription process, string json, Action<RequestLimits>? limit = null)
    {
        var limits = new RequestLimits();
        limit?.Invoke(limits);
        var provider = Provider();
        return new ChainReader(new ProcessCatalogues([provider]), Options.Create(limits), TimeProvider.System)
            .Read(provider, process, JsonElement.Parse(json), Bound.Base).ShouldNotBeNull();
    }

    /// <summary>Place, process, and what it needs.</summary>
    public static string[] Steps(ProcessDescription process, string json) =>
        [.. Good(process, json).Steps.Select(step => $"{step.Place}: {step.Process.Id} after {string.Join(',', step.Needs)}".TrimEnd())];

    public static Chain Good(ProcessDescription process, string json)
    {
        var chain = Read(process, json);
        chain.Mistakes.ShouldBeEmpty();
        return chain;
    }

    public static string[] Mistakes(ProcessDescription process, string json) => [.. Read(process, json).Mistakes.Select(mistake => $"{mistake} ({mistake.Kind})")];

    private static ProcessDescription Make(string id, InputDescription[] inputs, params OutputDescription[] outputs) =>
        new() { Id = id, Title = id, Version = "1", Inputs = inputs, Outputs = outputs };
}
