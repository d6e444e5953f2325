using System.Text.Json.Nodes;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>The results of an algorithm as outputs of a process: what its destinations take, and what it tells.</summary>
internal static class OutputMapping
{
    public static IReadOnlyList<OutputDescription> Map(AlgorithmDescriptor algorithm) =>
        [.. algorithm.Outputs.Select(output => Map(output, algorithm.FindParameter(output.Name) is { Destination: true } destination ? destination : null))];

    private static OutputDescription Map(OutputDescriptor output, ParameterDescriptor? destination)
    {
        var title = string.IsNullOrWhiteSpace(output.Description) ? output.Name : output.Description;
        var mediaTypes = MediaTypes(output, destination);
        var schema = mediaTypes.Count == 0 ? Literal(output.Type) : Schemas.OneOf(mediaTypes.Select(Content));
        return new OutputDescription(output.Name, title, schema)
        {
            MediaTypes = mediaTypes,
            Optional = destination is { Optional: true } or { CreateByDefault: false },
        };
    }

    private static IReadOnlyList<string> MediaTypes(OutputDescriptor output, ParameterDescriptor? destination) => (destination?.Type, output.Type) switch
    {
        ("sink" or "vectorDestination", _) => OfVector(destination!),
        ("rasterDestination", _) => DataFormats.RasterOutputs,
        ("pointCloudDestination", _) => [DataFormats.Unknown],
        ("fileDestination" or "vectorTileDestination", _) => OfFile(destination!),
        ("folderDestination", _) => [DataFormats.Zip],
        (_, "outputVector") => DataFormats.VectorOutputs,
        (_, "outputLayer") => DataFormats.VectorOutputs,
        (_, "outputRaster") => DataFormats.RasterOutputs,
        (_, "outputHtml") => ["text/html"],
        // Its name is given by another parameter, and so what it is.
        (_, "outputFile") => [DataFormats.Unknown, DataFormats.Text],
        (_, "outputFolder" or "outputMultilayer") => [DataFormats.Zip],
        _ => [],
    };

    /// <summary>A virtual layer is one of its own: no other driver can take its place.</summary>
    private static IReadOnlyList<string> OfVector(ParameterDescriptor destination) =>
        destination.Extension == "vrt" ? ["application/xml"] : DataFormats.VectorOutputs;

    private static IReadOnlyList<string> OfFile(ParameterDescriptor destination)
    {
        var extensions = destination.Extension is { Length: > 0 } first ? destination.Extensions.Prepend(first) : destination.Extensions;
        var known = extensions.Select(DataFormats.OfExtension).Where(type => type != DataFormats.Unknown).Distinct().ToArray();
        return known.Length > 0 ? known : [DataFormats.Unknown];
    }

    private static JsonObject Content(string mediaType) =>
        mediaType == DataFormats.GeoJson ? Schemas.FeatureCollection() : DataFormats.Alternative(mediaType);

    private static JsonObject Literal(string type) => type switch
    {
        "outputNumber" => new JsonObject { ["type"] = "number", ["nullable"] = true },
        "outputBoolean" => Schemas.Of("boolean"),
        "outputString" => Schemas.Of("string"),
        _ => new JsonObject(),
    };
}
