using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Tiles.Caching;

/// <summary>
/// Made tiles on two levels, memory over a persistent store, either of which may be missing. It knows keys and bytes, no layers; whether a tile is
/// still fresh is the caller's to judge (<see cref="StoredTile.Made"/>).
/// </summary>
/// <remarks>
/// The levels stay in step: what a reader found in the store gets into memory only when nobody stored or emptied it meanwhile; and what was made from
/// data of before an emptying is not stored after it, for which a maker takes a ticket before it reads.
/// A store that fails is a cache that has nothing: readers get no tile and makers go on; only who empties it is told.
/// </remarks>
public sealed partial class TileCache : IAsyncDisposable
{
    private readonly MemoryTiles? _memory;
    private readonly ITileStore? _store;
    private readonly ICacheNews _news;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly TileScopes _scopes = new();
    private readonly TileQuotas? _quotas;
    private readonly CacheFigures _figures;
    private readonly IDisposable _listening;
    private long _lastComplaint;
    private long _lastUse;

    /// <param name="memory">What memory keeps; <see langword="null"/> for no memory level.</param>
    /// <param name="store">The persistent level; <see langword="null"/> for none. It stays its maker's.</param>
    /// <param name="quotaBytes">That the persistent level may take in all; 0: as much as there is.</param>
    public TileCache(CachePolicy? memory, ITileStore? store, long quotaBytes, ICacheNews news, TimeProvider clock, ILogger<TileCache> logger, IMeterFactory? meters = null)
    {
        (_store, _news, _clock, _logger) = (store, news, clock, logger);
        _memory = memory is null ? null : new MemoryTiles(memory, clock);
        _quotas = store is null ? null : new TileQuotas(store, quotaBytes, key => _memory?.Holds(key) == true, logger);
        _figures = new CacheFigures(meters, _memory, () => Interlocked.Read(ref _lastUse), () => _quotas?.EvictedBytes ?? 0);
        _listening = news.Listen(Hear);
    }

    /// <summary>Whether it keeps anything at all.</summary>
    public bool IsEnabled => _memory is not null || _store is not null;

    /// <summary>Whether other nodes find what this one keeps.</summary>
    public bool IsShared => _store?.IsShared == true;

    /// <summary>A hit in memory, answered on the spot.</summary>
    public bool TryGet(in TileKey key, [NotNullWhen(true)] out StoredTile? tile)
    {
        if (_memory is not null && _memory.TryGet(key, out tile))
        {
            _figures.MemoryHit();
            return true;
        }

        tile = null;
        return false;
    }

    /// <summary>A hit on the lower level that nobody has to wait for; it goes up. What is not at hand counts as nothing yet: it is asked for again.</summary>
    public bool TryFindNow(in TileKey key, [NotNullWhen(true)] out StoredTile? tile)
    {
        tile = null;
        if (_store is null)
        {
            return false;
        }

        // What is known before the store is asked: a change after this is seen.
        var scope = _scopes.Of(key);
        var (mark, version) = (scope.Mark, _memory?.VersionOf(key) ?? 0);
        try
        {
            if (!_store.TryFindNow(key, out tile))
            {
                return false;
            }
        }
        catch (IOException reason)
        {
            Complain(reason, "read");
            return false;
        }

        _figures.PersistentHit();
        _memory?.Promote(key, tile, scope, mark, version);
        return true;
    }

    /// <summary>A hit on either level; one of the lower goes up.</summary>
    /// <returns><see langword="null"/> when it is not kept, or can't be read.</returns>
    public ValueTask<StoredTile?> FindAsync(TileKey key, CancellationToken cancellationToken)
    {
        if (TryGet(key, out var tile))
        {
            return new ValueTask<StoredTile?>(tile);
        }

        if (_store is null)
        {
            _figures.Miss();
            return default;
        }

        return FindBelowAsync(_store, key, cancellationToken);
    }

    /// <summary>What is kept for good, for who only looks whether there is something to do: nothing goes up, and no hit is counted.</summary>
    /// <returns><see langword="null"/> when it is not kept, or can't be read.</returns>
    public async ValueTask<StoredTile?> LookAsync(TileKey key, CancellationToken cancellationToken)
    {
        if (_store is null)
        {
            return _memory is not null && _memory.TryGet(key, out var tile) ? tile : null;
        }

        try
        {
            return await _store.FindAsync(key, cancellationToken);
        }
        catch (Exception reason) when (reason is not OperationCanceledException)
        {
            Complain(reason, "read");
            return null;
        }
    }

