namespace GeoWps.Adapters.Http.Ows;

/// <summary>The parameters of an address: names without regard to case (06-121r3, clause 11.5.2), values as they were sent. Of what is sent twice, the first counts.</summary>
internal sealed class KvpQuery
{
    private readonly Dictionary<string, string> _raw = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="query">With its question mark, percent-encoded.</param>
    public KvpQuery(string query)
    {
        foreach (var pair in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var end = pair.IndexOf('=', StringComparison.Ordinal);
            _raw.TryAdd(Decode(end < 0 ? pair : pair[..end]), end < 0 ? "" : pair[(end + 1)..]);
        }
    }

    /// <summary>The value; <see langword="null"/> when it is missing or empty.</summary>
    public string? this[string name] => Raw(name) is { } raw && Decode(raw) is { Length: > 0 } value ? value : null;

    /// <summary>Still percent-encoded; <see langword="null"/> when it is missing.</summary>
    public string? Raw(string name) => _raw.GetValueOrDefault(name);

    /// <summary>The values of a list that is separated by commas.</summary>
    public IReadOnlyList<string> List(string name) => this[name]?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
