using System.Text.Json;

namespace GeoWps.Domain.Processes.Schemas;

/// <summary>
/// Judges values of one request by compiled schemas. Every mistake is reported, with its place; of several alternatives only those of the one that was
/// probably meant. Markers of attachments count as strings or arrays of unknown content. Not for several threads at once.
/// </summary>
public sealed class SchemaValidator(IReadOnlyList<Attachment> attachments)
{
    private const int MaxDepth = 128;

    /// <summary>An array of a thousand wrong items is not told about a thousand times.</summary>
    private const int MostMistakes = 20;

    private readonly List<(string? Name, int Index)> _path = [];
    private List<Mistake>? _mistakes;
    private int _most;
    private string _root = "";

    public bool Fits(CompiledSchema schema, JsonElement value)
    {
        _mistakes = null;
        return Visit(schema, value);
    }

    /// <summary>Adds what is wrong to <paramref name="mistakes"/>.</summary>
    /// <param name="place">Where the value stands, such as <c>INPUT</c> or <c>INPUT[2]</c>.</param>
    public bool Check(CompiledSchema schema, JsonElement value, string place, List<Mistake> mistakes) => CheckAny([schema], value, place, mistakes);

    /// <summary>The same for a value that needs to fit one of several schemas.</summary>
    public bool CheckAny(IReadOnlyList<CompiledSchema> schemas, JsonElement value, string place, List<Mistake> mistakes)
    {
        (_mistakes, _root, _most) = (mistakes, place, mistakes.Count + MostMistakes);
        return schemas.Count == 1 ? Visit(schemas[0], value) : OneOf(schemas, value, KindOf(value));
    }

    private bool Visit(CompiledSchema schema, JsonElement value)
    {
        if (_path.Count > MaxDepth)
        {
            return Wrong("is nested too deeply");
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return schema.Nullable || (schema.Choices is null && AcceptsNull(schema)) || Wrong($"must be {SchemaWords.Of(schema)} (got null)");
        }

        if (schema.Choices is { } choices)
        {
            // Right or wrong, there is no more to say about it.
            return SchemaChoices.Contain(choices, value) || Wrong(SchemaChoices.Message(choices, value));
        }

        var (kind, attached) = KindOf(value);
        if (schema.Kinds != JsonKinds.None && !SchemaWords.IsOf(schema.Kinds, kind, value))
        {
            return Wrong($"must be {SchemaWords.Of(schema)} (got {SchemaWords.Got(kind, value)})");
        }

        if (schema.WellKnown != WellKnownObject.None && WellKnown(schema, kind, value) is { } fault)
        {
            return Wrong(fault);
        }

        var right = kind switch
        {
            JsonValueKind.Number => schema.Number is not { } rules || Number(rules, value),
            JsonValueKind.String => schema.Text is not { } rules || Text(rules, value, attached),
            JsonValueKind.Array => schema.Array is not { } rules || attached is not null || Array(rules, value),
            JsonValueKind.Object => schema.Object is not { } rules || Object(rules, value),
            _ => true,
        };
        foreach (var part in schema.AllOf)
        {
            right &= Visit(part, value);
        }

        foreach (var group in schema.AnyOf)
        {
            right &= OneOf(group, value, (kind, attached));
        }

        return right & (schema.Not is not { } not || !Quietly(not, value) || Wrong($"must not be {SchemaWords.Of(not)}"));
    }

    private static bool AcceptsNull(CompiledSchema schema) =>
        schema is { Kinds: JsonKinds.None, WellKnown: WellKnownObject.None, AllOf.Count: 0, AnyOf.Count: 0 }
        || (schema.AnyOf.Count > 0 && schema.AnyOf.All(group => group.Any(part => part.Nullable)));

    private static string? WellKnown(CompiledSchema schema, JsonValueKind kind, JsonElement value) =>
        kind == JsonValueKind.Object
            ? GeoJsonChecks.Fault(schema.WellKnown, value)
            : $"must be {SchemaWords.Of(schema)} (got {SchemaWords.Got(kind, value)})";

    /// <summary>Overlapping alternatives are forgiven: one is enough.</summary>
    private bool OneOf(IReadOnlyList<CompiledSchema> group, JsonElement value, (JsonValueKind Kind, Attachment? Attached) seen)
    {
        foreach (var part in group)
        {
            if (Quietly(part, value))
            {
                return true;
            }
        }

        if (_mistakes is null)
        {
            return false;
        }

        var meant = group.Where(part => SchemaWords.MayBe(part, seen.Kind, value)).ToList();
        if (meant.Count == 1)
        {
            return Visit(meant[0], value);
        }

        return meant.Count > 1 && meant.TrueForAll(part => part.Text is { Content: TextContent.Base64 })
            ? Visit(meant[0], value)
            : Wrong($"must be {SchemaWords.OfAny(group)} (got {SchemaWords.Got(seen.Kind, value)})");
    }

