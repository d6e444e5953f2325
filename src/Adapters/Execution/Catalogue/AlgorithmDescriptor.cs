using System.Text.Json;
using System.Text.Json.Serialization;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>An algorithm as QGIS tells it: ALGORITHM of python/PROTOCOL.md.</summary>
internal sealed record AlgorithmDescriptor
{
    public required string Id { get; init; }

    public required string Provider { get; init; }

    public string Title { get; init; } = "";

    public string? Group { get; init; }

    public string? Help { get; init; }

    public IReadOnlyList<string> Keywords { get; init; } = [];

    public required AlgorithmFlags Flags { get; init; }

    /// <summary>Of a model: the ids of the algorithms that it is made of, those of models in it included.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>Of a model or script: SHA-256 of its file.</summary>
    public string? Digest { get; init; }

    /// <summary>Of a model or script: where that file is.</summary>
    public string? File { get; init; }

    public required IReadOnlyList<ParameterDescriptor> Parameters { get; init; }

    public required IReadOnlyList<OutputDescriptor> Outputs { get; init; }

    public ParameterDescriptor? FindParameter(string name) => Parameters.FirstOrDefault(parameter => parameter.Name == name);
}

internal sealed record AlgorithmFlags(bool Deprecated, bool Hidden, bool Standalone, bool RequiresProject, bool CanCancel, long Raw);

internal sealed record ParameterDescriptor
{
    public required string Name { get; init; }

    /// <summary>QGIS's type name: <c>number</c>, <c>source</c>, <c>sink</c>, …</summary>
    public required string Type { get; init; }

    public string? Description { get; init; }

    public string? Help { get; init; }

    public JsonElement Default { get; init; }

    public bool Optional { get; init; }

    public bool Advanced { get; init; }

    public bool Hidden { get; init; }

    public bool Dynamic { get; init; }

    public bool Destination { get; init; }

    /// <summary>Of a destination: made unless it is left out by name.</summary>
    public bool CreateByDefault { get; init; } = true;

    public string? Extension { get; init; }

    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary>Constraints under QGIS's own names: <c>data_type</c>, <c>min</c>, <c>max</c>, <c>options</c>, <c>allow_multiple</c>, …</summary>
    [JsonPropertyName("map")]
    public JsonElement Map { get; init; }
}

/// <param name="Type">QGIS's type name: <c>outputVector</c>, <c>outputNumber</c>, …</param>
internal sealed record OutputDescriptor(string Name, string Type, string? Description);
