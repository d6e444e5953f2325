using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>What a node runs, for other nodes: complete, so that they describe and check the processes as if they were their own.</summary>
internal sealed record StoredCatalogue(StoredLane[] Lanes)
{
    /// <summary>Of the document; nodes leave those of other formats alone.</summary>
    public const int Format = 1;

    private static StoredCatalogueJson Json { get; } = new(new JsonSerializerOptions
    {
        MaxDepth = 512,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    });

    /// <returns>The document and the hash of its content: the same for nodes that run the same.</returns>
    public static (string Document, string Hash) Write(IReadOnlyList<RunnerLane> lanes)
    {
        var document = JsonSerializer.Serialize(new StoredCatalogue([.. lanes.OrderBy(lane => lane.Lane, StringComparer.Ordinal).Select(StoredLane.Of)]), Json.StoredCatalogue);
        return (document, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(document)).AsSpan(0, 16)));
    }

    /// <exception cref="JsonException">It is none.</exception>
    public static IReadOnlyList<RunnerLane> Read(string document, string hash) => JsonSerializer.Deserialize(document, Json.StoredCatalogue) is { Lanes: { } lanes }
        ? [.. lanes.Select(lane => lane.ToDomain(hash))]
        : throw new JsonException("No catalogue.");
}

/// <param name="Processes"><see langword="null"/>: whatever is in the lane.</param>
internal sealed record StoredLane(string Lane, StoredProcess[]? Processes, Dictionary<string, string>? Aliases)
{
    public static StoredLane Of(RunnerLane lane) => new(
        lane.Lane,
        lane.Catalogue is null ? null : [.. lane.Catalogue.Processes.Values.OrderBy(process => process.Id, StringComparer.Ordinal).Select(StoredProcess.Of)],
        lane.Catalogue is null ? null : lane.Catalogue.Aliases.OrderBy(alias => alias.Key, StringComparer.Ordinal).ToDictionary());

    public RunnerLane ToDomain(string version) => new(
        Lane,
        Processes is null ? null : new ProcessCatalogue(version, Processes.Select(process => process.ToDomain()).ToFrozenDictionary(process => process.Id), (Aliases ?? []).ToFrozenDictionary()));
}

internal sealed record StoredProcess(string Id, string Title, string Version, StoredInput[] Inputs, StoredResult[] Outputs)
{
    public string? Description { get; init; }

    public string[]? Keywords { get; init; }

    public required int JobControl { get; init; }

    public bool Mutable { get; init; }

    public bool NeedsAdministrator { get; init; }

    public required int Remember { get; init; }

    public string? Fingerprint { get; init; }

    public Dictionary<string, string>? Facts { get; init; }

    public static StoredProcess Of(ProcessDescription process) => new(
        process.Id, process.Title, process.Version, [.. process.Inputs.Select(StoredInput.Of)], [.. process.Outputs.Select(StoredResult.Of)])
    {
        Description = process.Description,
        Keywords = process.Keywords.Count == 0 ? null : [.. process.Keywords],
        JobControl = (int)process.JobControl,
        Mutable = process.Mutable,
        NeedsAdministrator = process.NeedsAdministrator,
        Remember = (int)process.Remember,
        Fingerprint = process.Fingerprint,
        Facts = StoredFacts.Of(process.Facts),
    };

    public ProcessDescription ToDomain() => new()
    {
        Id = Id,
        Title = Title,
        Description = Description,
        Version = Version,
        Keywords = Keywords ?? [],
        JobControl = (JobControlOptions)JobControl,
        Inputs = [.. Inputs.Select(input => input.ToDomain())],
        Outputs = [.. Outputs.Select(output => output.ToDomain())],
        Mutable = Mutable,
        NeedsAdministrator = NeedsAdministrator,
        Remember = (Remembering)Remember,
        Fingerprint = Fingerprint ?? "",
        Facts = Facts ?? [],
    };
}

internal sealed record StoredInput(string Id, string Title, JsonObject Schema, int MinOccurs, int MaxOccurs, bool ByReference)
{
    public string? Description { get; init; }

    public Dictionary<string, string>? Facts { get; init; }

    public static StoredInput Of(InputDescription input) => new(input.Id, input.Title, input.Schema, input.MinOccurs, input.MaxOccurs, input.ByReference)
    {
        Description = input.Description,
        Facts = StoredFacts.Of(input.Facts),
    };

    public InputDescription ToDomain() => new(Id, Title, Schema, MinOccurs, MaxOccurs) { Description = Description, ByReference = ByReference, Facts = Facts ?? [] };
}

/// <summary>An output as it is described.</summary>
internal sealed record StoredResult(string Id, string Title, JsonObject Schema, bool Optional, string[] MediaTypes)
{
    public string? Description { get; init; }

    public static StoredResult Of(OutputDescription output) => new(output.Id, output.Title, output.Schema, output.Optional, [.. output.MediaTypes]) { Description = output.Description };

    public OutputDescription ToDomain() => new(Id, Title, Schema) { Description = Description, Optional = Optional, MediaTypes = MediaTypes };
}

internal static class StoredFacts
{
    public static Dictionary<string, string>? Of(IReadOnlyDictionary<string, string> facts) => facts.Count == 0 ? null : new(facts);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredCatalogue))]
internal sealed partial class StoredCatalogueJson : JsonSerializerContext;
