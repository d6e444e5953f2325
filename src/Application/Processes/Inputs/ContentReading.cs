using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using GeoWps.Application.Processes.Binding;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Processes.Schemas;

namespace GeoWps.Application.Processes.Inputs;

/// <summary>Turns content (of a reference, or of a large value) into the value that it would be inline, and judges it like one.</summary>
internal static class ContentReading
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Base64 and markup as they are, without the escapes that a web page would need.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = RequestLimits.MaxDepth };

    /// <returns>The value and the alternative of the schema that it fits; <see langword="null"/> when there is none, with the mistakes noted.</returns>
    public static (JsonElement Json, InputAlternative Alternative)? Read(
        CompiledInput input, ReadOnlySpan<byte> content, string? mediaType, string place, List<Mistake> mistakes)
    {
        var validator = new SchemaValidator([]);
        var alternatives = (mediaType is null ? null : input.Offered(mediaType)) ?? input.Alternatives;
        var candidates = new List<JsonElement>();
        foreach (var alternative in alternatives)
        {
            if (Candidate(alternative, content) is { } json)
            {
                if (validator.Fits(alternative.Schema, json))
                {
                    return (json, alternative);
                }

                candidates.Add(json);
            }
        }

        if (candidates.Count > 0)
        {
            validator.CheckAny([.. alternatives.Select(alternative => alternative.Schema)], candidates[^1], place, mistakes);
        }
        else
        {
            mistakes.Add(new Mistake(place, "must be text in UTF-8"));
        }

        return null;
    }

    public static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text, Plain);

    private static JsonElement? Candidate(InputAlternative alternative, ReadOnlySpan<byte> content)
    {
        if (alternative.IsBinary)
        {
            return Text(Convert.ToBase64String(content));
        }

        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        content = content.StartsWith(byteOrderMark) ? content[byteOrderMark.Length..] : content;
        return alternative.Schema.Takes(JsonKinds.String) ? AsText(alternative, content) : AsJson(content) ?? AsText(alternative, content);
    }

    private static JsonElement? AsText(InputAlternative alternative, ReadOnlySpan<byte> content)
    {
        try
        {
            // A literal's file ends in a line break because editors put it there.
            var text = StrictUtf8.GetString(content);
            return Text(alternative.MediaType is not null ? text
                : text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2]
                : text.EndsWith('\n') ? text[..^1] : text);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static JsonElement? AsJson(ReadOnlySpan<byte> content)
    {
        try
        {
            _ = StrictUtf8.GetCharCount(content);
            return JsonElement.Parse(content, Reading);
        }
        catch (Exception error) when (error is JsonException or DecoderFallbackException)
        {
            return null;
        }
    }
}
