using GeoWps.Domain.Caching;
namespace GeoWps.Application.Tiles.Caching;
/// <summary>stub</summary>
public sealed class TileCache
{
    public bool TryGet(in TileKey key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out StoredTile? tile) { tile = null; return false; }
    public ValueTask<StoredTile?> FindAsync(TileKey key, CancellationToken cancellationToken) => default;
    public TileTicket Begin(TilesetKey tileset) => default;
    public Task PutAsync(TileTicket ticket, IReadOnlyList<KeyValuePair<TileKey, StoredTile>> tiles, CancellationToken cancellationToken) => Task.CompletedTask;
}
/// <summary>stub</summary>
public readonly record struct TileTicket(long X);
