using System.Runtime.CompilerServices;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>Sources of the kind <c>ogc</c>: the items of a collection of OGC API - Records or Features, another node of ours among them, page by page.</summary>
public sealed class OgcReader(HarvestWeb web, TimeProvider clock) : IHarvestReader, IDocumentReader
{
    private const int MostPages = 100_000;
    private const int PageSize = 1000;
    private const string Accept = "application/geo+json, application/json;q=0.9";

    /// <summary>Times of change are its word, and it may be wrong: so often all is read whatever it says.</summary>
    private static readonly TimeSpan WholeAfter = TimeSpan.FromDays(7);

    public string Kind => "ogc";

    public IReadOnlyList<string> Settings { get; } = [HarvestWeb.Url, HarvestForm.Credentials, RecordFields.TypeSetting];

    public void Check(JsonElement settings, List<Mistake> mistakes)
    {
        web.Check(settings, mistakes);
        RecordFields.Text(settings, RecordFields.TypeSetting, mistakes);
    }

    public bool Has(JsonElement settings, CatalogueRecord record) => HarvestWeb.DocumentOf(settings, record) is not null;

    public Task<DocumentOpening> OpenAsync(DocumentWish wish, CancellationToken cancellationToken) => web.OpenAsync(wish, cancellationToken);

    public async Task<HarvestReading> ReadAsync(HarvestWish wish, CancellationToken cancellationToken)
    {
        var (mark, url) = (OgcMark.Read(wish.Mark), wish.Settings.GetProperty(HarvestWeb.Url).GetString()!);
        var first = OgcAddress.Items(url, PageSize, filter: null);
        if (mark?.ETag is { } etag && (await web.GetAsync(wish.Settings, first, Accept, etag, cancellationToken)).Content is null)
        {
            return new HarvestReading.Unchanged();
        }

        var now = clock.GetUtcNow();
        var changesAt = await ChangesAtAsync(wish.Settings, url, cancellationToken);
        var isTooOld = now - mark?.Whole > WholeAfter;
        var changes = changesAt is null ? null : await ChangesAsync(wish, changesAt, isTooOld ? null : mark?.State, cancellationToken);

        // The state from before the first page: what changes while pages are read is read again.
        var seen = new OgcMark { Whole = now, State = changes?.State };
        var whole = new HarvestReading.Whole(ReadPagesAsync(wish, first, seen, cancellationToken), seen.Write);
        if (changes is { IsSince: true } && mark is not null)
        {
            var after = new OgcMark { Whole = mark.Whole, Updated = mark.Updated, State = changes.State, Answered = changes.Answered };
            changes.Records.ForEach(record => after.See(record.Updated));
            return new HarvestReading.Changes(changes.Records.ToAsyncEnumerable(), changes.Total, after.Write, whole) { Removed = changes.Removed };
        }

        if (mark?.Updated is not { } since || isTooOld || !await CanFilterAsync(wish.Settings, url, cancellationToken)
            || await TotalAsync(wish.Settings, url, cancellationToken) is not { } total)
        {
            return whole;
        }

        var next = new OgcMark { Whole = mark.Whole, Updated = since, State = changes?.State };
        return new HarvestReading.Changes(ReadPagesAsync(wish, OgcAddress.Items(url, PageSize, $"updated >= TIMESTAMP('{OgcMark.TextOf(since)}') OR updated IS NULL"), next, cancellationToken), total, next.Write, whole);
    }

    /// <returns>Where a node of ours tells what has changed since a state; <see langword="null"/>: it does not.</returns>
    private async Task<string?> ChangesAtAsync(JsonElement settings, string url, CancellationToken cancellationToken)
    {
        try
        {
            return OgcAddress.Collection(url) is { } collection
                && await AskAsync(settings, collection, cancellationToken) is { ValueKind: JsonValueKind.Object } document
                && document.TryGetProperty("links", out var links) && links.ValueKind == JsonValueKind.Array
                ? links.EnumerateArray().Where(link => TextOf(link, "rel") == RecordChangesLink.Relation).Select(link => AddressOf(TextOf(link, "href"), collection)).FirstOrDefault()
                : null;
        }
        catch (HarvestException)
        {
            // It has no such resource.
            return null;
        }
    }

