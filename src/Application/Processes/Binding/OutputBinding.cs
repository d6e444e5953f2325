using System.Text.Json;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Binding;

/// <summary>Reads <c>outputs</c>: clause 7.11.2.4.</summary>
internal static class OutputBinding
{
    /// <summary>The member of an output by which a chain asks for <see cref="OutputRequest.Quick"/>.</summary>
    public const string Quick = "quick";

    /// <returns><see langword="null"/>: none is named, which means all that are not optional.</returns>
    public static IReadOnlyList<OutputRequest>? Read(ProcessDescription process, JsonElement request, List<Mistake> mistakes)
    {
        if (!request.TryGetProperty("outputs", out var outputs) || outputs.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (outputs.ValueKind != JsonValueKind.Object)
        {
            mistakes.Add(new Mistake("outputs", "must be an object with a member for each output, such as {\"OUTPUT\": {}}"));
            return null;
        }

        var wanted = new List<OutputRequest>();
        foreach (var member in outputs.EnumerateObject())
        {
            var place = $"outputs.{member.Name}";
            if (process.FindOutput(member.Name) is not { } output)
            {
                mistakes.Add(new Mistake(place, "there is no such output" + Suggestion.For(member.Name, process.Outputs.Select(each => each.Id)), MistakeKind.NoSuchOutput));
            }
            else if (member.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            {
                mistakes.Add(new Mistake(place, "must be an object, such as {\"transmissionMode\": \"value\"}"));
            }
            else
            {
                wanted.Add(new OutputRequest(output.Id, MediaType(output, member.Value, place, mistakes), TransmissionOf(member.Value, place, mistakes))
                {
                    Quick = Member(member.Value, Quick).ValueKind == JsonValueKind.True,
                });
            }
        }

        return wanted.Count == 0 ? null : wanted;
    }

    private static string? MediaType(OutputDescription output, JsonElement json, string place, List<Mistake> mistakes)
    {
        var format = Member(json, "format");
        if (format.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null))
        {
            mistakes.Add(new Mistake(place, "format must be an object, such as {\"mediaType\": \"application/geo+json\"}"));
            return null;
        }

        var asked = Member(format, "mediaType") is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } inside ? inside : Member(json, "mediaType");
        if (asked.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }

        if (asked.ValueKind != JsonValueKind.String)
        {
            mistakes.Add(new Mistake(place, "mediaType must be a string"));
            return null;
        }

        // A plain value can be had as text and as JSON.
        var offered = output.MediaTypes.Count > 0 ? output.MediaTypes : [MediaTypes.Text, MediaTypes.Json];
        var mediaType = Member(format, "schema") is { ValueKind: JsonValueKind.String } schema ? MediaTypes.WithSchema(asked.GetString()!, schema.GetString()!) : asked.GetString()!;
        if (MediaTypes.Match(mediaType, offered) < 0)
        {
            mistakes.Add(new Mistake(place, $"media type must be {string.Join(" or ", offered)} (got {asked.GetString()})"));
            return null;
        }

        // Whoever asks for "text/xml; subtype=gml/3.1.1" looks for just that in the answer.
        return MediaTypes.WithoutCharset(mediaType);
    }

    private static Transmission TransmissionOf(JsonElement json, string place, List<Mistake> mistakes)
    {
        var mode = Member(json, "transmissionMode");
        if (mode.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null || (mode.ValueKind == JsonValueKind.String && mode.ValueEquals("value")))
        {
            return Transmission.Value;
        }

        if (mode.ValueKind != JsonValueKind.String || !mode.ValueEquals("reference"))
        {
            mistakes.Add(new Mistake(place, "transmissionMode must be value or reference"));
        }

        return Transmission.Reference;
    }

    private static JsonElement Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;
}
