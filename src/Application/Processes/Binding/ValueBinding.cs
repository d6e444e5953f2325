using System.Text.Json;
using GeoWps.Application.Features;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Collections;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Processes.Schemas;

namespace GeoWps.Application.Processes.Binding;

/// <summary>Reads the values of inputs, in whichever form of clause 7.11.2.2 they come, for one request.</summary>
internal sealed class ValueBinding(IReferenceFetcher references, string baseAddress, SchemaValidator validator, List<Mistake> mistakes)
{
    private const string Both = "must be given by value or by href, not both";

    /// <returns>The good ones; at least one mistake is noted for every other.</returns>
    public IReadOnlyList<InputValue> Values(CompiledInput input, JsonElement json)
    {
        var id = input.Description.Id;
        if (input.Description.MaxOccurs == 1 || json.ValueKind != JsonValueKind.Array || IsOneArray(input, json))
        {
            return Value(input, json, id) is { } one ? [one] : [];
        }

        var values = new List<InputValue>(json.GetArrayLength());
        var i = 0;
        foreach (var item in json.EnumerateArray())
        {
            if (Value(input, item, $"{id}[{i++}]") is { } value)
            {
                values.Add(value);
            }
        }

        return values;
    }

    /// <summary>How many values were sent, good or not.</summary>
    public int Count(CompiledInput input, JsonElement json) =>
        json.ValueKind == JsonValueKind.Null ? 0
        : input.Description.MaxOccurs == 1 || json.ValueKind != JsonValueKind.Array || IsOneArray(input, json) ? 1
        : json.GetArrayLength();

