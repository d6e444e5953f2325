using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Results;

/// <summary>What an output's value is on its own: its media type, and its bytes where they are not in the blob store.</summary>
internal static class OutputForm
{
    public static string MediaTypeOf(OutputValue value) => value switch
    {
        OutputValue.Content content => Clean(content.MediaType),
        OutputValue.Literal { MediaType: { } named } => Clean(named),
        OutputValue.Literal literal => IsPlain(literal.Json) ? Media.PlainText : Media.Json,
        _ => Media.Json,
    };

    /// <summary>A literal as it is sent bare.</summary>
    /// <param name="asJson">For a client that takes JSON and no text.</param>
    public static (byte[] Bytes, string ContentType) Bare(OutputValue.Literal literal, bool asJson)
    {
        var json = literal.Json;
        if (literal.MediaType is null && IsPlain(json))
        {
            return asJson ? (JsonAnswer.Bytes(json.WriteTo), Media.Json) : (Encoding.UTF8.GetBytes(PlainText(json)), Media.Utf8Text);
        }

        var mediaType = Media.Header(MediaTypeOf(literal));
        return json.ValueKind != JsonValueKind.String ? (JsonAnswer.Bytes(json.WriteTo), mediaType)
            : IsBinary(literal) ? (json.GetBytesFromBase64(), mediaType)
            : (Encoding.UTF8.GetBytes(json.GetString()!), mediaType);
    }

    /// <summary>A string of a media type that is no text holds its bytes in base64.</summary>
    public static bool IsBinary(OutputValue.Literal literal) =>
        literal is { MediaType: { } mediaType, Json.ValueKind: JsonValueKind.String } && !Media.IsText(mediaType);

    /// <summary>A caller may have named it: no line break of his begins a header of ours.</summary>
    private static string Clean(string mediaType) =>
        mediaType.All(letter => letter is >= ' ' and <= '~') ? mediaType : string.Concat(mediaType.Where(letter => letter is >= ' ' and <= '~'));

    /// <summary>Number, string, boolean or nothing: what has a form as text.</summary>
    private static bool IsPlain(JsonElement json) => json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array);

    private static string PlainText(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        _ => json.GetRawText(),
    };
}
