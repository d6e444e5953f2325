using System.Globalization;
using System.Text;
using System.Text.Json;
using GeoWps.Application.Ports;

namespace GeoWps.Application.Processes.Collections;

/// <summary>
/// Collections of other servers: OGC API - Features 1.0, clause 7.15. Page after page is fetched as <c>rel=next</c> leads, and its features are passed on as
/// they come, so that neither a page nor the whole is ever in memory.
/// </summary>
public sealed class RemoteCollections(IReferenceFetcher references) : ICollectionReader
{
    private const int MostPages = 10_000;

    private static readonly KeyValuePair<string, string>[] Headers = [KeyValuePair.Create("Accept", "application/geo+json, application/json;q=0.9")];

    public async Task<FetchOutcome> CopyAsync(string items, Stream destination, long maxBytes, CancellationToken cancellationToken)
    {
        await destination.WriteAsync(Encoding.UTF8.GetBytes("""{"type":"FeatureCollection","features":["""), cancellationToken);
        var (fetched, hasFeatures) = (0L, false);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var address = items; address is not null;)
        {
            if (!seen.Add(address) || seen.Count > MostPages)
            {
                return Refused(items, seen.Count > MostPages ? string.Create(CultureInfo.InvariantCulture, $"has more than {MostPages} pages") : "leads round in a circle");
            }

            await using var page = new FeaturePage(destination, hasFeatures);
            switch (await FetchAsync(address, page, maxBytes - fetched, cancellationToken))
            {
                case FetchOutcome.Fetched whole:
                    fetched += whole.Length;
                    break;
                case var refused:
                    return refused;
            }

            if (page.Finish() is { } fault)
            {
                return Refused(items, fault);
            }

            hasFeatures = page.HasFeatures;
            address = NextOf(page.Links, address);
        }

        await destination.WriteAsync(Encoding.UTF8.GetBytes("]}"), cancellationToken);
        return new FetchOutcome.Fetched(fetched, Domain.Processes.MediaTypes.GeoJson, NameOf(items));
    }

    private async Task<FetchOutcome> FetchAsync(string address, FeaturePage page, long maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            return await references.FetchAsync(new FetchRequest(address, Headers, null), page, maxBytes, cancellationToken);
        }
        catch (Exception) when (page.Fault is not null)
        {
            // Ours, thrown through the fetcher that was writing.
            return Refused(address, page.Fault);
        }
    }

    private static FetchOutcome.Refused Refused(string address, string fault) => new($"the collection at {new Uri(address).Host} {fault}");

    /// <summary>The first link to the next page that is no other form of it.</summary>
    private static string? NextOf(JsonElement links, string address)
    {
        if (links.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        foreach (var link in links.EnumerateArray().Where(link => Text(link, "rel") == "next"))
        {
            if (Text(link, "href") is { } href && (Text(link, "type") is not { } type || type.Contains("json", StringComparison.OrdinalIgnoreCase))
                && Uri.TryCreate(new Uri(address), href, out var next))
            {
                return next.AbsoluteUri;
            }
        }

        return null;
    }

    private static string? Text(JsonElement link, string member) =>
        link.ValueKind == JsonValueKind.Object && link.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The collection's id.</summary>
    private static string NameOf(string items) => new Uri(items).AbsolutePath.Split('/') is [.., var id, "items"] ? $"{Uri.UnescapeDataString(id)}.geojson" : "";
}
