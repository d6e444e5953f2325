using GeoWps.Application.Ports;

namespace GeoWps.Adapters.TileSources.Upstream;

/// <summary>A document has not what is wanted of it, or not in a form that can be offered here.</summary>
/// <param name="place">See <see cref="UpstreamReading.Refused"/>.</param>
internal sealed class UpstreamRefusal(string place, string message) : Exception(message)
{
    private const int MostNames = 30;

    public string Place { get; } = place;

    /// <summary>The one of this name; without a name the only one there is.</summary>
    public static T Choose<T>(string place, string? wanted, IReadOnlyList<T> all, Func<T, string> nameOf)
    {
        if (wanted is null)
        {
            return all.Count == 1 ? all[0] : throw new UpstreamRefusal(place, all.Count == 0 ? "the document has none" : $"is required: the document has {Names(all.Select(nameOf))}");
        }

        foreach (var one in all)
        {
            if (nameOf(one) == wanted)
            {
                return one;
            }
        }

        throw Absent(place, wanted, all.Select(nameOf));
    }

    public static UpstreamRefusal Absent(string place, string wanted, IEnumerable<string> there) => new(place, $"the document has no {wanted}; it has {Names(there)}");

    public static string Names(IEnumerable<string> names)
    {
        var all = names.ToArray();
        return all.Length == 0 ? "none" : string.Join(", ", all.Take(MostNames)) + (all.Length > MostNames ? ", …" : "");
    }
}
