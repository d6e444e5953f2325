using System.Text.Json;

namespace GeoWps.Domain.Processes.Schemas;

/// <summary>Values to choose from: <c>enum</c>, <c>const</c>, and alternatives of one value each, whose titles are its labels.</summary>
internal static class SchemaChoices
{
    private const int MostNamed = 40;

    /// <summary>A label is as good as its value: people know an option by its text.</summary>
    public static bool Contain(IReadOnlyList<(JsonElement Value, string? Label)> choices, JsonElement value)
    {
        foreach (var (choice, label) in choices)
        {
            if (AreEqual(choice, value) || (label is not null && value.ValueKind == JsonValueKind.String && value.ValueEquals(label)))
            {
                return true;
            }
        }

        return false;
    }

    public static string Message(IReadOnlyList<(JsonElement Value, string? Label)> choices, JsonElement value)
    {
        var names = choices.Take(MostNamed).Select(choice => choice.Label is { } label ? $"{Plain(choice.Value)} ({label})" : Plain(choice.Value));
        var list = string.Join(", ", names) + (choices.Count > MostNamed ? $" and {choices.Count - MostNamed} more" : "");
        return choices.Count == 1 ? $"must be {list} (got {Short(value)})" : $"must be one of {list} (got {Short(value)})";
    }

    /// <summary>Numbers by value, so that 1 and 1.0 are the same.</summary>
    public static bool AreEqual(JsonElement one, JsonElement other)
    {
        if (one.ValueKind != other.ValueKind)
        {
            return false;
        }

        return one.ValueKind switch
        {
            JsonValueKind.String => one.ValueEquals(other.GetString()),
            JsonValueKind.Number => one.GetRawText() == other.GetRawText() || one.GetDouble().Equals(other.GetDouble()),
            _ => JsonElement.DeepEquals(one, other),
        };
    }

    public static bool AreDistinct(JsonElement array)
    {
        var items = array.EnumerateArray().ToList();
        if (items.TrueForAll(item => item.ValueKind is JsonValueKind.Number or JsonValueKind.String))
        {
            return items.Select(Comparable).Distinct().Count() == items.Count;
        }

        for (var i = 0; i < items.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (AreEqual(items[i], items[j]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static object Comparable(JsonElement item) =>
        item.ValueKind == JsonValueKind.String ? item.GetString()! : item.TryGetDecimal(out var exact) ? exact : item.GetDouble();

    private static string Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Short(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ when value.GetRawText() is { Length: > 60 } => "something longer",
        _ => value.GetRawText(),
    };
}
