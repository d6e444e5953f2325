using System.Collections.Concurrent;
using System.Globalization;
using GeoWps.Application;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.TileSources.Upstream;

/// <summary>Tiles of other servers, passed on as they came: what they do not have is empty, what they fail at has failed.</summary>
internal sealed partial class UpstreamTileSource(IServerClient client, UpstreamLimits limits, TimeProvider clock, ILogger<UpstreamTileSource> logger) : ITileSource
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(200);

    /// <summary>A server that wants to be left alone for longer is not waited for.</summary>
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan _later = TimeSpan.FromSeconds(10);

    /// <summary>By host and port; there are not more than servers that layers name.</summary>
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _places = new(StringComparer.OrdinalIgnoreCase);

    public bool Makes(Layer layer, TileFormat format) => layer.Source.Kind == SourceKind.Upstream && layer.Formats.Contains(format);

    public int MetaTileOf(Layer layer) => 1;

    public async Task<IReadOnlyList<MadeTile>> MakeAsync(Layer layer, TileMatrixSet set, MetaTile tiles, TileFormat format, CancellationToken cancellationToken)
    {
        var source = (LayerSource.Upstream)layer.Source;
        if (source.TileMatrixSet != set.Id)
        {
            throw new TileSourceException($"the other server has tiles of {source.TileMatrixSet} only");
        }

        var matrix = set.Matrices[tiles.Level];
        var indexes = from row in Enumerable.Range(tiles.Range.MinRow, tiles.Range.Rows)
                      from column in Enumerable.Range(tiles.Range.MinColumn, tiles.Range.Columns)
                      select new TileIndex(column, row);
        // When one fails the others are not waited for.
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var made = indexes.Select(tile => MakeAsync(layer, source, matrix, tiles.Level, tile, format, all.Token)).ToArray();
        try
        {
            return await Task.WhenAll(Array.ConvertAll(made, async one =>
            {
                try
                {
                    return await one;
                }
                catch (TileSourceException)
                {
                    await all.CancelAsync();
                    throw;
                }
            }));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw (Exception?)made.Select(one => one.Exception?.InnerException).OfType<TileSourceException>().FirstOrDefault() ?? new TileSourceException("the other server failed", null, _later);
        }
    }

    private async Task<MadeTile> MakeAsync(Layer layer, LayerSource.Upstream source, TileMatrix matrix, int level, TileIndex tile, TileFormat format, CancellationToken cancellationToken)
    {
        if (UpstreamTemplate.AddressOf(source, matrix, level, matrix.Canonical(tile)) is not { } href)
        {
            return Empty(tile);
        }

        var host = Uri.TryCreate(href, UriKind.Absolute, out var address) ? address.Authority : throw new TileSourceException("the layer's template is no address");
        var place = _places.GetOrAdd(host, _ => new SemaphoreSlim(limits.Connections));
        await place.WaitAsync(cancellationToken);
        ServerAnswer answer;
        try
        {
            answer = await AskAsync(href, format, cancellationToken);
        }
        finally
        {
            place.Release();
        }

        try
        {
            return Read(answer, address.Host, tile, format);
        }
        catch (TileSourceException failure)
        {
            // Not the address: it may hold a key.
            LogFailed(layer.Id, level, tile.Column, tile.Row, failure.Message);
            throw;
        }
    }

    /// <summary>Asks until there is an answer that asking again would not change. A tile is only read, so it may be asked for as often as one likes.</summary>
    private async Task<ServerAnswer> AskAsync(string href, TileFormat format, CancellationToken cancellationToken)
    {
        var request = new ServerRequest(href, $"{format.MediaType}, */*;q=0.5", format.Compressible ? "gzip, br" : null, limits.MaxBytes, limits.TimeLimit);
        for (var attempt = 1; ; attempt++)
        {
            var answer = await client.GetAsync(request, cancellationToken);
            var pause = Jitter(_firstPause * Math.Pow(2, attempt - 1));
            if (answer is ServerAnswer.Answered { RetryAfter: { } wanted })
            {
                pause = wanted > pause ? wanted : pause;
            }

            if (!MayChange(answer) || attempt >= limits.Attempts || pause > _longestPause)
            {
                return answer;
            }

            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    private static bool MayChange(ServerAnswer answer) => answer switch
    {
        ServerAnswer.Failed => true,
        ServerAnswer.Answered { Status: 408 or 425 or 429 or >= 500 } => true,
        _ => false,
    };

    private MadeTile Read(ServerAnswer answer, string host, TileIndex tile, TileFormat format) => answer switch
    {
        ServerAnswer.Answered { Status: 204 or 404 or 410 } => Empty(tile),
        ServerAnswer.Answered { Status: 200, Content.Length: 0 } => Empty(tile),
        ServerAnswer.Answered { Status: 200 } found => Content(found, host, tile, format),
        // WMTS 1.0.0, 7.2.4: beyond the limits of a layer a server answers with an exception.
        ServerAnswer.Answered { Status: 400 } refused when refused.Content.Span.IndexOf("TileOutOfRange"u8) >= 0 => Empty(tile),
        ServerAnswer.Answered { Status: 401 or 403 } => throw new TileSourceException($"{host} does not let this server in"),
        ServerAnswer.Answered failed => throw new TileSourceException(
            string.Create(CultureInfo.InvariantCulture, $"{host} answers with HTTP {failed.Status}"), null, MayChange(failed) ? failed.RetryAfter ?? _later : null),
        ServerAnswer.TooLarge => throw new TileSourceException(string.Create(CultureInfo.InvariantCulture, $"{host} sends more than the {limits.MaxBytes} bytes that a tile may have")),
        ServerAnswer.Refused refused => throw new TileSourceException(refused.Message),
        ServerAnswer.Failed failed => throw new TileSourceException(failed.Message, null, _later),
        _ => throw new InvalidOperationException("There is no other answer."),
    };

    private static MadeTile Content(ServerAnswer.Answered answer, string host, TileIndex tile, TileFormat format)
    {
        var encoding = answer.ContentEncoding switch
        {
            // Files that were packed beforehand are sent without a word about it.
            null => TileContent.IsGzip(answer.Content.Span) ? TileEncoding.Gzip : TileEncoding.Identity,
            "gzip" or "x-gzip" => TileEncoding.Gzip,
            "br" => TileEncoding.Brotli,
            { } other => throw new TileSourceException($"{host} packs its answer as '{other}'"),
        };
        var (found, isEmpty) = TileContent.Look(answer.Content, encoding);
        if (isEmpty && format.IsVector)
        {
            return Empty(tile);
        }

        if (found != format || isEmpty)
        {
            throw new TileSourceException($"{host} sends {found?.Name ?? "no tile"} where the layer says {format.Name}");
        }

        if (encoding == TileEncoding.Identity || format.Compressible)
        {
            return new MadeTile(tile, answer.Content, TileNotes.None, encoding);
        }

        try
        {
            return new MadeTile(tile, TileContent.Unpack(answer.Content, encoding), TileNotes.None);
        }
        catch (InvalidDataException damaged)
        {
            throw new TileSourceException($"{host} sends a damaged tile", damaged, _later);
        }
    }

    private static MadeTile Empty(TileIndex tile) => new(tile, ReadOnlyMemory<byte>.Empty, TileNotes.Empty);

    /// <summary>Between half of it and half more.</summary>
    private static TimeSpan Jitter(TimeSpan pause) => Backoff.Spread(pause, share: 0.5);

    [LoggerMessage(EventId = 4230, Level = LogLevel.Warning, Message = "Tile {Level}/{Column}/{Row} of {Layer} could not be had: {Reason}")]
    private partial void LogFailed(string layer, int level, int column, int row, string reason);
}

/// <param name="Attempts">For a tile.</param>
/// <param name="Connections">At once to one server.</param>
/// <param name="MaxBytes">Of a tile.</param>
/// <param name="TimeLimit">Of one attempt.</param>
internal sealed record UpstreamLimits(int Attempts, int Connections, int MaxBytes, TimeSpan TimeLimit);
