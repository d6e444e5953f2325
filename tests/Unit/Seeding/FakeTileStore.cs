using System.Collections.Concurrent;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;

namespace GeoWps.Tests.Unit.Seeding;

/// <summary>Tiles in a dictionary.</summary>
internal sealed class FakeTileStore : ITileStore
{
    public ConcurrentDictionary<TileKey, StoredTile> Tiles { get; } = [];

    /// <summary>What it was asked to remove; a whole layer as its id alone.</summary>
    public ConcurrentQueue<object> Removed { get; } = [];

    public ValueTask<StoredTile?> FindAsync(TileKey key, CancellationToken cancellationToken) => new(Tiles.GetValueOrDefault(key));

    public Task PutAsync(IReadOnlyList<KeyValuePair<TileKey, StoredTile>> tiles, CancellationToken cancellationToken)
    {
        foreach (var (key, tile) in tiles)
        {
            Tiles[key] = tile;
        }

        return Task.CompletedTask;
    }

    public Task RemoveAsync(TileSelection selection, CancellationToken cancellationToken)
    {
        Removed.Enqueue(selection);
        foreach (var key in Tiles.Keys.Where(key => key.Tileset == selection.Tileset && key.Level == (selection.Level ?? key.Level) && selection.Ranges?.Any(range => range.Contains(key.Tile)) != false))
        {
            Tiles.TryRemove(key, out _);
        }

        return Task.CompletedTask;
    }

    public Task RemoveLayerAsync(string layer, CancellationToken cancellationToken)
    {
        Removed.Enqueue(layer);
        foreach (var key in Tiles.Keys.Where(key => key.Tileset.Layer == layer))
        {
            Tiles.TryRemove(key, out _);
        }

        return Task.CompletedTask;
    }

    public IAsyncEnumerable<TilesetUse> UseAsync(string? layer, CancellationToken cancellationToken) =>
        Tiles.GroupBy(pair => pair.Key.Tileset).Where(tiles => layer is null || tiles.Key.Layer == layer)
            .Select(tiles => new TilesetUse(tiles.Key, tiles.Count(), tiles.Sum(tile => (long)tile.Value.Content.Length))).ToAsyncEnumerable();
}
