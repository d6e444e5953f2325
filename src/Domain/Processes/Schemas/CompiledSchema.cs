using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace GeoWps.Domain.Processes.Schemas;

/// <summary>Kinds of JSON values, as JSON Schema names them.</summary>
[Flags]
public enum JsonKinds
{
    None = 0,
    Boolean = 1,
    Integer = 2,
    Number = 4,
    String = 8,
    Array = 16,
    Object = 32,
}

/// <summary>Objects that are known by name and may stand bare in a request: clause 7.11.2.2 and the formats of its table 13.</summary>
public enum WellKnownObject
{
    None,
    BoundingBox,
    Geometry,
    Feature,
    FeatureCollection,
}

/// <summary>A JSON Schema in OpenAPI 3.0's dialect, read once. Immutable; made by <see cref="Compile"/>, judged by <see cref="SchemaValidator"/>.</summary>
public sealed class CompiledSchema
{
    internal CompiledSchema()
    {
    }

    /// <summary>The kinds that it names; <see cref="JsonKinds.None"/>: it names none.</summary>
    public JsonKinds Kinds { get; internal init; }

    /// <summary>What the value is called in a list of alternatives.</summary>
    public string? Title { get; internal init; }

    /// <summary>Of a string's content (<c>contentMediaType</c>).</summary>
    public string? ContentMediaType { get; internal init; }

    /// <summary>Whether a string holds base64 (<c>contentEncoding</c> of <c>base64</c> or <c>binary</c>, or format <c>byte</c>).</summary>
    public bool IsBinary { get; internal init; }

    public WellKnownObject WellKnown { get; internal init; }

    internal bool Nullable { get; init; }

    /// <summary>The values allowed, with what people call them; <see langword="null"/>: not a choice.</summary>
    internal IReadOnlyList<(JsonElement Value, string? Label)>? Choices { get; init; }

    internal NumberRules? Number { get; init; }

    internal TextRules? Text { get; init; }

    internal ArrayRules? Array { get; init; }

    internal ObjectRules? Object { get; init; }

    internal IReadOnlyList<CompiledSchema> AllOf { get; init; } = [];

    /// <summary>Each group needs one that fits: <c>oneOf</c> and <c>anyOf</c> alike, as overlapping alternatives are forgiven.</summary>
    internal IReadOnlyList<IReadOnlyList<CompiledSchema>> AnyOf { get; init; } = [];

    internal CompiledSchema? Not { get; init; }

    /// <summary>The schemas of which one is enough, when that is all that it says; else itself alone.</summary>
    public IReadOnlyList<CompiledSchema> Alternatives =>
        AnyOf.Count == 1 && AllOf.Count == 0 && Kinds == JsonKinds.None && Object is null && Array is null ? AnyOf[0] : [this];

    /// <summary>This schema and all that judge the same value with it (<c>allOf</c>, alternatives).</summary>
    public IEnumerable<CompiledSchema> Together() =>
        [this, .. AllOf.SelectMany(part => part.Together()), .. AnyOf.SelectMany(group => group).SelectMany(part => part.Together())];

    /// <summary>Whether it may judge a value of one of these kinds.</summary>
    public bool Takes(JsonKinds kinds)
    {
        var named = Kinds != JsonKinds.None ? Kinds : WellKnown != WellKnownObject.None ? JsonKinds.Object : Choices is { } choices ? KindsOf(choices) : JsonKinds.None;
        return (named == JsonKinds.None || (named & kinds) != 0)
            && AllOf.All(part => part.Takes(kinds))
            && AnyOf.All(group => group.Any(part => part.Takes(kinds)));
    }

    /// <exception cref="ArgumentException">A keyword has a value that it can't have: a fault of ours, not of a caller.</exception>
    public static CompiledSchema Compile(JsonObject schema) => SchemaCompiler.Compile(schema);

    private static JsonKinds KindsOf(IEnumerable<(JsonElement Value, string? Label)> choices) =>
        choices.Aggregate(JsonKinds.None, (kinds, choice) => kinds | choice.Value.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => JsonKinds.Boolean,
            JsonValueKind.Number => JsonKinds.Integer | JsonKinds.Number,
            JsonValueKind.String => JsonKinds.String,
            JsonValueKind.Array => JsonKinds.Array,
            _ => JsonKinds.Object,
        });
}

internal sealed record NumberRules(double? Minimum, bool ExclusiveMinimum, double? Maximum, bool ExclusiveMaximum, decimal? MultipleOf);

internal sealed record TextRules(int? MinLength, int? MaxLength, Regex? Pattern, TextFormat Format, TextContent Content);

internal sealed record ArrayRules(CompiledSchema? Items, int? MinItems, int? MaxItems, bool Unique);

internal sealed record ObjectRules(
    IReadOnlyDictionary<string, CompiledSchema> Properties,
    IReadOnlyList<string> Required,
    bool AllowsOthers,
    CompiledSchema? Others,
    int? MinProperties,
    int? MaxProperties);

internal enum TextFormat
{
    None,
    Date,
    Time,
    DateTime,
    Uri,
    Email,
}

internal enum TextContent
{
    Any,
    Base64,
    Json,
    Xml,
}
