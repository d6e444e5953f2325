using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell;

/// <summary>Reads a list that comes in pages, by its <c>next</c> links.</summary>
internal static class Pages
{
    public static async IAsyncEnumerable<JsonObject> ReadAsync(
        ApiClient api, string path, string member, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var next = path; next is not null && seen.Add(next);)
        {
            var page = await api.GetJsonAsync(next, cancellationToken);
            foreach (var item in page.Objects(member))
            {
                yield return item;
            }

            next = page.Link("next");
        }
    }
}
