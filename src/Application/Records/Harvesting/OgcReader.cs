using System.Runtime.CompilerServices;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>Sources of the kind <c>ogc</c>: the items of a collection of OGC API - Records or Features, another node of ours among them, page by page.</summary>
public sealed class OgcReader(HarvestWeb web) : IHarvestReader
{
    private const int MostPages = 100_000;

    public string Kind => "ogc";

    public IReadOnlyList<string> Settings { get; } = [HarvestWeb.Url, HarvestForm.Credentials, RecordFields.TypeSetting];

    public void Check(JsonElement settings, List<Mistake> mistakes)
    {
        web.Check(settings, mistakes);
        RecordFields.Text(settings, RecordFields.TypeSetting, mistakes);
    }

    public Task<HarvestReading> ReadAsync(HarvestWish wish, CancellationToken cancellationToken) =>
        Task.FromResult<HarvestReading>(new HarvestReading.Whole(ReadPagesAsync(wish, cancellationToken), Mark: null));

    private async IAsyncEnumerable<CatalogueRecord> ReadPagesAsync(HarvestWish wish, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (asked, read, type) = (new HashSet<string>(StringComparer.Ordinal), 0L, RecordFields.Text(wish.Settings, RecordFields.TypeSetting, []));
        for (var next = FirstPage(wish.Settings.GetProperty(HarvestWeb.Url).GetString()!); next is not null;)
        {
            if (!asked.Add(next) || asked.Count > MostPages)
            {
                throw new HarvestException("its pages do not end: one of them was there before");
            }

            var (content, _, _) = await web.GetAsync(wish.Settings, next, "application/geo+json, application/json;q=0.9", etag: null, cancellationToken);
            using var page = Parse(content!, asked.Count);
            var root = page.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("features", out var features) || features.ValueKind != JsonValueKind.Array)
            {
                throw new HarvestException($"page {asked.Count} of its items is no FeatureCollection");
            }

            foreach (var feature in features.EnumerateArray())
            {
                read++;
                yield return OgcRecord.Read(wish.Source.Id, feature, type) ?? throw new HarvestException($"item {read} has no id");
            }

            if (root.TryGetProperty("numberMatched", out var matched) && matched.TryGetInt64(out var all) && all > 0)
            {
                wish.Progress(Math.Min(100d, 100d * read / all));
            }

            next = NextOf(root, next);
        }
    }

    private static string FirstPage(string url)
    {
        var address = new UriBuilder(url);
        if (!address.Path.TrimEnd('/').EndsWith("/items", StringComparison.Ordinal) && !address.Path.TrimEnd('/').EndsWith("/search", StringComparison.Ordinal))
        {
            address.Path = address.Path.TrimEnd('/') + "/items";
        }

        var query = address.Query.TrimStart('?');
        address.Query = query.Split('&').Any(part => part.StartsWith("limit=", StringComparison.Ordinal)) ? query : query.Length == 0 ? "limit=1000" : $"{query}&limit=1000";
        return address.Uri.AbsoluteUri;
    }

    private static string? NextOf(JsonElement page, string address)
    {
        foreach (var link in page.TryGetProperty("links", out var links) && links.ValueKind == JsonValueKind.Array ? links.EnumerateArray() : default)
        {
            if (link.ValueKind == JsonValueKind.Object && link.TryGetProperty("rel", out var rel) && rel.ValueKind == JsonValueKind.String && rel.GetString() == "next"
                && link.TryGetProperty("href", out var href) && href.ValueKind == JsonValueKind.String)
            {
                return Uri.TryCreate(new Uri(address), href.GetString(), out var next) ? next.AbsoluteUri : throw new HarvestException("the link to its next page is no address");
            }
        }

        return null;
    }

    private static JsonDocument Parse(MemoryStream content, int page)
    {
        try
        {
            return JsonDocument.Parse(content);
        }
        catch (JsonException fault)
        {
            throw new HarvestException($"page {page} of its items is not JSON", fault);
        }
    }
}
