using System.Collections.Concurrent;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;

namespace GeoWps.Tests.Unit.Caching;

/// <summary>A store in memory that takes its time, before and after what it does, and can be held or made to fail.</summary>
/// <param name="mostMilliseconds">Of each wait, by chance.</param>
internal sealed class SlowStore(int mostMilliseconds) : ITileStore
{
    private readonly ConcurrentDictionary<TileKey, StoredTile> _tiles = [];
    private Task _reads = Task.CompletedTask;
    private Task _writes = Task.CompletedTask;
    private Task _removals = Task.CompletedTask;

    public bool Fails { get; set; }

    /// <summary>What is read from now on is read, but given back only when this is set.</summary>
    public TaskCompletionSource HoldReads()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _reads = held.Task;
        return held;
    }

    /// <summary>What is stored from now on is stored when this is set.</summary>
    public TaskCompletionSource HoldWrites()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _writes = held.Task;
        return held;
    }

    /// <summary>What is removed from now on is removed when this is set.</summary>
    public TaskCompletionSource HoldRemovals()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _removals = held.Task;
        return held;
    }

    public async ValueTask<StoredTile?> FindAsync(TileKey key, CancellationToken cancellationToken)
    {
        await WaitAsync();
        var found = _tiles.GetValueOrDefault(key);
        await _reads;
        await WaitAsync();
        return found;
    }

    public async Task PutAsync(IReadOnlyList<KeyValuePair<TileKey, StoredTile>> tiles, CancellationToken cancellationToken)
    {
        await WaitAsync();
        await _writes;
        foreach (var (key, tile) in tiles)
        {
            _tiles[key] = tile;
            await WaitAsync();
        }
    }

    public Task RemoveAsync(TileSelection selection, CancellationToken cancellationToken) => RemoveAsync(key => key.Tileset == selection.Tileset
        && (selection.Level is null || key.Level == selection.Level) && (selection.Ranges is null || selection.Ranges.Any(range => range.Contains(key.Tile))));

    public Task RemoveLayerAsync(string layer, CancellationToken cancellationToken) => RemoveAsync(key => key.Tileset.Layer == layer);

    public IAsyncEnumerable<TilesetUse> UseAsync(string? layer, CancellationToken cancellationToken) => _tiles.GroupBy(tile => tile.Key.Tileset)
        .Where(tileset => layer is null || tileset.Key.Layer == layer)
        .Select(tileset => new TilesetUse(tileset.Key, tileset.Count(), tileset.Sum(tile => (long)tile.Value.Content.Length))).ToAsyncEnumerable();

    private async Task RemoveAsync(Func<TileKey, bool> which)
    {
        await WaitAsync();
        await _removals;
        foreach (var key in _tiles.Keys.Where(which))
        {
            _tiles.TryRemove(key, out _);
            await WaitAsync();
        }

        await WaitAsync();
    }

    private async Task WaitAsync()
    {
        if (Fails)
        {
            throw new IOException("The disk is full.");
        }

        if (mostMilliseconds > 0 && Random.Shared.Next(3) == 0)
        {
            await Task.Delay(Random.Shared.Next(mostMilliseconds + 1));
        }
    }
}
