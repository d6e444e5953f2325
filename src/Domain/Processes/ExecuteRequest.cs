using System.Text.Json;

namespace GeoWps.Domain.Processes;

/// <summary>An execute request that has been read against its process's description, by whichever protocol it came.</summary>
public sealed record ExecuteRequest
{
    /// <summary>Values by input id, at least one each, in the order sent. An input that was not given is not in it.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<InputValue>> Inputs { get; init; }

    /// <summary>What is wanted, in the order asked for; <see langword="null"/>: every output that is not optional, by value.</summary>
    public IReadOnlyList<OutputRequest>? Outputs { get; init; }

    public ResponseForm Response { get; init; }

    public Subscriber? Subscriber { get; init; }
}

/// <summary>One value of an input.</summary>
public abstract record InputValue
{
    private InputValue()
    {
    }

    /// <summary>What its sender says it is; not to be trusted.</summary>
    public string? MediaType { get; init; }

    /// <summary><c>base64</c> (also sent as <c>binary</c>), or none.</summary>
    public string? Encoding { get; init; }

    /// <summary>A value inside the request. Strings and arrays that are large are <see cref="Attachment"/>s: markers stand in their place.</summary>
    public sealed record Inline(JsonElement Json) : InputValue;

    /// <summary>A value somewhere else. The fragment of the address, if any, selects a layer and is not sent to its host.</summary>
    public sealed record Reference(string Href) : InputValue
    {
        /// <summary>What is sent to get it, where that is more than its address.</summary>
        public ReferencePost? Post { get; init; }

        /// <summary>The address is that of the items of a collection, which come in pages.</summary>
        public bool IsCollection { get; init; }
    }
}

/// <summary>The request that a reference stands for: <c>wps:Reference</c> with headers and a body (05-007r7, table 39).</summary>
/// <param name="Headers">In the order sent, a line each: <c>name: value</c>.</param>
/// <param name="Body">Sent by POST; <see langword="null"/>: by GET, or what lies at <paramref name="BodyHref"/>.</param>
public sealed record ReferencePost(string Headers, string? Body, string? BodyHref)
{
    public bool IsPost => Body is not null || BodyHref is not null;
}

/// <summary>An output asked for.</summary>
/// <param name="MediaType">One of the output's media types, in the sender's spelling (<see cref="MediaTypes.Match"/> finds it); <see langword="null"/>: its default.</param>
public sealed record OutputRequest(string Id, string? MediaType, Transmission Transmission)
{
    /// <summary>It goes to a next step: a layer asked for as GeoJSON may come as the FlatGeobuf that it is made of.</summary>
    public bool Quick { get; init; }
}

/// <summary>Clause 7.11.2.4 (<c>transmissionMode</c>).</summary>
public enum Transmission
{
    Value,
    Reference,
}

/// <summary>Clause 7.11.2.3 (<c>response</c>). Raw is the standard's default.</summary>
public enum ResponseForm
{
    Raw,
    Document,
}

/// <summary>Addresses that are told about a job: clause 7.14 (callback).</summary>
public sealed record Subscriber(Uri SuccessUri, Uri? InProgressUri, Uri? FailedUri);

/// <summary>Something a caller got wrong, and where.</summary>
/// <param name="Place">The input or member that it is about, such as <c>INPUT</c>, <c>INPUT[2]</c> or <c>outputs.OUTPUT</c>; empty for the request as a whole.</param>
/// <param name="Message">What would be right; safe to show.</param>
public sealed record Mistake(string Place, string Message, MistakeKind Kind = MistakeKind.Wrong)
{
    public override string ToString() => Place.Length == 0 ? Message : $"{Place}: {Message}";
}

/// <summary>What some protocols have a code of its own for.</summary>
public enum MistakeKind
{
    Wrong,
    Missing,
    NoSuchInput,
    NoSuchOutput,
    TooMany,

    /// <summary>In a step of a chain (OGC 21-009, <c>/req/nested-processes/response-workflow-errors</c>, A).</summary>
    Step,

    /// <summary>Steps of a chain that do not fit together (the same, B).</summary>
    Chaining,
}