    private bool Quietly(CompiledSchema schema, JsonElement value)
    {
        var mistakes = _mistakes;
        _mistakes = null;
        var fits = Visit(schema, value);
        _mistakes = mistakes;
        return fits;
    }

    private bool Number(NumberRules rules, JsonElement value)
    {
        if (!value.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            return Wrong("is too large a number");
        }

        if (rules.Minimum is { } least && (rules.ExclusiveMinimum ? number <= least : number < least))
        {
            return Wrong($"must be {(rules.ExclusiveMinimum ? "greater than" : "at least")} {SchemaWords.Plain(least)} (got {value.GetRawText()})");
        }

        if (rules.Maximum is { } most && (rules.ExclusiveMaximum ? number >= most : number > most))
        {
            return Wrong($"must be {(rules.ExclusiveMaximum ? "less than" : "at most")} {SchemaWords.Plain(most)} (got {value.GetRawText()})");
        }

        return rules.MultipleOf is not { } step || !value.TryGetDecimal(out var exact) || exact % step == 0
            || Wrong($"must be a multiple of {step} (got {value.GetRawText()})");
    }

    private bool Text(TextRules rules, JsonElement value, Attachment? attached)
    {
        if (attached is not null)
        {
            // Its length in characters is between a quarter of its bytes and all of them; its content is checked where it is read.
            return rules.Format != TextFormat.None
                ? Wrong(TextChecks.Format(rules.Format, "")!)
                : rules.MaxLength is not { } limit || attached.Length / 4 <= limit || Wrong($"must have at most {limit} characters");
        }

        var text = value.GetString()!;
        if (rules.MinLength is { } least && text.Length < least)
        {
            return Wrong(least == 1 ? "must not be empty" : $"must have at least {least} characters");
        }

        if (rules.MaxLength is { } most && text.Length > most)
        {
            return Wrong($"must have at most {most} characters");
        }

        return rules.Pattern is { } pattern && !TextChecks.Matches(pattern, text)
            ? Wrong($"must match {pattern}")
            : (TextChecks.Format(rules.Format, text) ?? TextChecks.Content(rules.Content, text)) is not { } fault || Wrong(fault);
    }

    private bool Array(ArrayRules rules, JsonElement value)
    {
        var length = value.GetArrayLength();
        var right = rules.MinItems is not { } least || length >= least || Wrong($"must have at least {least} items (got {length})");
        right &= rules.MaxItems is not { } most || length <= most || Wrong($"must have at most {most} items (got {length})");
        if (rules.Items is { } items)
        {
            var i = 0;
            foreach (var item in value.EnumerateArray())
            {
                _path.Add((null, i++));
                right &= Visit(items, item);
                _path.RemoveAt(_path.Count - 1);
                if (!right && _mistakes is null)
                {
                    return false;
                }
            }
        }

        return right & (!rules.Unique || SchemaChoices.AreDistinct(value) || Wrong("must not hold the same item twice"));
    }

    private bool Object(ObjectRules rules, JsonElement value)
    {
        var (right, count) = (true, 0);
        foreach (var name in rules.Required)
        {
            right &= value.TryGetProperty(name, out _) || Wrong($"must have {name}");
        }

        foreach (var property in value.EnumerateObject())
        {
            count++;
            if (!rules.Properties.TryGetValue(property.Name, out var schema))
            {
                schema = rules.Others;
                right &= rules.AllowsOthers || schema is not null || Wrong($"must not have {property.Name}");
            }

            if (schema is not null)
            {
                _path.Add((property.Name, 0));
                right &= Visit(schema, property.Value);
                _path.RemoveAt(_path.Count - 1);
            }
        }

        right &= rules.MinProperties is not { } least || count >= least || Wrong($"must have at least {least} members");
        return right & (rules.MaxProperties is not { } most || count <= most || Wrong($"must have at most {most} members"));
    }

    private (JsonValueKind Kind, Attachment? Attached) KindOf(JsonElement value) =>
        Attachment.TryGetNumber(value, out var number) && number >= 0 && number < attachments.Count
            ? (attachments[number].Kind, attachments[number])
            : (value.ValueKind, null);

    /// <returns><see langword="false"/>, so that it can end a condition.</returns>
    private bool Wrong(string message)
    {
        if (_mistakes is { } mistakes && mistakes.Count < _most)
        {
            var steps = _path.Select(step => step.Name is { } name ? $".{name}" : $"[{step.Index}]");
            var mistake = new Mistake(_root + string.Concat(steps), message);
            if (mistakes.Count == 0 || mistakes[^1] != mistake)
            {
                mistakes.Add(mistake);
            }
        }

        return false;
    }
}
