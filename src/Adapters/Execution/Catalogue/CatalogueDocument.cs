using System.Text.Json;
using System.Text.Json.Serialization;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>The answer to <c>catalogue</c> of python/PROTOCOL.md, and what is kept of it between two starts.</summary>
/// <param name="Key">What it depends on; see <see cref="CatalogueKey"/>. Empty as it comes from Python.</param>
internal sealed record CatalogueDocument(
    string? Key,
    string Qgis,
    IReadOnlyList<AlgorithmDescriptor> Algorithms,
    IReadOnlyDictionary<string, string> Aliases,
    IReadOnlyList<BrokenFile> Broken);

internal sealed record BrokenFile(string File, string Reason);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CatalogueDocument))]
[JsonSerializable(typeof(AlgorithmDescriptor))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
