using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>Makes a component of what is long and may occur again, so that hundreds of processes say it once.</summary>
/// <param name="kind">Of the components: <c>schemas</c>, <c>responses</c>.</param>
/// <param name="prefix">Of their names.</param>
internal sealed class RepeatedParts(string kind, string prefix, JsonObject components)
{
    private const int LongEnough = 160;

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <returns>The part itself when it is short, else a reference to it.</returns>
    public JsonObject Put(JsonObject part)
    {
        var text = part.ToJsonString();
        if (text.Length < LongEnough)
        {
            return part;
        }

        if (!_names.TryGetValue(text, out var name))
        {
            name = $"{prefix}{_names.Count + 1}";
            _names.Add(text, name);
            components[name] = part;
        }

        return ApiParts.Ref(kind, name);
    }
}