    /// <summary>To be taken before the data of tiles are read that are to be stored.</summary>
    /// <param name="turn">Where nodes make tiles by turns; what is stored when it was lost is refused.</param>
    public TileTicket Begin(TilesetKey tileset, TileTurn? turn = null) => _scopes.Begin(tileset, turn);

    /// <summary>Stores tiles of the ticket's tileset on both levels, but for those that were emptied since the ticket was taken.</summary>
    /// <param name="wanted">Somebody asked for them. What nobody did is no reason to forget what is in memory: it goes there only in place of an older one.</param>
    /// <returns>How many were stored.</returns>
    public async Task<int> PutAsync(TileTicket ticket, IReadOnlyList<KeyValuePair<TileKey, StoredTile>> tiles, CancellationToken cancellationToken, bool wanted = true)
    {
        if (!IsEnabled || tiles.Count == 0)
        {
            return 0;
        }

        // Whoever empties the layer waits until this is through, or sees to it that nothing is taken here.
        var phase = _scopes.Enter(ticket.Tileset.Layer);
        try
        {
            var taken = new List<KeyValuePair<TileKey, StoredTile>>(tiles.Count);
            var places = new List<(LevelScope Scope, int? Version)>(tiles.Count);
            foreach (var pair in tiles)
            {
                if (_scopes.Of(pair.Key) is var scope && pair.Key.Tileset.Equals(ticket.Tileset) && scope.Takes(pair.Key.Tile, ticket.Began))
                {
                    taken.Add(pair);
                    places.Add((scope, _store is null ? null : _memory?.Change(pair.Key)));
                }
            }

            if (taken.Count > 0 && await StoreAsync(taken, ticket.Turn, cancellationToken))
            {
                for (var i = 0; i < taken.Count; i++)
                {
                    if (wanted || _store is null || _memory?.Holds(taken[i].Key) == true)
                    {
                        _memory?.Put(taken[i].Key, taken[i].Value, places[i].Scope, places[i].Version);
                    }
                    else
                    {
                        // Also the old one that somebody may be bringing up just now.
                        _memory?.Remove(taken[i].Key);
                    }
                }

                return taken.Count;
            }

            return 0;
        }
        finally
        {
            phase.Leave();
        }
    }

    /// <summary>Empties a selection. Without ranges its cost does not grow with the number of tiles.</summary>
    public Task RemoveAsync(TileSelection selection, CancellationToken cancellationToken) => EmptyAsync(
        number => _scopes.EmptyAsync(selection, number),
        new CacheEmptied(selection.Tileset.Layer, selection),
        store => store.RemoveAsync(selection, cancellationToken),
        cancellationToken);

    /// <summary>Empties a layer in every set and format; as quick.</summary>
    public Task RemoveLayerAsync(string layer, CancellationToken cancellationToken) => EmptyAsync(
        number => _scopes.EmptyLayerAsync(layer, number),
        new CacheEmptied(layer),
        store => store.RemoveLayerAsync(layer, cancellationToken),
        cancellationToken);

    /// <summary>What each tileset of a layer, or of all, takes on the persistent level; in memory where that is the only one.</summary>
    public IAsyncEnumerable<TilesetUse> UseAsync(string? layer, CancellationToken cancellationToken) => _store is not null
        ? MeasuredAsync(_store, layer, cancellationToken)
        : (_memory?.Use() ?? []).Where(use => layer is null || use.Tileset.Layer == layer).Select(use => new TilesetUse(use.Tileset, use.Tiles, use.Bytes)).ToAsyncEnumerable();

    /// <summary>How much of the persistent level a layer may take; the least used goes, in the background. To be said again after each start.</summary>
    /// <param name="bytes">0: no limit of its own.</param>
    public void SetQuota(string layer, long bytes) => _quotas?.Set(layer, bytes);

    /// <summary>Ends when no tile has to go for a quota any more.</summary>
    internal Task SettledAsync() => _quotas?.IdleAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _listening.Dispose();
        if (_quotas is not null)
        {
            await _quotas.DisposeAsync();
        }

