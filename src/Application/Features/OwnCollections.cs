using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Spatial;

namespace GeoWps.Application.Features;

/// <summary>Collections of this server as inputs of processes: they are read where they are kept, as one stream, and not over HTTP. Others go to <paramref name="others"/>.</summary>
public sealed class OwnCollections(ICollectionReader others, LayerCatalogue layers, LayerFeatures features) : ICollectionReader
{
    private const int Piece = 64 * 1024;

    private static readonly JsonWriterOptions _form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public Task<FetchOutcome> CopyAsync(string items, Stream destination, long maxBytes, CancellationToken cancellationToken) =>
        others.CopyAsync(items, destination, maxBytes, cancellationToken);

    public Task<FetchOutcome> CopyAsync(string items, string baseAddress, bool everyPage, Stream destination, long maxBytes, CancellationToken cancellationToken) =>
        TryParse(items, baseAddress, out var id, out var query)
            ? CopyAsync(id, Parameters(query, everyPage), destination, maxBytes, cancellationToken)
            : others.CopyAsync(items, destination, maxBytes, cancellationToken);

    /// <summary>The items of a collection of this server.</summary>
    /// <param name="baseAddress">Under which the caller reached the server, ending in a slash.</param>
    public static bool TryParse(string href, string baseAddress, [NotNullWhen(true)] out string? id, out string query)
    {
        (id, query) = (null, "");
        var path = href.StartsWith(baseAddress, StringComparison.OrdinalIgnoreCase) ? href[baseAddress.Length..]
            : href.StartsWith('/') && !href.StartsWith("//", StringComparison.Ordinal) ? href[1..] : "";
        path = path.Split('#')[0];
        var parts = path.Split('?', 2);
        if (parts[0].Split('/') is not ["collections", { Length: > 0 } layer, "items"])
        {
            return false;
        }

        (id, query) = (Uri.UnescapeDataString(layer), parts.Length > 1 ? parts[1] : "");
        return true;
    }

    /// <summary>Without a limit, or where all pages are wanted, all features are meant: nobody gives a process the first ten of a layer.</summary>
    private static List<KeyValuePair<string, string>> Parameters(string query, bool everyPage)
    {
        var parameters = new List<KeyValuePair<string, string>>();
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Replace('+', ' ').Split('=', 2);
            parameters.Add(KeyValuePair.Create(Uri.UnescapeDataString(pair[0]), pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : ""));
        }

        parameters.RemoveAll(pair => pair.Key == "f" || (everyPage && pair.Key == FeatureParameters.Limit));
        return parameters;
    }

    private async Task<FetchOutcome> CopyAsync(string id, List<KeyValuePair<string, string>> parameters, Stream destination, long maxBytes, CancellationToken cancellationToken)
    {
        if (await layers.FindAsync(id, cancellationToken) is not { } layer)
        {
            return new FetchOutcome.Refused($"there is no collection {id}");
        }

        if (!features.Has(layer))
        {
            return new FetchOutcome.Refused($"the collection {id} has no features");
        }

        var (asked, mistakes) = features.Read(layer, parameters);
        if (asked is null)
        {
            return new FetchOutcome.Refused($"the collection {id}: {string.Join("; ", mistakes)}");
        }

        if (asked.Crs != Crs.Crs84)
        {
            return new FetchOutcome.Refused($"the collection {id}: an input is read in CRS84");
        }

        var isLimited = parameters.Exists(pair => pair.Key == FeatureParameters.Limit);
        var query = isLimited ? asked.Query : asked.Query with { Limit = long.MaxValue };
        try
        {
            return await WriteAsync(layer, query, destination, maxBytes, cancellationToken) is { } length
                ? new FetchOutcome.Fetched(length, MediaTypes.GeoJson, $"{layer.Id}.geojson")
                : new FetchOutcome.Refused(string.Create(CultureInfo.InvariantCulture, $"the collection {id} has more than {maxBytes} bytes"));
        }
        catch (Exception failure) when (failure is FeatureStoreException or Nodes.ElsewhereException)
        {
            return new FetchOutcome.Refused($"the collection {id} can't be read: {failure.Message}");
        }
    }

    /// <returns><see langword="null"/> when it is too large.</returns>
    private async Task<long?> WriteAsync(Layer layer, FeatureQuery query, Stream destination, long maxBytes, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(Piece + 1024);
        using var writer = features.Writer(layer, Crs.Crs84);
        await using var json = new Utf8JsonWriter(buffer, _form);
        await using var cursor = await features.OpenAsync(layer, query, cancellationToken);
        var length = 0L;
        json.WriteStartObject();
        json.WriteString("type"u8, "FeatureCollection"u8);
        json.WriteStartArray("features"u8);
        while (await cursor.ReadAsync(cancellationToken))
        {
            writer.Write(json, cursor);
            if (buffer.WrittenCount + json.BytesPending >= Piece)
            {
                await SendAsync();
                if (length > maxBytes)
                {
                    return null;
                }
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await SendAsync();
        return length > maxBytes ? null : length;

        async Task SendAsync()
        {
            json.Flush();
            await destination.WriteAsync(buffer.WrittenMemory, cancellationToken);
            length += buffer.WrittenCount;
            buffer.ResetWrittenCount();
        }
    }
}
