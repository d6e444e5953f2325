using GeoWps.Application.Ports;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Layers;

namespace GeoWps.Application.Tiles;

/// <summary>Drops the tiles of layers that have changed or are gone.</summary>
public sealed class TilesOfLayers(TileCache cache) : ILayerWatch
{
    public Task ChangedAsync(Layer layer, CancellationToken cancellationToken) => cache.RemoveLayerAsync(layer.Id, cancellationToken);

    public Task RemovedAsync(string id, CancellationToken cancellationToken) => cache.RemoveLayerAsync(id, cancellationToken);
}
