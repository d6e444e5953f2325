using System.Globalization;
using System.Text.Json;

namespace GeoWps.Domain.Processes.Schemas;

/// <summary>What schemas and values are called in a message.</summary>
internal static class SchemaWords
{
    private const int MostAlternatives = 8;

    public static string Of(CompiledSchema schema)
    {
        if (schema.WellKnown != WellKnownObject.None)
        {
            return schema.WellKnown switch
            {
                WellKnownObject.BoundingBox => "a bounding box",
                WellKnownObject.Geometry => "a GeoJSON geometry",
                WellKnownObject.Feature => "a GeoJSON feature",
                _ => "a GeoJSON feature collection",
            };
        }

        if (schema.Choices is { } choices)
        {
            return string.Join(" or ", choices.Take(MostAlternatives).Select(choice => choice.Value.GetRawText()));
        }

        if (schema.Kinds == JsonKinds.String && schema.Text is { Content: not TextContent.Any })
        {
            return (schema.Text.Content == TextContent.Base64 ? "base64" : "a string") + (schema.ContentMediaType is { } type ? $" of {type}" : "");
        }

        if (schema.Kinds != JsonKinds.None)
        {
            return Kinds(schema.Kinds);
        }

        var known = schema.AllOf.FirstOrDefault(part => part.WellKnown != WellKnownObject.None) ?? schema.AllOf.FirstOrDefault(part => part.Kinds != JsonKinds.None);
        return known is not null ? Of(known) : schema.AnyOf.Count > 0 ? OfAny(schema.AnyOf[0]) : "a value";
    }

    public static string OfAny(IReadOnlyList<CompiledSchema> group)
    {
        var words = group.Select(Of).Distinct().ToList();
        return string.Join(" or ", words.Take(MostAlternatives)) + (words.Count > MostAlternatives ? " or others" : "");
    }

    public static string Got(JsonValueKind kind, JsonElement value) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => value.GetRawText() is { Length: <= 40 } number ? number : "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    public static string Plain(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>1.0 is no integer: who reads an integer must be able to.</summary>
    public static bool IsOf(JsonKinds kinds, JsonValueKind kind, JsonElement value) => kind switch
    {
        JsonValueKind.True or JsonValueKind.False => kinds.HasFlag(JsonKinds.Boolean),
        JsonValueKind.Number => kinds.HasFlag(JsonKinds.Number) || (kinds.HasFlag(JsonKinds.Integer) && value.TryGetInt64(out _)),
        JsonValueKind.String => kinds.HasFlag(JsonKinds.String),
        JsonValueKind.Array => kinds.HasFlag(JsonKinds.Array),
        JsonValueKind.Object => kinds.HasFlag(JsonKinds.Object),
        _ => false,
    };

    /// <summary>Whether a value that does not fit may have been meant for this alternative.</summary>
    public static bool MayBe(CompiledSchema schema, JsonValueKind kind, JsonElement value)
    {
        var kinds = kind switch
        {
            JsonValueKind.True or JsonValueKind.False => JsonKinds.Boolean,
            JsonValueKind.Number => value.TryGetInt64(out _) ? JsonKinds.Integer : JsonKinds.Number,
            JsonValueKind.String => JsonKinds.String,
            JsonValueKind.Array => JsonKinds.Array,
            _ => JsonKinds.Object,
        };
        return schema.Takes(kinds);
    }

    private static string Kinds(JsonKinds kinds)
    {
        var words = new List<string>();
        Add(JsonKinds.Number, "a number");
        if (!kinds.HasFlag(JsonKinds.Number))
        {
            Add(JsonKinds.Integer, "an integer");
        }

        Add(JsonKinds.String, "a string");
        Add(JsonKinds.Boolean, "true or false");
        Add(JsonKinds.Array, "an array");
        Add(JsonKinds.Object, "an object");
        return string.Join(" or ", words);

        void Add(JsonKinds kind, string word)
        {
            if (kinds.HasFlag(kind))
            {
                words.Add(word);
            }
        }
    }
}
