using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;

namespace GeoWps.Tests.Unit.Tiles;

/// <summary>A store of one layer: <c>world</c>, the western half of it.</summary>
internal sealed class OneLayer : ILayerStore
{
    public Layer? Layer { get; set; } = new()
    {
        Id = "world",
        Title = "World",
        Source = new LayerSource.GeoPackage("world.gpkg", "countries"),
        Contents = new LayerContents { Kind = LayerKind.Vector, Extent = new Extent(-180, -90, 0, 90), GeometryType = "Polygon", Fields = [new LayerField("name", "string")] },
        Tiles = new LayerTiles { MaxLevel = 10 },
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
    };

    public ValueTask<Layer?> FindAsync(string id, CancellationToken cancellationToken) => new(Layer?.Id == id ? Layer : null);

    public Task<IReadOnlyList<Layer>> ListAsync(string? after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Layer>>(Layer is { } layer && string.CompareOrdinal(layer.Id, after) > 0 && limit > 0 ? [layer] : []);

    public Task<long> CountAsync(CancellationToken cancellationToken) => Task.FromResult(Layer is null ? 0L : 1L);

    public Task<string> DigestAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryAddAsync(Layer layer, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryReplaceAsync(Layer next, CancellationToken cancellationToken)
    {
        Layer = next;
        return Task.FromResult(true);
    }

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        Layer = null;
        return Task.FromResult(true);
    }

    public Task<IReadOnlyList<Layer>> ExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<LayerUse> TemporaryAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