        _figures.Dispose();
    }

    private async ValueTask<StoredTile?> FindBelowAsync(ITileStore store, TileKey key, CancellationToken cancellationToken)
    {
        // What is known before the store is asked: a change after this is seen.
        var scope = _scopes.Of(key);
        var (mark, version) = (scope.Mark, _memory?.VersionOf(key) ?? 0);
        StoredTile? tile;
        try
        {
            tile = await store.FindAsync(key, cancellationToken);
        }
        catch (Exception reason) when (reason is not OperationCanceledException)
        {
            Complain(reason, "read");
            return null;
        }

        if (tile is null)
        {
            _figures.Miss();
            return null;
        }

        _figures.PersistentHit();
        _memory?.Promote(key, tile, scope, mark, version);
        return tile;
    }

    /// <returns><see langword="false"/> when the store could not, or the turn was lost; then memory has nothing either, since nobody knows what the store has.</returns>
    private async Task<bool> StoreAsync(List<KeyValuePair<TileKey, StoredTile>> tiles, TileTurn? turn, CancellationToken cancellationToken)
    {
        if (_store is null)
        {
            return true;
        }

        try
        {
            if (turn is null)
            {
                await _store.PutAsync(tiles, cancellationToken);
            }
            else if (!await _store.PutAsync(tiles, turn, cancellationToken))
            {
                tiles.ForEach(pair => _memory?.Remove(pair.Key));
                return false;
            }
        }
        catch (Exception reason)
        {
            tiles.ForEach(pair => _memory?.Remove(pair.Key));
            if (reason is OperationCanceledException)
            {
                throw;
            }

            Complain(reason, "stored");
            return false;
        }

        _quotas?.Stored(tiles[0].Key.Tileset.Layer, tiles.Sum(pair => (long)pair.Value.Content.Length));
        return true;
    }

    private async Task EmptyAsync(Func<long, Task> mark, CacheEmptied emptied, Func<ITileStore, Task> remove, CancellationToken cancellationToken)
    {
        var number = _scopes.NextNumber();
        var storing = mark(number);
        EmptyMemory(emptied);
        if (_store is null)
        {
            return;
        }

        await storing.WaitAsync(cancellationToken);
        await _news.TellAsync(emptied, cancellationToken);
        try
        {
            await remove(_store);
        }
        finally
        {
            // Somebody may have read a tile after the mark and before it was removed. With the same number, so that nobody's work is refused who
            // began meanwhile.
            _ = mark(number);
            EmptyMemory(emptied);
        }

        await _news.TellAsync(emptied, cancellationToken);
    }

    private void Hear(CacheEmptied emptied)
    {
        var number = _scopes.NextNumber();
        if (emptied.Selection is { } selection)
        {
            _ = _scopes.EmptyAsync(selection, number);
        }
        else if (emptied.Layer is { } layer)
        {
            _ = _scopes.EmptyLayerAsync(layer, number);
        }
        else
        {
            _scopes.EmptyAll(number);
        }

        EmptyMemory(emptied);
    }

    private void EmptyMemory(CacheEmptied emptied)
    {
        if (emptied.Selection is { Level: { } level, Ranges: { } ranges, Tileset: var tileset })
        {
            _memory?.Remove(tileset, level, ranges);
        }
        else
        {
            _memory?.SweepSoon();
        }
    }

    private async IAsyncEnumerable<TilesetUse> MeasuredAsync(ITileStore store, string? layer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var bytes = 0L;
        await foreach (var use in store.UseAsync(layer, cancellationToken))
        {
            bytes += use.Bytes;
            yield return use;
        }

        if (layer is null)
        {
            Interlocked.Exchange(ref _lastUse, bytes);
        }
    }

    // One line in ten seconds: a full disk would fill the log as well.
    private void Complain(Exception reason, string what)
    {
        _figures.Failure();
        var (now, last) = (_clock.GetTimestamp(), Interlocked.Read(ref _lastComplaint));
        if ((last == 0 || _clock.GetElapsedTime(last, now) > TimeSpan.FromSeconds(10)) && Interlocked.CompareExchange(ref _lastComplaint, now, last) == last)
        {
            LogFailed(reason, what);
        }
    }

    [LoggerMessage(EventId = 1410, Level = LogLevel.Warning, Message = "Tiles can not be {What} in the persistent cache; the server goes on without")]
    private partial void LogFailed(Exception reason, string what);
}
