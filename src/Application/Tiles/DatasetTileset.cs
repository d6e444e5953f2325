using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles;

/// <summary>Several layers in one tileset: what <c>/tiles</c> serves.</summary>
/// <param name="Layers">In the order in which they were asked for; at least one.</param>
public sealed record DatasetTileset(IReadOnlyList<LayerTileset> Layers)
{
    public TileMatrixSet Set => Layers[0].Set;

    /// <summary>What at least one of the layers has.</summary>
    public IReadOnlyList<TileMatrixLimits> Limits { get; } =
    [
        .. Layers.SelectMany(layer => layer.Limits).GroupBy(limits => limits.Level).OrderBy(level => level.Key).Select(level => new TileMatrixLimits(level.Key, new TileRange(
            level.Min(one => one.Range.MinColumn), level.Min(one => one.Range.MinRow), level.Max(one => one.Range.MaxColumn), level.Max(one => one.Range.MaxRow)))),
    ];
}
