using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace GeoWps.Domain.Processes.Schemas;

/// <summary>Reads the keywords that the standard's <c>schema.yaml</c> allows, and <c>const</c>. What it does not know, it passes over.</summary>
internal static class SchemaCompiler
{
    private const int MaxDepth = 64;

    /// <summary>A pattern is ours, but its text is the caller's.</summary>
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(200);

    public static CompiledSchema Compile(JsonObject schema) => Compile(schema, 0);

    private static CompiledSchema Compile(JsonObject schema, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new ArgumentException("The schema is nested too deeply.", nameof(schema));
        }

        if (Text(schema, "$ref") is { } reference)
        {
            // Nothing is ever fetched: what is not known by name is taken as it comes.
            return new CompiledSchema { WellKnown = WellKnownSchemas.OfReference(reference) };
        }

        var format = Text(schema, "format");
        var mediaType = Text(schema, "contentMediaType");
        var groups = new[] { Group(schema, "oneOf", depth), Group(schema, "anyOf", depth) }.OfType<List<CompiledSchema>>().ToList();
        var choices = Choices(schema);
        if (choices is null && groups is [var only] && only.TrueForAll(IsOneChoice))
        {
            choices = [.. only.Select(part => (part.Choices![0].Value, part.Choices[0].Label ?? part.Title))];
            groups = [];
        }

        var content = Content(Text(schema, "contentEncoding"), format, mediaType);
        return new CompiledSchema
        {
            Kinds = Kinds(schema),
            Title = Text(schema, "title"),
            ContentMediaType = mediaType,
            IsBinary = content == TextContent.Base64,
            WellKnown = WellKnown(schema, format),
            Nullable = Flag(schema, "nullable"),
            Choices = choices,
            Number = Numbers(schema),
            Text = Texts(schema, format, content),
            Array = Arrays(schema, depth),
            Object = Objects(schema, depth),
            AllOf = Group(schema, "allOf", depth) ?? [],
            AnyOf = groups,
            Not = schema["not"] is JsonObject not ? Compile(not, depth + 1) : null,
        };
    }

    /// <summary>A box that is spelled out instead of named is one, too.</summary>
    private static WellKnownObject WellKnown(JsonObject schema, string? format)
    {
        var named = WellKnownSchemas.OfFormat(format);
        return named == WellKnownObject.None && schema["properties"] is JsonObject properties && properties.ContainsKey("bbox") && !properties.ContainsKey("type")
            ? WellKnownObject.BoundingBox
            : named;
    }

    private static bool IsOneChoice(CompiledSchema part) =>
        part is { Choices.Count: 1, AllOf.Count: 0, AnyOf.Count: 0, Object: null, Array: null, Number: null };

    private static List<(JsonElement, string?)>? Choices(JsonObject schema)
    {
        if (schema.TryGetPropertyValue("const", out var constant))
        {
            return [(Element(constant), Text(schema, "title"))];
        }

        return schema["enum"] is JsonArray values ? [.. values.Select(value => (Element(value), (string?)null))] : null;
    }

    private static JsonKinds Kinds(JsonObject schema) => schema["type"] switch
    {
        JsonArray several => several.Aggregate(JsonKinds.None, (kinds, kind) => kinds | Kind(kind!.GetValue<string>())),
        { } one => Kind(one.GetValue<string>()),
        null => JsonKinds.None,
    };

    private static JsonKinds Kind(string name) => name switch
    {
        "boolean" => JsonKinds.Boolean,
        "integer" => JsonKinds.Integer,
        "number" => JsonKinds.Number | JsonKinds.Integer,
        "string" => JsonKinds.String,
        "array" => JsonKinds.Array,
        "object" => JsonKinds.Object,
        _ => JsonKinds.None,
    };

    private static TextContent Content(string? encoding, string? format, string? mediaType) => encoding switch
    {
        "binary" or "base64" => TextContent.Base64,
        _ when format == "byte" => TextContent.Base64,
        _ when mediaType is not null && MediaTypes.IsJson(mediaType) => TextContent.Json,
        _ when mediaType is not null && MediaTypes.IsXml(mediaType) => TextContent.Xml,
        _ => TextContent.Any,
    };

    private static NumberRules? Numbers(JsonObject schema)
    {
        var rules = new NumberRules(
            Number(schema, "minimum"),
            Flag(schema, "exclusiveMinimum"),
            Number(schema, "maximum"),
            Flag(schema, "exclusiveMaximum"),
            (decimal?)Number(schema, "multipleOf"));
        return rules is { Minimum: null, Maximum: null, MultipleOf: null } ? null : rules;
    }

    private static TextRules? Texts(JsonObject schema, string? format, TextContent content)
    {
        var rules = new TextRules(
            Count(schema, "minLength"),
            Count(schema, "maxLength"),
            Text(schema, "pattern") is { } pattern ? new Regex(pattern, RegexOptions.CultureInvariant, PatternTime) : null,
            format switch
            {
                "date" => TextFormat.Date,
                "time" => TextFormat.Time,
                "date-time" or "dateTime" => TextFormat.DateTime,
                "uri" or "url" => TextFormat.Uri,
                "email" => TextFormat.Email,
                _ => TextFormat.None,
            },
            content);
        return rules is { MinLength: null, MaxLength: null, Pattern: null, Format: TextFormat.None, Content: TextContent.Any } ? null : rules;
    }

    private static ArrayRules? Arrays(JsonObject schema, int depth)
    {
        var items = schema["items"] is JsonObject item ? Compile(item, depth + 1) : null;
        var rules = new ArrayRules(items, Count(schema, "minItems"), Count(schema, "maxItems"), Flag(schema, "uniqueItems"));
        return rules is { Items: null, MinItems: null, MaxItems: null, Unique: false } ? null : rules;
    }

    private static ObjectRules? Objects(JsonObject schema, int depth)
    {
        var properties = (schema["properties"] as JsonObject ?? [])
            .Where(property => property.Value is JsonObject)
            .ToDictionary(property => property.Key, property => Compile((JsonObject)property.Value!, depth + 1), StringComparer.Ordinal);
        var required = (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).ToList();
        var others = schema["additionalProperties"];
        var rules = new ObjectRules(
            properties,
            required,
            others is not JsonValue flag || flag.GetValue<bool>(),
            others is JsonObject rest ? Compile(rest, depth + 1) : null,
            Count(schema, "minProperties"),
            Count(schema, "maxProperties"));
        return rules is { Properties.Count: 0, Required.Count: 0, AllowsOthers: true, Others: null, MinProperties: null, MaxProperties: null } ? null : rules;
    }

    private static List<CompiledSchema>? Group(JsonObject schema, string keyword, int depth) =>
        schema[keyword] is JsonArray { Count: > 0 } group ? [.. group.OfType<JsonObject>().Select(part => Compile(part, depth + 1))] : null;

    private static string? Text(JsonObject schema, string keyword) => schema[keyword] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The dialect's exclusive bounds are flags, so a number there is none.</summary>
    private static bool Flag(JsonObject schema, string keyword) => schema[keyword] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    private static double? Number(JsonObject schema, string keyword) => schema[keyword] is { } value ? Element(value).GetDouble() : null;

    private static int? Count(JsonObject schema, string keyword) => schema[keyword] is { } value ? Element(value).GetInt32() : null;

    private static JsonElement Element(JsonNode? node) => JsonElement.Parse(node?.ToJsonString() ?? "null");
}
