using System.Text.Json;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Results;

/// <summary>Finds what a segment below <c>/jobs/{jobID}/results/</c> names: an output, the file name of a content, or a file beside one.</summary>
internal static class OutputNames
{
    public static OutputValue? Find(IReadOnlyList<OutputValue> outputs, string name) =>
        outputs.FirstOrDefault(output => output.Id == name)
        ?? Contents(outputs).Select(content => Named(content, name)).FirstOrDefault(found => found is not null);

    /// <summary>What a value is called where it is kept as a file.</summary>
    public static string FileNameOf(OutputValue value) => value switch
    {
        OutputValue.Content content => content.Name,
        OutputValue.Literal { MediaType: MediaTypes.GeoJson } => value.Id + ".geojson",
        OutputValue.Literal { Json.ValueKind: JsonValueKind.String } => value.Id + ".txt",
        _ => value.Id + ".json",
    };

    private static OutputValue.Content? Named(OutputValue.Content content, string name) =>
        content.Name == name ? content
        : content.Sidecars.FirstOrDefault(sidecar => sidecar.Name == name) is { } sidecar
            ? new OutputValue.Content(content.Id, sidecar.Key, sidecar.MediaType, sidecar.Name, sidecar.Length, [])
            : null;

    private static IEnumerable<OutputValue.Content> Contents(IEnumerable<OutputValue> values) => values.SelectMany(value => value switch
    {
        OutputValue.Content content => [content],
        OutputValue.Many many => Contents(many.Values),
        _ => [],
    });
}