    /// <param name="since">The state of before; <see langword="null"/>: only that of now is asked for.</param>
    /// <returns><see langword="null"/>: it does not know either.</returns>
    private async Task<OgcChanges?> ChangesAsync(HarvestWish wish, string address, string? since, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await AskAsync(wish.Settings, since is null ? address : $"{address}?{RecordChangesLink.Since}={Uri.EscapeDataString(since)}", cancellationToken);
            return OgcChanges.Read(wish.Source.Id, answer, RecordFields.Text(wish.Settings, RecordFields.TypeSetting, []), since is not null);
        }
        catch (HarvestException) when (since is not null)
        {
            // Not any more: what it is now, before all is read.
            return await ChangesAsync(wish, address, since: null, cancellationToken);
        }
        catch (HarvestException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <returns><see langword="null"/>: it is none, or elsewhere, where nobody has credentials for.</returns>
    private static string? AddressOf(string? href, string near) =>
        Uri.TryCreate(new Uri(near), href, out var address) && address.Authority == new Uri(near).Authority && address.Query.Length == 0 ? address.AbsoluteUri : null;

    /// <summary>Whether it says that it filters by <c>updated</c>: OGC API - Features Part 3, "Queryables" and "Filter"; CQL2 text.</summary>
    private async Task<bool> CanFilterAsync(JsonElement settings, string url, CancellationToken cancellationToken)
    {
        if (OgcAddress.Beside(url) is not var (queryables, conformance))
        {
            return false;
        }

        try
        {
            return await AskAsync(settings, queryables, cancellationToken) is { ValueKind: JsonValueKind.Object } schema
                && schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty("updated", out _)
                && await AskAsync(settings, conformance, cancellationToken) is { ValueKind: JsonValueKind.Object } classes
                && classes.TryGetProperty("conformsTo", out var all) && all.ValueKind == JsonValueKind.Array
                && all.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.GetString()!.Contains("/conf/cql2-text", StringComparison.Ordinal));
        }
        catch (HarvestException)
        {
            // It has no such resource.
            return false;
        }
    }

    /// <returns><see langword="null"/>: it does not count, or not exactly.</returns>
    private async Task<long?> TotalAsync(JsonElement settings, string url, CancellationToken cancellationToken) =>
        await AskAsync(settings, OgcAddress.Items(url, limit: 1, filter: null), cancellationToken) is { ValueKind: JsonValueKind.Object } page
            && page.TryGetProperty("numberMatched", out var matched) && matched.ValueKind == JsonValueKind.Number && matched.TryGetInt64(out var total) ? total : null;

    private async Task<JsonElement> AskAsync(JsonElement settings, string href, CancellationToken cancellationToken)
    {
        var (content, _, _) = await web.GetAsync(settings, href, $"{Accept}, application/schema+json;q=0.9", etag: null, cancellationToken);
        using var document = Parse(content!, 1);
        return document.RootElement.Clone();
    }

    private async IAsyncEnumerable<CatalogueRecord> ReadPagesAsync(HarvestWish wish, string first, OgcMark seen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (asked, read, type) = (new HashSet<string>(StringComparer.Ordinal), 0L, RecordFields.Text(wish.Settings, RecordFields.TypeSetting, []));
        for (var next = first; next is not null;)
        {
            if (!asked.Add(next) || asked.Count > MostPages)
            {
                throw new HarvestException("its pages do not end: one of them was there before");
            }

            var (content, _, etag) = await web.GetAsync(wish.Settings, next, Accept, etag: null, cancellationToken);
            using var page = Parse(content!, asked.Count);
            var root = page.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("features", out var features) || features.ValueKind != JsonValueKind.Array)
            {
                throw new HarvestException($"page {asked.Count} of its items is no FeatureCollection");
            }

            seen.Answered ??= RecordFields.Instant(TextOf(root, "timeStamp"));
            foreach (var feature in features.EnumerateArray())
            {
                read++;
                var record = OgcRecord.Read(wish.Source.Id, feature, type) ?? throw new HarvestException($"item {read} has no id");
                seen.See(record.Updated);
                yield return record;
            }

            if (root.TryGetProperty("numberMatched", out var matched) && matched.TryGetInt64(out var all) && all > 0)
            {
                wish.Progress(Math.Min(100d, 100d * read / all));
            }

            next = NextOf(root, next);
            seen.ETag = asked.Count == 1 && next is null ? etag : null;
        }
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
