using System.Text.Json.Nodes;

namespace GeoWps.Domain.Processes;

/// <summary>What a client is told about a process: OGC API - Processes 1.0, clause 7.10. Immutable.</summary>
/// <remarks>The order of inputs and outputs is part of it: some clients take the first string, others the last complex value.</remarks>
public sealed record ProcessDescription
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public string? Description { get; init; }

    public required string Version { get; init; }

    public IReadOnlyList<string> Keywords { get; init; } = [];

    public JobControlOptions JobControl { get; init; } = JobControlOptions.All;

    public required IReadOnlyList<InputDescription> Inputs { get; init; }

    public required IReadOnlyList<OutputDescription> Outputs { get; init; }

    /// <summary>Whether it was deployed through the API and can be replaced and undeployed through it: OGC 20-044, <c>/req/deploy-replace-undeploy/static/indicator</c>.</summary>
    public bool Mutable { get; init; }

    /// <summary>Only for who shows the administrator's token.</summary>
    public bool NeedsAdministrator { get; init; }

    /// <summary>When a result may be given again for an equal request, as far as the process is concerned.</summary>
    public Remembering Remember { get; init; }

    /// <summary>Changes whenever the process might do something else: its version, its description, the files that it is made of. Empty where nothing is remembered.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Further facts for a reader, such as the group of the toolbox; the standard's <c>metadata</c> and <c>additionalParameters</c>.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    public InputDescription? FindInput(string id) => Inputs.FirstOrDefault(input => input.Id == id);

    public OutputDescription? FindOutput(string id) => Outputs.FirstOrDefault(output => output.Id == id);
}

/// <summary>Whether an equal request may be answered with the result of an earlier one. In the order of what is allowed.</summary>
public enum Remembering
{
    Never,

    /// <summary>When the request asks for it: its sender knows that an older result will do.</summary>
    Asked,

    /// <summary>Also when it does not: equal requests have equal results.</summary>
    Always,
}

/// <summary>How a process may be executed.</summary>
[Flags]
public enum JobControlOptions
{
    None = 0,
    SyncExecute = 1,
    AsyncExecute = 2,
    Dismiss = 4,
    All = SyncExecute | AsyncExecute | Dismiss,
}

/// <summary>One input: clause 7.10, <c>inputDescription.yaml</c>.</summary>
/// <param name="MinOccurs">0 where it may be left out.</param>
/// <param name="MaxOccurs">How many values it may have; <see cref="Unbounded"/> for any number.</param>
/// <param name="Schema">JSON Schema in OpenAPI 3.0's dialect (boolean <c>exclusiveMinimum</c>, <c>nullable</c>) of one value.</param>
public sealed record InputDescription(string Id, string Title, JsonObject Schema, int MinOccurs = 1, int MaxOccurs = 1)
{
    public const int Unbounded = int.MaxValue;

    public string? Description { get; init; }

    /// <summary>Further facts, such as the layer whose fields an input names; the standard's <c>additionalParameters</c>.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a value may be given by reference (<c>href</c>).</summary>
    public bool ByReference { get; init; } = true;
}

/// <summary>One output: clause 7.10, <c>outputDescription.yaml</c>.</summary>
/// <param name="Schema">JSON Schema of its value; several media types are a <c>oneOf</c>, the first one is the default.</param>
public sealed record OutputDescription(string Id, string Title, JsonObject Schema)
{
    public string? Description { get; init; }

    /// <summary>Made only when it is asked for by name.</summary>
    public bool Optional { get; init; }

    /// <summary>The media types it can be had in, the default first; empty for a plain value (number, string, boolean, box).</summary>
    public IReadOnlyList<string> MediaTypes { get; init; } = [];
}
