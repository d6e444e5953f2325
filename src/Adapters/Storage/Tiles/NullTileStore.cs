using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;

namespace GeoWps.Adapters.Storage.Tiles;

/// <summary>Keeps nothing.</summary>
internal sealed class NullTileStore : ITileStore
{
    public ValueTask<StoredTile?> FindAsync(TileKey key, CancellationToken cancellationToken) => default;

    public Task PutAsync(IReadOnlyList<KeyValuePair<TileKey, StoredTile>> tiles, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RemoveAsync(TileSelection selection, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RemoveLayerAsync(string layer, CancellationToken cancellationToken) => Task.CompletedTask;

    public IAsyncEnumerable<TilesetUse> UseAsync(string? layer, CancellationToken cancellationToken) => AsyncEnumerable.Empty<TilesetUse>();
}
