using System.Collections.Concurrent;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;

namespace GeoWps.Tests.Unit.Seeding;

internal sealed class FakeLayers : ILayerStore
{
    public ConcurrentDictionary<string, Layer> Layers { get; } = new(StringComparer.Ordinal);

    /// <summary>The world in Web Mercator and in degrees, zooms 0 to 4, metatiles of 2 by 2.</summary>
    public static Layer World(string id) => new()
    {
        Id = id,
        Title = id,
        Source = new LayerSource.GeoPackage("data.gpkg", "data"),
        Contents = new LayerContents { Kind = LayerKind.Vector, Extent = Extent.World },
        Tiles = new LayerTiles { MaxLevel = 4, MetaTile = 2 },
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
    };

    public ValueTask<Layer?> FindAsync(string id, CancellationToken cancellationToken) => new(Layers.GetValueOrDefault(id));

    public Task<bool> TryAddAsync(Layer layer, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryReplaceAsync(Layer next, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => Task.FromResult(Layers.TryRemove(id, out _));

    public Task<IReadOnlyList<Layer>> ListAsync(string? after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long> CountAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string> DigestAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Layer>> ExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<LayerUse> TemporaryAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