    /// <summary>Where several values are allowed and one may be an array: is this one, or several?</summary>
    private bool IsOneArray(CompiledInput input, JsonElement json) =>
        input.TakesArrays
        && !json.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Array || (item.ValueKind == JsonValueKind.Object && Has(item, "value")))
        && validator.Fits(input.Schema, json);

    private InputValue? Value(CompiledInput input, JsonElement json, string place)
    {
        if (json.ValueKind != JsonValueKind.Object || Attachment.TryGetNumber(json, out _) || IsBareGeoJson(input, json))
        {
            return Inline(input, json, null, null, place);
        }

        if (Has(json, "href"))
        {
            return Reference(input, json, place);
        }

        if (Has(json, CollectionAddress.Member))
        {
            return Collection(input, json, place);
        }

        if (json.TryGetProperty("value", out var value))
        {
            return Format(json, "mediaType", place) is var (mediaType, encoding) ? Inline(input, value, mediaType, encoding, place) : null;
        }

        return input.TakesBox || input.TakesGeoJson
            ? Inline(input, json, null, null, place)
            : Wrong(place, "an object must be given as {\"value\": …}, or by reference as {\"href\": …}");
    }

    private InputValue.Reference? Reference(CompiledInput input, JsonElement json, string place)
    {
        if (Has(json, "value"))
        {
            Wrong(place, Both);
            return null;
        }

        if (Format(json, "type", place) is not var (mediaType, encoding))
        {
            return null;
        }

        if (!input.Description.ByReference)
        {
            Wrong(place, "can't be given by reference");
            return null;
        }

        // What lies behind a literal's address is judged by its content alone.
        if (mediaType is not null && input.MediaTypes.Count > 0 && input.Offered(mediaType) is null)
        {
            NotOffered(input, mediaType, place);
            return null;
        }

        if (!IsReachable(json.GetProperty("href"), place, out var href))
        {
            return null;
        }

        var (post, refusal) = ReferenceBinding.Read(json, references);
        if (refusal is not null)
        {
            Wrong(place, refusal);
            return null;
        }

        return new InputValue.Reference(href) { MediaType = mediaType, Encoding = encoding, Post = post };
    }

    private InputValue? Collection(CompiledInput input, JsonElement json, string place)
    {
        if (!input.TakesCollections || !input.Description.ByReference)
        {
            return Wrong(place, "takes no collection of features");
        }

        var (items, refusal) = CollectionAddress.Read(json, baseAddress + "processes/");
        if (items is not null)
        {
            refusal = OwnCollections.TryParse(items, baseAddress, out _, out _) ? null : references.Refuse(items);
        }

        return refusal is null ? new InputValue.Reference(items!) { IsCollection = true } : Wrong(place, refusal);
    }

    private InputValue.Inline? Inline(CompiledInput input, JsonElement json, string? mediaType, string? encoding, string place)
    {
        var alternatives = mediaType is null ? input.Alternatives : input.Offered(mediaType);
        if (alternatives is null)
        {
            NotOffered(input, mediaType!, place);
            return null;
        }

        if (mediaType is not null && IsOfAnotherKind(input, alternatives, mediaType, encoding, json))
        {
            alternatives = input.Texts;
        }

        if (encoding is not null)
        {
            alternatives = [.. alternatives.Where(alternative => alternative.IsBinary || alternative.IsText).Select(alternative => alternative.InBase64())];
            if (alternatives.Count == 0)
            {
                Wrong(place, $"can't be given in {encoding}");
                return null;
            }
        }

        IReadOnlyList<InputAlternative> fitting = alternatives.Count == 1 ? alternatives : [.. alternatives.Where(alternative => validator.Fits(alternative.Schema, json))];
        if (fitting.Count <= 1 && !validator.CheckAny([.. (fitting.Count == 1 ? fitting : alternatives).Select(each => each.Schema)], json, place, mistakes))
        {
            return null;
        }

        if (input.HoldsReferences && !AreReachable(json, place))
        {
            return null;
        }

        var types = fitting.Select(alternative => alternative.MediaType).Distinct().ToList();
        var isText = json.ValueKind is JsonValueKind.String or JsonValueKind.Object;
        return new InputValue.Inline(json)
        {
            MediaType = mediaType ?? (types is [var only] ? only : null),
            Encoding = encoding ?? (isText && fitting.All(alternative => alternative.IsBinary) ? "base64" : null),
        };
    }

    /// <summary>
    /// Whether a text can't be what it is declared to be, by its first character: GeoJSON and everything in base64 is no object, XML begins with a bracket,
    /// and nothing in base64 does.
    /// </summary>
    private bool IsOfAnotherKind(CompiledInput input, IReadOnlyList<InputAlternative> alternatives, string mediaType, string? encoding, JsonElement json)
    {
        if (input.Texts.Count == 0 || !input.Texts.Any(text => validator.Fits(text.Schema, json)))
        {
            return false;
        }

        if (encoding is not null || json.ValueKind != JsonValueKind.String)
        {
            return !alternatives.Any(alternative => alternative.IsBinary || alternative.IsText);
        }

        var first = json.GetString()!.AsSpan().TrimStart().TrimStart('\uFEFF');
        return MediaTypes.IsJson(mediaType) || (MediaTypes.IsXml(mediaType) ? first is not ['<', ..] : !MediaTypes.IsText(mediaType) && first is ['<' or '{', ..]);
    }

    /// <summary>References deeper inside a structured value.</summary>
    private bool AreReachable(JsonElement json, string place)
    {
        var reachable = true;
        switch (json.ValueKind)
        {
            case JsonValueKind.Array:
                var i = 0;
                foreach (var item in json.EnumerateArray())
                {
                    reachable &= AreReachable(item, $"{place}[{i++}]");
                }

                return reachable;
            case JsonValueKind.Object when !IsGeoJson(json):
                foreach (var member in json.EnumerateObject())
                {
                    reachable &= member.NameEquals("href") && member.Value.ValueKind == JsonValueKind.String
                        ? IsReachable(member.Value, place, out _)
                        : AreReachable(member.Value, $"{place}.{member.Name}");
                }

                return reachable;
            default:
                return true;
        }
    }

    private bool IsReachable(JsonElement json, string place, out string href)
    {
        href = json.ValueKind == JsonValueKind.String ? json.GetString()! : "";
        if (href.Length == 0)
        {
            Wrong(place, "href must be an address");
            return false;
        }

        if (OwnResults.TryParse(href, baseAddress, out _, out _) || OwnFiles.TryParse(href, baseAddress, out _) || OwnCollections.TryParse(href, baseAddress, out _, out _) || references.Refuse(href) is not { } refusal)
        {
            return true;
        }

        Wrong(place, refusal);
        return false;
    }

    private ValueFormat? Format(JsonElement json, string typeMember, string place)
    {
        var (format, mistake) = ValueFormat.Read(json, typeMember);
        if (mistake is not null)
        {
            Wrong(place, mistake);
        }

        return format;
    }

    private void NotOffered(CompiledInput input, string mediaType, string place) =>
        Wrong(place, input.MediaTypes.Count == 0
            ? $"takes no media type (got {mediaType})"
            : $"media type must be {string.Join(" or ", input.MediaTypes)} (got {mediaType})");

    private static bool IsBareGeoJson(CompiledInput input, JsonElement json) => input.TakesGeoJson && IsGeoJson(json);

    internal static bool IsGeoJson(JsonElement json) =>
        json.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
        && type.GetString() is "FeatureCollection" or "Feature" or "GeometryCollection" or "Point" or "MultiPoint" or "LineString" or "MultiLineString" or "Polygon" or "MultiPolygon";

    private static bool Has(JsonElement json, string member) => json.TryGetProperty(member, out _);

    private InputValue? Wrong(string place, string message)
    {
        mistakes.Add(new Mistake(place, message));
        return null;
    }
}
