using GeoWps.Application.Ports;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Layers;

namespace GeoWps.Application.Tiles;

/// <summary>Drops the tiles of layers that have changed or are gone, and tells what those of others may take.</summary>
public sealed class TilesOfLayers(TileCache cache) : ILayerWatch
{
    public void Stored(Layer layer) => cache.SetQuota(layer.Id, layer.Caching.QuotaBytes);

    public Task ChangedAsync(Layer layer, CancellationToken cancellationToken) => cache.RemoveLayerAsync(layer.Id, cancellationToken);

    public Task RemovedAsync(string id, CancellationToken cancellationToken)
    {
        cache.SetQuota(id, 0);
        return cache.RemoveLayerAsync(id, cancellationToken);
    }
}
