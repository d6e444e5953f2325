using System.Globalization;
using System.Text.Json;
using GeoWps.Application.Processes.Binding;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Layers;

/// <summary>Reads the members of a JSON object, each with its limits; every mistake is noted with its JSON pointer (RFC 6901).</summary>
internal sealed class FormObject
{
    private readonly JsonElement _json;
    private readonly List<Mistake> _mistakes;
    private readonly List<string> _known = [];

    private FormObject(JsonElement json, string pointer, List<Mistake> mistakes) => (_json, Pointer, _mistakes) = (json, pointer, mistakes);

    public string Pointer { get; }

    public IEnumerable<string> Names => _json.EnumerateObject().Select(member => member.Name);

    /// <returns><see langword="null"/> for what is no object, which is a mistake.</returns>
    public static FormObject? Of(JsonElement json, string pointer, List<Mistake> mistakes)
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            return new FormObject(json, pointer, mistakes);
        }

        mistakes.Add(new Mistake(pointer, "must be an object"));
        return null;
    }

    public bool Has(string name) => Get(name) is not null;

    /// <returns>Not null: what is null was not given.</returns>
    public JsonElement? Get(string name)
    {
        _known.Add(name);
        return _json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    public FormObject? Object(string name) => Get(name) is { } value ? Of(value, At(name), _mistakes) : null;

    /// <param name="most">Characters.</param>
    public string? Text(string name, int most)
    {
        if (Get(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.Length is > 0 and var length && length <= most)
        {
            return text;
        }

        Wrong(name, string.Create(CultureInfo.InvariantCulture, $"must be a text of 1 to {most} characters"));
        return null;
    }

    public int Whole(string name, int standard, int least, int most)
    {
        if (Get(name) is not { } value)
        {
            return standard;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Wrong(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}"));
        return standard;
    }

    public long Long(string name, long standard, long least, long most)
    {
        if (Get(name) is not { } value)
        {
            return standard;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Wrong(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}"));
        return standard;
    }

    public double Number(string name, double standard, double least, double most)
    {
        if (Get(name) is not { } value)
        {
            return standard;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Wrong(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}"));
        return standard;
    }

    public bool YesNo(string name, bool standard)
    {
        if (Get(name) is not { } value)
        {
            return standard;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Wrong(name, "must be true or false");
        return standard;
    }

    /// <returns><see langword="null"/> when it is not given.</returns>
    public IReadOnlyList<string>? Texts(string name, int mostItems, int most)
    {
        if (Get(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= mostItems
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 } text && text.Length <= most))
        {
            return [.. value.EnumerateArray().Select(item => item.GetString()!)];
        }

        Wrong(name, string.Create(CultureInfo.InvariantCulture, $"must be an array of at most {mostItems} texts of 1 to {most} characters"));
        return null;
    }

    /// <returns>What the text stands for.</returns>
    public T Choice<T>(string name, T standard, params ReadOnlySpan<(string Text, T Value)> choices)
    {
        if (Get(name) is not { } value)
        {
            return standard;
        }

        var names = new List<string>();
        foreach (var (text, chosen) in choices)
        {
            names.Add(text);
            if (value.ValueKind == JsonValueKind.String && value.GetString()!.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return chosen;
            }
        }

        Wrong(name, $"must be {string.Join(" or ", names)}");
        return standard;
    }

    public void Wrong(string name, string message) => _mistakes.Add(new Mistake(At(name), message));

    /// <summary>Whatever was not asked for is a mistake.</summary>
    /// <param name="told">Members that a document of ours has and that nobody can set: they are passed over.</param>
    public void End(params ReadOnlySpan<string> told)
    {
        foreach (var name in Names)
        {
            if (!_known.Contains(name) && !told.Contains(name))
            {
                Wrong(name, "there is no such member" + Suggestion.For(name, _known));
            }
        }
    }

    /// <summary>No name: the object itself.</summary>
    private string At(string name) => name.Length == 0 ? Pointer : $"{Pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
