using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>
/// Writes tiles of a layer into an archive, which becomes a result of its job. Fresh tiles come out of the cache, the others are made, several metatiles at
/// once; neither tiles nor the file are ever in memory as a whole. A tile that can't be made ends the job: an archive has no holes that nobody knows of.
/// </summary>
public sealed partial class ExportTiles(
    PlanSeed plans,
    MakeTiles maker,
    TileCache cache,
    TileThreads threads,
    LayerCatalogue layers,
    ITileArchives archives,
    ILayerFiles files,
    IBlobStore blobs,
    IOptions<SeedingOptions> options,
    TimeProvider clock,
    ILogger<ExportTiles> logger)
{
    /// <summary>Per cent of the work that is over when all tiles are there: a PMTiles is put in order then.</summary>
    private const double TilesShare = 95;

    /// <summary>Latitude at which Web Mercator ends, degrees.</summary>
    private const double LastLatitude = 85.0511287798066;

    /// <summary>Works out which tiles those are.</summary>
    /// <returns><see langword="null"/> when there are mistakes, or nothing can be said yet (<see cref="SeedArea.Unread"/>).</returns>
    public async Task<SeedPlan?> PlanAsync(TileArchiveWish wish, List<Mistake> mistakes, CancellationToken cancellationToken)
    {
        var tiles = wish.Tiles;
        if (tiles.Formats.Count == 0 && await layers.FindAsync(tiles.Layer, cancellationToken) is { } layer)
        {
            tiles = tiles with { Formats = [.. maker.FormatsOf(layer).Take(1)] };
        }

        var plan = await plans.ExecuteAsync(tiles, mistakes, cancellationToken, keeps: false);
        if (plan is { Parts.Count: 0 })
        {
            mistakes.Add(new Mistake("", "there are no tiles at these zooms in this area"));
            return null;
        }

        return plan;
    }

    public async Task<RunOutcome> ExecuteAsync(TileArchiveWish wish, JobRun run, CancellationToken cancellationToken)
    {
        var mistakes = new List<Mistake>();
        if (await PlanAsync(wish, mistakes, cancellationToken) is not { } plan)
        {
            return new RunOutcome.Refused(mistakes);
        }

        // Where data of layers are written aside: it is gone when this is over, and when the server dies, at its next start.
        using var draft = files.Begin();
        var path = draft.PathOf(wish.FileName);
        var tally = new Tally();
        try
        {
            var description = await DescribeAsync(wish, plan, cancellationToken);
            var summary = await archives.WriteAsync(wish.Kind, path, description, TilesAsync(plan, run, tally, cancellationToken), cancellationToken);
            if (await layers.FindAsync(wish.Tiles.Layer, cancellationToken) is not { } now || now.Revision != plan.Revision)
            {
                return Failed($"the layer {wish.Tiles.Layer} has changed or gone while it was exported");
            }

            var blob = await blobs.TakeAsync(JobKeys.Output(run.Job.Id, run.Job.Attempt, wish.FileName), wish.MediaType, path, cancellationToken);
            if (tally.Truncated > 0)
            {
                run.Log("warning", string.Create(CultureInfo.InvariantCulture, $"{tally.Truncated:N0} tiles hold less than the data have: a limit of the layer was hit"));
            }

            run.Log("info", string.Create(
                CultureInfo.InvariantCulture, $"{summary.Tiles:N0} tiles with content ({summary.Contents:N0} different) of {tally.Tiles:N0}, {blob.Length:N0} bytes; {tally.Kept:N0} out of the cache"));
            LogExported(run.Job.Id, wish.Tiles.Layer, summary.Tiles, blob.Length);
            return new RunOutcome.Succeeded([new OutputValue.Content(SeedNames.Archive, blob.Key, wish.MediaType, wish.FileName, blob.Length, [])]);
        }
        catch (Exception failure) when (failure is TileSourceException or Nodes.ElsewhereException)
        {
            return Failed(failure.Message);
        }
        catch (TileArchiveException failure)
        {
            return Failed(failure.Message);
        }
    }

    private static RunOutcome.Failed Failed(string why) => new(new JobFailure(FailureKind.Algorithm, why));

    private async Task<TileArchiveDescription> DescribeAsync(TileArchiveWish wish, SeedPlan plan, CancellationToken cancellationToken)
    {
        var (layer, format) = (plan.Parts[0].Tileset.Layer, plan.Parts[0].Format);
        var (min, max) = (plan.Parts.Min(part => part.Walk.Level), plan.Parts.Max(part => part.Walk.Level));
        return new TileArchiveDescription(layer.Title, format, ExtentOf(layer, wish.Tiles.Area), min, max)
        {
            Description = layer.Description,
            Attribution = layer.Attribution,
            Layers = format.IsVector ? await LayersOfAsync(layer, min, max, cancellationToken) : [],
        };
    }

    /// <summary>What its vector tiles have inside. Tiles that came out of an archive have what that one says.</summary>
    private async Task<IReadOnlyList<TileArchiveLayer>> LayersOfAsync(Layer layer, int min, int max, CancellationToken cancellationToken)
    {
        await files.BringAsync(layer, cancellationToken);
        if (layer.Source is LayerSource.Tiles source && (await archives.InspectAsync(files.PathOf(layer.Id, source.Path), cancellationToken)).Layers is { Count: > 0 } known)
        {
            return known;
        }

        var fields = layer.Contents.Fields.Where(field => layer.Tiles.Attributes?.Contains(field.Name, StringComparer.Ordinal) != false);
        return [new TileArchiveLayer(layer.Tiles.Name ?? layer.Id, layer.Title, min, max, [.. fields], layer.Contents.GeometryType)];
    }

    private static Extent ExtentOf(Layer layer, SeedArea area)
    {
        var all = layer.Contents.Extent.Meet(Extent.World with { MinY = -LastLatitude, MaxY = LastLatitude });
        var within = area switch
        {
            SeedArea.Boxes(var boxes) => boxes.Aggregate(Extent.Empty, (one, other) => one.Join(other)),
            SeedArea.Polygons(var rings) => rings.SelectMany(ring => ring.Chunk(2)).Aggregate(Extent.Empty, (one, place) => one.Join(new Extent(place[0], place[1], place[0], place[1]))),
            _ => all,
        };
        return all.Meet(within) is { IsEmpty: false } met ? met : all;
    }

    /// <summary>All tiles of a plan, as they come.</summary>
    private async IAsyncEnumerable<ArchivedTile> TilesAsync(SeedPlan plan, JobRun run, Tally tally, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ready = Channel.CreateBounded<(long MetaTile, IReadOnlyList<ArchivedTile> Tiles)>(new BoundedChannelOptions(threads.Most) { SingleReader = true });
        var filling = FillAsync(plan, ready.Writer, tally, stop.Token);
        var (done, told, began) = (0L, TimeSpan.Zero, clock.GetTimestamp());
        try
        {
            await foreach (var (metaTile, tiles) in ready.Reader.ReadAllAsync(cancellationToken))
            {
                foreach (var tile in tiles)
                {
                    yield return tile;
                }

                done += metaTile;
                run.Progress(TilesShare * done / plan.Tiles);
                if (clock.GetElapsedTime(began) is var spent && spent - told >= TimeSpan.FromSeconds(Math.Clamp(spent.TotalSeconds / 100, 2, 300)))
                {
                    told = spent;
                    run.Log("progress", string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {plan.Tiles:N0} tiles"));
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await filling;
        }
    }

    /// <summary>Never throws: what goes wrong goes to the reader.</summary>
    private async Task FillAsync(SeedPlan plan, ChannelWriter<(long, IReadOnlyList<ArchivedTile>)> ready, Tally tally, CancellationToken stop)
    {
        try
        {
            var work = new ParallelOptions { MaxDegreeOfParallelism = threads.Most, CancellationToken = stop };
            var metaTiles = plan.Parts.SelectMany(part => part.Divided(), (part, divided) => (Part: part, divided.Tiles, divided.Wanted));
            await Parallel.ForEachAsync(metaTiles, work, async (each, token) =>
            {
                await threads.WaitAsync(token);
                IReadOnlyList<ArchivedTile> tiles;
                try
                {
                    tiles = await TilesOfAsync(each.Part, each.Tiles, each.Wanted, tally, token);
                }
                finally
                {
                    threads.Release();
                }

                // Not while it holds a thread: whoever writes may be slower than all who make.
                await ready.WriteAsync((each.Tiles.Range.Count, tiles), token);
            });
            ready.Complete();
        }
        catch (Exception error)
        {
            ready.Complete(error);
        }
    }

    private async Task<IReadOnlyList<ArchivedTile>> TilesOfAsync(SeedPart part, MetaTile tiles, IReadOnlyList<TileRange> wanted, Tally tally, CancellationToken stop)
    {
        var kept = await KeptAsync(part, tiles.Level, wanted, stop);
        var found = kept ?? await MakeAsync(part, tiles, stop);
        var (archived, truncated) = (new List<ArchivedTile>(), 0);
        foreach (var tile in wanted.SelectMany(Each))
        {
            archived.Add(new ArchivedTile(tiles.Level, tile, found[tile].Content, found[tile].Encoding));
            truncated += found[tile].Notes.HasFlag(TileNotes.Truncated) ? 1 : 0;
        }

        tally.Add(archived.Count, kept is null ? 0 : archived.Count, truncated);
        return archived;
    }

    /// <returns><see langword="null"/> when one is missing or too old: they are made together.</returns>
    private async Task<IReadOnlyDictionary<TileIndex, StoredTile>?> KeptAsync(SeedPart part, int level, IReadOnlyList<TileRange> wanted, CancellationToken stop)
    {
        var (key, layer) = (part.Tileset.Key(part.Format), part.Tileset.Layer);
        if (!layer.Caching.Enabled)
        {
            return null;
        }

        var fresh = layer.Caching.FreshFor(level) ?? TimeSpan.MaxValue;
        var found = new Dictionary<TileIndex, StoredTile>();
        foreach (var tile in wanted.SelectMany(Each))
        {
            if (await cache.LookAsync(new TileKey(key, level, tile), stop) is not { } kept || clock.GetUtcNow() - kept.Made >= fresh)
            {
                return null;
            }

            found.Add(tile, kept);
        }

        return found;
    }

    private static IEnumerable<TileIndex> Each(TileRange range) =>
        from row in Enumerable.Range(range.MinRow, range.Rows) from column in Enumerable.Range(range.MinColumn, range.Columns) select new TileIndex(column, row);

    private async Task<IReadOnlyDictionary<TileIndex, StoredTile>> MakeAsync(SeedPart part, MetaTile tiles, CancellationToken stop)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return (await maker.SeedAsync(part.Tileset, part.Format, tiles, anew: false, stop)).Tiles;
            }
            catch (TileSourceException error) when (attempt < options.Value.Retries)
            {
                await Task.Delay(SeedPace.Pause(attempt, error.RetryAfter), clock, stop);
            }
            catch (TileSourceException error)
            {
                LogFailed(error, part.Tileset.Layer.Id, tiles.Level, tiles.Range.MinColumn, tiles.Range.MinRow);
                throw new TileSourceException(FormattableString.Invariant($"the tiles at {tiles.Level}/{tiles.Range.MinColumn}/{tiles.Range.MinRow} failed: {error.Message}"), error);
            }
        }
    }

    private sealed class Tally
    {
        private long _tiles;
        private long _kept;
        private long _truncated;

        /// <summary>All, with the empty ones.</summary>
        public long Tiles => Interlocked.Read(ref _tiles);

        /// <summary>Tiles that came out of the cache.</summary>
        public long Kept => Interlocked.Read(ref _kept);

        /// <summary>Tiles that hold less than the data.</summary>
        public long Truncated => Interlocked.Read(ref _truncated);

        public void Add(int tiles, int kept, int truncated)
        {
            Interlocked.Add(ref _tiles, tiles);
            Interlocked.Add(ref _kept, kept);
            Interlocked.Add(ref _truncated, truncated);
        }
    }

    [LoggerMessage(EventId = 1680, Level = LogLevel.Information, Message = "Job {JobId} has exported {Tiles} tiles of layer {Layer}, {Bytes} bytes")]
    private partial void LogExported(JobId jobId, string layer, long tiles, long bytes);

    [LoggerMessage(EventId = 1681, Level = LogLevel.Warning, Message = "An export of layer {Layer} ends: the metatile at {Zoom}/{Column}/{Row} could not be made")]
    private partial void LogFailed(Exception error, string layer, int zoom, int column, int row);
}
