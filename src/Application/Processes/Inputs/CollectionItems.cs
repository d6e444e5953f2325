using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using GeoWps.Application.Ports;

namespace GeoWps.Application.Processes.Inputs;

/// <summary>
/// The features of a collection of a server of OGC API - Features (17-069r4, clause 7.15), page after page, as one GeoJSON feature collection. Each page is
/// held in memory, and only one.
/// </summary>
internal sealed class CollectionItems(IReferenceFetcher references)
{
    private const int FeaturesOfPage = 1000;
    private const int LargestPage = 64 * 1024 * 1024;

    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = RequestLimits.MaxDepth };

    private static readonly KeyValuePair<string, string>[] Headers = [new("Accept", "application/geo+json, application/json;q=0.5")];

    /// <returns>The address of its first page; <see langword="null"/> when <paramref name="collection"/> is no absolute address.</returns>
    public static string? FirstPage(string collection)
    {
        if (!Uri.TryCreate(collection, UriKind.Absolute, out var address))
        {
            return null;
        }

        var limit = string.Create(CultureInfo.InvariantCulture, $"limit={FeaturesOfPage}");
        return new UriBuilder(address) { Path = $"{address.AbsolutePath.TrimEnd('/')}/items", Query = address.Query.Length > 1 ? $"{address.Query[1..]}&{limit}" : limit, Fragment = "" }
            .Uri.AbsoluteUri;
    }

    /// <param name="href">Of its first page.</param>
    /// <param name="destination">What is larger than it takes, it refuses itself.</param>
    public async Task<InputContent> CopyAsync(string href, Stream destination, CancellationToken cancellationToken)
    {
        await destination.WriteAsync("""{"type":"FeatureCollection","features":["""u8.ToArray(), cancellationToken);
        var (seen, count) = (new HashSet<string>(StringComparer.Ordinal), 0L);
        for (string? next = href; next is { } address && seen.Add(address);)
        {
            using var memory = new MemoryStream();
            switch (await references.FetchAsync(new FetchRequest(address, Headers, null), memory, LargestPage, cancellationToken))
            {
                case FetchOutcome.Refused(var message):
                    return new InputContent.Refused(seen.Count == 1 ? message : string.Create(CultureInfo.InvariantCulture, $"page {seen.Count} of the collection: {message}"));
                default:
                    (var refusal, next, count) = await CopyPageAsync(memory, address, count, destination, cancellationToken);
                    if (refusal is not null)
                    {
                        return new InputContent.Refused(string.Create(CultureInfo.InvariantCulture, $"page {seen.Count} of the collection {refusal}"));
                    }

                    break;
            }
        }

        await destination.WriteAsync("]}"u8.ToArray(), cancellationToken);
        return new InputContent.Copied(0, null, "");
    }

    private static async Task<(string? Refusal, string? Next, long Count)> CopyPageAsync(
        MemoryStream memory, string address, long count, Stream destination, CancellationToken cancellationToken)
    {
        JsonDocument page;
        try
        {
            page = JsonDocument.Parse(memory.GetBuffer().AsMemory(0, (int)memory.Length), Depth);
        }
        catch (JsonException failure)
        {
            return ($"is no JSON: {failure.Message}", null, count);
        }

        using (page)
        {
            if (page.RootElement.ValueKind != JsonValueKind.Object || !page.RootElement.TryGetProperty("features", out var features) || features.ValueKind != JsonValueKind.Array)
            {
                return ("is no GeoJSON feature collection", null, count);
            }

            foreach (var feature in features.EnumerateArray())
            {
                if (count++ > 0)
                {
                    await destination.WriteAsync(","u8.ToArray(), cancellationToken);
                }

                await destination.WriteAsync(JsonMarshal.GetRawUtf8Value(feature).ToArray(), cancellationToken);
            }

            // A server that always has a next page must not hold us for ever.
            return (null, features.GetArrayLength() > 0 ? Next(page.RootElement, address) : null, count);
        }
    }

    private static string? Next(JsonElement page, string address) =>
        page.TryGetProperty("links", out var links) && links.ValueKind == JsonValueKind.Array
        && links.EnumerateArray().Where(link => Text(link, "rel") == "next" && Text(link, "href") is not null).OrderBy(link => Rank(Text(link, "type"))).FirstOrDefault()
            is { ValueKind: JsonValueKind.Object } found && Uri.TryCreate(new Uri(address), Text(found, "href"), out var next)
            ? next.AbsoluteUri
            : null;

    /// <summary>There may be one of each representation.</summary>
    private static int Rank(string? type) => type switch
    {
        not null when type.StartsWith(Domain.Processes.MediaTypes.GeoJson, StringComparison.OrdinalIgnoreCase) => 0,
        not null when Domain.Processes.MediaTypes.IsJson(type) => 1,
        null => 2,
        _ => 3,
    };

    private static string? Text(JsonElement json, string member) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
