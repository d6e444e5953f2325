using System.Text.Json;
using System.Text.Json.Serialization;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>An output as it is stored: which members it has tells which kind it is.</summary>
internal sealed record StoredOutput(string Id)
{
    /// <summary>Of a literal.</summary>
    public StoredLiteral? Literal { get; init; }

    /// <summary>Of content in the blob store.</summary>
    public StoredContent? Content { get; init; }

    /// <summary>Of several values.</summary>
    public StoredOutput[]? Values { get; init; }

    /// <summary>The id of the layer that it was published as.</summary>
    public string? Layer { get; init; }

    public static StoredOutput Of(OutputValue value) => Unpublished(value) with { Layer = value.Layer };

    public OutputValue ToDomain() => Unpublished() with { Layer = Layer };

    private static StoredOutput Unpublished(OutputValue value) => value switch
    {
        OutputValue.Literal literal => new(literal.Id) { Literal = new(literal.Json, literal.MediaType) },
        OutputValue.Content content => new(content.Id)
        {
            Content = new(content.Key, content.MediaType, content.Name, content.Length, [.. content.Sidecars]),
        },
        OutputValue.Many many => new(many.Id) { Values = [.. many.Values.Select(Of)] },
        _ => throw new ArgumentException($"{value.GetType()} is an output that can not be stored.", nameof(value)),
    };

    private OutputValue Unpublished() => this switch
    {
        { Literal: { } literal } => new OutputValue.Literal(Id, literal.Json, literal.MediaType),
        { Content: { } content } => new OutputValue.Content(Id, content.Key, content.MediaType, content.Name, content.Length, content.Sidecars),
        { Values: { } values } => new OutputValue.Many(Id, [.. values.Select(value => value.ToDomain())]),
        _ => throw new InvalidDataException($"The stored output '{Id}' is of no known kind."),
    };
}

internal sealed record StoredLiteral([property: JsonConverter(typeof(AsSentConverter))] JsonElement Json, string? MediaType);

internal sealed record StoredContent(string Key, string MediaType, string Name, long Length, Sidecar[] Sidecars);

/// <summary>Keeps a value letter by letter: numbers that no type of ours holds, and the caller's own way to escape.</summary>
internal sealed class AsSentConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
}
