using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles;

/// <summary>A layer in one of its tile matrix sets: which tiles there are. Nothing outside is asked of a source.</summary>
public sealed class LayerTileset
{
    private readonly TileRange?[] _ranges;
    private readonly Dictionary<TileFormat, TilesetKey> _keys;

    private LayerTileset(Layer layer, TileMatrixSet set, Extent extent)
    {
        (Layer, Set, Extent) = (layer, set, extent);
        Limits = set.LimitsOf(extent, layer.Tiles.MinLevel, layer.Tiles.MaxLevel);
        _ranges = new TileRange?[set.Matrices.Count];
        foreach (var limits in Limits)
        {
            _ranges[limits.Level] = limits.Range;
        }

        _keys = TileFormat.All.ToDictionary(format => format, format => new TilesetKey(layer.Id, set.Id, format));
    }

    public Layer Layer { get; }

    public TileMatrixSet Set { get; }

    /// <summary>What the data reach, in the CRS of the set.</summary>
    public Extent Extent { get; }

    /// <summary>OGC 17-083r4, 6.2: matrix by matrix; matrices that are not served are left out.</summary>
    public IReadOnlyList<TileMatrixLimits> Limits { get; }

    /// <summary>The last matrix that is served.</summary>
    public int MaxLevel => Limits.Count == 0 ? -1 : Limits[^1].Level;

    public TilesetKey Key(TileFormat format) => _keys[format];

    /// <returns><see langword="null"/> when nothing of that matrix is served.</returns>
    public TileRange? RangeOf(int level) => (uint)level < (uint)_ranges.Length ? _ranges[level] : null;

    /// <returns><see langword="null"/> when the CRS of the set can't be reached from longitude and latitude here.</returns>
    public static LayerTileset? Of(Layer layer, TileMatrixSet set, ICoordinateTransforms transforms) =>
        transforms.Extent(layer.Contents.Extent, Crs.Crs84, set.Crs) is { } extent ? new LayerTileset(layer, set, extent) : null;
}
