using System.Diagnostics.CodeAnalysis;
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

    /// <summary>The matrix of a tile that at least one of the layers may have.</summary>
    /// <param name="absent">What there is not.</param>
    public bool TryFind(string tileMatrix, TileIndex tile, out int level, [NotNullWhen(false)] out TileAnswer.Absent? absent)
    {
        absent = !Set.TryFindLevel(tileMatrix, out level) || RangeOf(level) is not { IsEmpty: false } range ? new TileAnswer.Absent(AbsentPart.TileMatrix, tileMatrix)
            : !range.Contains(tile) ? new TileAnswer.Absent(AbsentPart.Tile, $"row {tile.Row}, column {tile.Column}")
            : null;
        return absent is null;
    }

    private TileRange? RangeOf(int level)
    {
        foreach (var limits in Limits)
        {
            if (limits.Level == level)
            {
                return limits.Range;
            }
        }

        return null;
    }
}
