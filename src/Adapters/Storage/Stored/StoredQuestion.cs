using System.Text.Json;
using System.Text.Json.Serialization;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>The inputs of a request, for a node that can tell what is wrong with them; and what it says.</summary>
internal static class StoredQuestion
{
    private static StoredQuestionJson Json { get; } = new(new JsonSerializerOptions { MaxDepth = 512, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });

    public static string Write(ExecuteRequest request) =>
        JsonSerializer.Serialize(request.Inputs.ToDictionary(input => input.Key, input => input.Value.Select(StoredValue.Of).ToArray()), Json.DictionaryStringStoredValueArray);

    public static ExecuteRequest Read(string text) => new()
    {
        Inputs = JsonSerializer.Deserialize(text, Json.DictionaryStringStoredValueArray)!
            .ToDictionary(input => input.Key, input => (IReadOnlyList<InputValue>)[.. input.Value.Select(value => value.ToDomain())], StringComparer.Ordinal),
    };

    public static string WriteAnswer(IReadOnlyList<Mistake> mistakes) =>
        JsonSerializer.Serialize([.. mistakes.Select(mistake => new StoredRemark(mistake.Place, mistake.Message, mistake.Kind.ToString()))], Json.StoredRemarkArray);

    public static IReadOnlyList<Mistake> ReadAnswer(string text) =>
    [
        .. JsonSerializer.Deserialize(text, Json.StoredRemarkArray)!.Select(
            remark => new Mistake(remark.Place, remark.Message, Enum.TryParse<MistakeKind>(remark.Kind, out var kind) ? kind : MistakeKind.Wrong)),
    ];
}

/// <summary>One value: with <paramref name="Json"/> it is inside the request, with <paramref name="Href"/> somewhere else.</summary>
internal sealed record StoredValue([property: JsonConverter(typeof(AsSentConverter))] JsonElement Json, string? Href, bool IsCollection, string? MediaType, string? Encoding)
{
    private static readonly JsonElement _nothing = JsonElement.Parse("null");

    public static StoredValue Of(InputValue value) => value switch
    {
        InputValue.Inline inline => new(inline.Json, null, false, value.MediaType, value.Encoding),
        InputValue.Reference reference => new(_nothing, reference.Href, reference.IsCollection, value.MediaType, value.Encoding),
        _ => throw new ArgumentException($"{value.GetType()} is an input that can not be told.", nameof(value)),
    };

    public InputValue ToDomain() => Href is { } href
        ? new InputValue.Reference(href) { IsCollection = IsCollection, MediaType = MediaType, Encoding = Encoding }
        : new InputValue.Inline(Json) { MediaType = MediaType, Encoding = Encoding };
}

internal sealed record StoredRemark(string Place, string Message, string Kind);

[JsonSerializable(typeof(Dictionary<string, StoredValue[]>))]
[JsonSerializable(typeof(StoredRemark[]))]
internal sealed partial class StoredQuestionJson : JsonSerializerContext;
