using System.Globalization;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>Makes the tiles of a plan, several at once, and goes on after a restart where it was. All seeding of a node shares its threads.</summary>
public sealed partial class SeedTiles
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly MakeTiles _maker;
    private readonly TileCache _cache;
    private readonly LayerTilesets _tilesets;
    private readonly SeedCursors _cursors;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SeedingOptions _options;
    private readonly TileThreads _threads;

    public SeedTiles(
        MakeTiles maker,
        TileCache cache,
        LayerTilesets tilesets,
        TileThreads threads,
        IBlobStore blobs,
        IOptions<SeedingOptions> options,
        TimeProvider clock,
        ILogger<SeedTiles> logger)
    {
        (_maker, _cache, _tilesets, _threads, _cursors, _clock, _logger) = (maker, cache, tilesets, threads, new SeedCursors(blobs), clock, logger);
        _options = options.Value;
    }

    /// <returns>What came of it, and why it failed if it did.</returns>
    internal async Task<(SeedTally Tally, double Seconds, string? Failure)> ExecuteAsync(SeedPlan plan, SeedWish wish, JobRun run, CancellationToken cancellationToken)
    {
        var start = await _cursors.FindAsync(run.Job, cancellationToken) is { } found && found.Fits(plan) ? found : SeedCursor.Start(plan);
        if (start.Done > 0)
        {
            run.Log("info", string.Create(CultureInfo.InvariantCulture, $"goes on after {start.Tally.Tiles:N0} of {plan.Tiles:N0} tiles"));
        }

        using var state = new SeedState(plan, start);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var seeding = new Seeding(plan, wish, run, state, new SeedPace(wish.Rate, _clock), stop, _clock.GetTimestamp());
        var watching = WatchAsync(seeding);
        var workers = Enumerable.Range(0, Math.Min(wish.Threads ?? int.MaxValue, _threads.Most)).Select(_ => Task.Run(() => WorkAsync(seeding), CancellationToken.None)).ToArray();
        try
        {
            await Task.WhenAll(workers);
        }
        catch (OperationCanceledException) when (seeding.Failure is not null && !cancellationToken.IsCancellationRequested)
        {
            // It was given up: the failure says why.
        }
        catch (Exception) when (seeding.Broken is { } broken)
        {
            // The first cause, and not that the others were stopped for it.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(broken);
        }
        finally
        {
            await stop.CancelAsync();
            await watching;
        }

        var spent = start.Seconds + _clock.GetElapsedTime(seeding.Began).TotalSeconds;
        run.Log("info", Said(plan, state.Tally, 0));
        LogEnded(run.Job.Id, state.Tally.Made, state.Tally.Kept, state.Tally.Failed, spent);
        return (state.Tally, spent, seeding.Failure);
    }

    private async Task WorkAsync(Seeding seeding)
    {
        try
        {
            await WorkAsync(seeding, seeding.Stop.Token);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            seeding.Broken ??= error;
            await seeding.Stop.CancelAsync();
            throw;
        }
    }

    private async Task WorkAsync(Seeding seeding, CancellationToken stop)
    {
        while (seeding.State.TryNext(out var number, out var part, out var tiles))
        {
            await _threads.WaitAsync(stop);
            try
            {
                seeding.State.Done(number, await MakeAsync(seeding, part, tiles, stop));
            }
            finally
            {
                _threads.Release();
            }

            var failed = seeding.State.Tally.Failed;
            if (failed > _options.FailedShare * seeding.Plan.Tiles)
            {
                seeding.GiveUp(string.Create(
                    CultureInfo.InvariantCulture, $"{failed:N0} of {seeding.Plan.Tiles:N0} tiles failed, more than Seeding:FailedShare allows; the last: {seeding.LastReason}"));
            }

            stop.ThrowIfCancellationRequested();
        }
    }

    private async Task<SeedTally> MakeAsync(Seeding seeding, SeedPart part, MetaTile tiles, CancellationToken stop)
    {
        var anew = seeding.Wish.Operation == SeedOperation.Reseed;
        var tileset = seeding.Current(part.Tileset);
        if (!anew && await IsThereAsync(tileset, part.Format, tiles, stop))
        {
            return new SeedTally(0, tiles.Range.Count, 0, 0, 0);
        }

        await seeding.Pace.WaitAsync(tiles.Range.Count, stop);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var (made, stored) = await _maker.SeedAsync(tileset, part.Format, tiles, anew, stop);
                if (stored < made.Count && attempt < _options.Retries)
                {
                    // Emptied while it was made, or the store could not: what is made now is of today.
                    continue;
                }

                var lost = made.Count - stored;
                if (lost > 0)
                {
                    seeding.Complain("the cache did not take them");
                }

                return new SeedTally(stored, 0, made.Values.Count(tile => tile.Notes.HasFlag(TileNotes.Empty)), lost, made.Values.Sum(tile => (long)tile.Content.Length));
            }
            catch (Exception error) when (error is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                var known = error as TileSourceException;
                if (attempt >= _options.Retries && _maker.PiecesOf(tileset, part.Format, tiles) is { Count: > 1 } pieces)
                {
                    // Made together because that is quicker: what fails of them need not fail all.
                    var tally = default(SeedTally);
                    foreach (var piece in pieces)
                    {
                        tally += await MakeAsync(seeding, part, piece, stop);
                    }

                    return tally;
                }

                if (attempt >= _options.Retries)
                {
                    var matrix = tileset.Set.Matrices[tiles.Level].Id;
                    seeding.Complain(known?.Message ?? (error as Nodes.ElsewhereException)?.Message ?? "the server failed; its log says more", $"{tileset.Set.Id}/{matrix}/{tiles.Range.MinRow}/{tiles.Range.MinColumn}");
                    LogFailed(error, tileset.Layer.Id, tileset.Set.Id, matrix, tiles.Range.MinRow, tiles.Range.MinColumn);
                    return new SeedTally(0, 0, 0, tiles.Range.Count, 0);
                }

                await Task.Delay(SeedPace.Pause(attempt, known?.RetryAfter), _clock, stop);
            }
        }
    }

    private async Task<bool> IsThereAsync(LayerTileset tileset, TileFormat format, MetaTile tiles, CancellationToken stop)
    {
        var key = tileset.Key(format);
        var fresh = tileset.Layer.Caching.FreshFor(tiles.Level);
        for (var row = tiles.Range.MinRow; row <= tiles.Range.MaxRow; row++)
        {
            for (var column = tiles.Range.MinColumn; column <= tiles.Range.MaxColumn; column++)
            {
                if (await _cache.LookAsync(new TileKey(key, tiles.Level, new TileIndex(column, row)), stop) is not { } kept || _clock.GetUtcNow() - kept.Made >= (fresh ?? TimeSpan.MaxValue))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Tells how far it is, keeps the place, and sees whether the layer is still there.</summary>
    private async Task WatchAsync(Seeding seeding)
    {
        var (last, rate, told, kept) = (seeding.State.Tally.Tiles, 0d, TimeSpan.Zero, 0L);
        var (plan, run, stop) = (seeding.Plan, seeding.Run, seeding.Stop.Token);
        using var timer = new PeriodicTimer(BetweenLooks, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var (tally, spent) = (seeding.State.Tally, _clock.GetElapsedTime(seeding.Began));
                rate = rate == 0 ? tally.Tiles - last : (0.9 * rate) + (0.1 * (tally.Tiles - last));
                last = tally.Tiles;
                run.Progress(100d * tally.Tiles / Math.Max(1, plan.Tiles));

                // A log of days stays readable: the longer it takes, the longer is the time between two lines.
                if (spent - told >= TimeSpan.FromSeconds(Math.Clamp(spent.TotalSeconds / 100, 2, 300)))
                {
                    told = spent;
                    run.Log("progress", Said(plan, tally, rate));
                }

                if (seeding.State.Cursor(spent) is var cursor && cursor.Done != kept)
                {
                    kept = cursor.Done;
                    await KeepAsync(run.Job, cursor);
                }

                try
                {
                    await FollowLayerAsync(seeding, stop);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    // The store of layers is away for a moment: what is known of this one holds until it is back.
                    LogNotFollowed(error, seeding.Wish.Layer);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // An orderly stop: the next attempt begins exactly here.
            await KeepAsync(run.Job, seeding.State.Cursor(_clock.GetElapsedTime(seeding.Began)));
        }
    }

    private async Task KeepAsync(Job job, SeedCursor cursor)
    {
        try
        {
            await _cursors.PutAsync(job, cursor, CancellationToken.None);
        }
        catch (Exception error)
        {
            // A restart would begin earlier than it had to; nothing else.
            LogNotKept(error, job.Id);
        }
    }

    private async Task FollowLayerAsync(Seeding seeding, CancellationToken stop)
    {
        foreach (var part in seeding.Plan.Parts.DistinctBy(part => part.Tileset.Set.Id))
        {
            var (tileset, _) = await _tilesets.FindAsync(seeding.Wish.Layer, part.Tileset.Set.Id, stop);
            if (tileset is null)
            {
                seeding.GiveUp($"the layer {seeding.Wish.Layer} or its tile matrix set {part.Tileset.Set.Id} is gone");
            }
            else if (seeding.Follow(tileset))
            {
                seeding.Run.Log("warning", "the layer has changed; what was made of it before may have been removed");
            }
        }
    }

    private static string Said(SeedPlan plan, SeedTally tally, double rate)
    {
        var failed = tally.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {tally.Failed:N0} failed") : "";
        var left = plan.Tiles - tally.Tiles;
        var pace = rate >= 0.05 && left > 0 ? string.Create(CultureInfo.InvariantCulture, $", {rate:N0} a second, {Span(left / rate)} left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{tally.Tiles:N0} of {plan.Tiles:N0} tiles{failed}{pace}");
    }

    private static string Span(double seconds) => seconds switch
    {
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 5400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        < 172_800 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400:0} days"),
    };

    /// <summary>One run, as its workers share it.</summary>
    private sealed class Seeding(SeedPlan plan, SeedWish wish, JobRun run, SeedState state, SeedPace pace, CancellationTokenSource stop, long began)
    {
        private const int MostComplaints = 20;

        private readonly Dictionary<string, LayerTileset> _tilesets = plan.Parts.DistinctBy(part => part.Tileset.Set.Id).ToDictionary(part => part.Tileset.Set.Id, part => part.Tileset);
        private int _complaints;

        public SeedPlan Plan => plan;

        public SeedWish Wish => wish;

        public JobRun Run => run;

        public SeedState State => state;

        public SeedPace Pace => pace;

        public CancellationTokenSource Stop => stop;

        public long Began => began;

        public string? Failure { get; private set; }

        /// <summary>What should not have happened.</summary>
        public Exception? Broken { get; set; }

        public string LastReason { get; private set; } = "";

        /// <summary>The tileset as the layer is now.</summary>
        public LayerTileset Current(LayerTileset planned)
        {
            lock (_tilesets)
            {
                return _tilesets[planned.Set.Id];
            }
        }

        /// <returns>Whether it is another one than before.</returns>
        public bool Follow(LayerTileset tileset)
        {
            lock (_tilesets)
            {
                var changed = _tilesets[tileset.Set.Id].Layer.Revision != tileset.Layer.Revision;
                _tilesets[tileset.Set.Id] = tileset;
                return changed;
            }
        }

        public void Complain(string reason, string? place = null)
        {
            LastReason = reason;
            var number = Interlocked.Increment(ref _complaints);
            if (number <= MostComplaints)
            {
                run.Log("warning", $"tiles{(place is null ? "" : $" at {place}")} failed: {reason}{(number == MostComplaints ? "; further ones are only counted" : "")}");
            }
        }

        public void GiveUp(string why)
        {
            Failure ??= why;
            stop.Cancel();
        }
    }

    [LoggerMessage(EventId = 1650, Level = LogLevel.Information, Message = "Job {JobId} has seeded {Made} tiles in {Seconds:0.0} s; {Kept} were there, {Failed} failed")]
    private partial void LogEnded(JobId jobId, long made, long kept, long failed, double seconds);

    [LoggerMessage(EventId = 1651, Level = LogLevel.Warning, Message = "A metatile of layer {Layer} could not be seeded: {TileMatrixSet}/{TileMatrix}/{Row}/{Column}")]
    private partial void LogFailed(Exception error, string layer, string tileMatrixSet, string tileMatrix, int row, int column);

    [LoggerMessage(EventId = 1653, Level = LogLevel.Warning, Message = "Whether layer {Layer}, which is being seeded, is still there can't be told")]
    private partial void LogNotFollowed(Exception error, string layer);

    [LoggerMessage(EventId = 1652, Level = LogLevel.Warning, Message = "How far job {JobId} is could not be kept; a restart would begin earlier than it had to")]
    private partial void LogNotKept(Exception error, JobId jobId);
}
