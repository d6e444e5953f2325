using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GeoWps.Adapters.Execution.Workers;

/// <summary>What the host sends: python/PROTOCOL.md.</summary>
internal sealed record ForkFrame(long Id)
{
    public string Op => "fork";
}

internal sealed record CatalogueFrame(long Id)
{
    public string Op => "catalogue";
}

/// <param name="Kind"><c>model</c> or <c>script</c>.</param>
internal sealed record TryFrame(long Id, string Kind, string File)
{
    public string Op => "try";
}

internal sealed record CheckFrame(long Id, bool Trusted, IReadOnlyList<CheckItem> Items)
{
    public string Op => "check";
}

internal sealed record CancelFrame(long Id)
{
    public string Op => "cancel";
}

internal sealed record RunFrame(
    long Id,
    string Algorithm,
    string Folder,
    bool Trusted,
    JsonObject Parameters,
    JsonObject Outputs,
    JsonObject Context,
    int MemoryMb)
{
    public string Op => "run";
}

/// <summary>The members of frames that come in; which are there depends on <see cref="Op"/>.</summary>
internal sealed record ReceivedFrame
{
    public required string Op { get; init; }

    public long? Id { get; init; }

    public string? Role { get; init; }

    public int Protocol { get; init; }

    /// <summary>As the sender sees itself, in its own namespace.</summary>
    public int Pid { get; init; }

    public string? Qgis { get; init; }

    public string? Gdal { get; init; }

    public string? Python { get; init; }

    public int? Code { get; init; }

    public int? Signal { get; init; }

    public long MaxRssKb { get; init; }

    public double Percent { get; init; }

    public string? Level { get; init; }

    public string? Text { get; init; }

    public string? Kind { get; init; }

    public string? Message { get; init; }

    public IReadOnlyList<ReceivedMistake> Mistakes { get; init; } = [];

    public JsonElement Results { get; init; }

    public string? Reason { get; init; }

    /// <summary>The whole frame, where it is a catalogue or an algorithm that was tried.</summary>
    [JsonIgnore]
    public JsonElement Whole { get; init; }
}

internal sealed record ReceivedMistake(string? Input, string? Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ForkFrame))]
[JsonSerializable(typeof(CatalogueFrame))]
[JsonSerializable(typeof(TryFrame))]
[JsonSerializable(typeof(CheckFrame))]
[JsonSerializable(typeof(CancelFrame))]
[JsonSerializable(typeof(RunFrame))]
[JsonSerializable(typeof(ReceivedFrame))]
[JsonSerializable(typeof(string))]
internal sealed partial class FrameJson : JsonSerializerContext;
