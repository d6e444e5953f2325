using System.Reflection;
using GeoWps.Adapters.TileSources.Vector;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NetTopologySuite.Features;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO.VectorTiles.Mapbox;

namespace GeoWps.Tests.Unit.TileSources;

/// <summary>Layers, sets and a source for tests, and tiles as somebody else's decoder reads them.</summary>
internal static class Vectors
{
    private const double World = 20037508.342789244;

    public static string Sample { get; } = Path.Combine(
        typeof(Vectors).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Samples").Value!, "world.gpkg");

    public static TileMatrixSet Mercator { get; } = new("WebMercatorQuad", Crs.WebMercator, [.. Enumerable.Range(0, 20).Select(level => Matrix(level, World, 256, 1 << level, 1 << level))]);

    public static TileMatrixSet Degrees { get; } = new("WorldCRS84Quad", Crs.Crs84, [.. Enumerable.Range(0, 18).Select(level => Matrix(level, 180, 256, 2 << level, 1 << level, 90))]);

    public static TileMatrix Matrix(int level, double half, int pixels, int columns, int rows, double? top = null) => new()
    {
        Id = $"{level}",
        ScaleDenominator = 1,
        CellSize = 2 * half / columns / pixels,
        OriginX = -half,
        OriginY = top ?? half,
        TileWidth = pixels,
        TileHeight = pixels,
        MatrixWidth = columns,
        MatrixHeight = rows,
    };

    public static GeoPackageTileSource Source(int memoryMb = 0) =>
        new(new NoTransforms(), new AnyFolder(), Options.Create(new VectorTilesOptions { MemoryMb = memoryMb }), NullLogger<GeoPackageTileSource>.Instance);

    public static Layer Layer(string path, string table, LayerTiles? tiles = null, Crs? crs = null) => new()
    {
        Id = table,
        Title = table,
        Source = new LayerSource.GeoPackage(path, table),
        Contents = new LayerContents { Kind = LayerKind.Vector, Crs = crs ?? Crs.Wgs84, Extent = Extent.World, FeatureCount = 1 },
        Tiles = tiles ?? new LayerTiles(),
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
    };

    public static async Task<IReadOnlyList<MadeTile>> LevelAsync(ITileSource source, Layer layer, TileMatrixSet set, int level, int metaTile = 4)
    {
        var (matrix, made) = (set.Matrices[level], new List<MadeTile>());
        for (var row = 0; row < matrix.MatrixHeight; row += metaTile)
        {
            for (var column = 0; column < matrix.MatrixWidth; column += metaTile)
            {
                made.AddRange(await source.MakeAsync(layer, set, MetaTile.Of(matrix, level, new TileIndex(column, row), metaTile), TileFormat.Mvt, CancellationToken.None));
            }
        }

        return made;
    }

    public static async Task<MadeTile> TileAsync(ITileSource source, Layer layer, TileMatrixSet set, int level, int column, int row) =>
        (await source.MakeAsync(layer, set, MetaTile.Of(set.Matrices[level], level, new TileIndex(column, row), 1), TileFormat.Mvt, CancellationToken.None)).Single();

    /// <summary>
    /// The features in the tile's own grid, y down. The decoder gives degrees and cuts at the edge of the map; so it is told that the tile is one in the middle of
    /// it, and its degrees are put back.
    /// </summary>
    public static IReadOnlyList<IFeature> Decode(MadeTile tile, int extent = 4096)
    {
        var features = new MapboxTileReader().Read(new MemoryStream(tile.Content.ToArray()), new NetTopologySuite.IO.VectorTiles.Tiles.Tile(Middle, Middle, 10), "id")
            .Layers.SelectMany(layer => layer.Features).ToList();
        foreach (var feature in features)
        {
            feature.Geometry.Apply(new ToGrid(extent));
            feature.Geometry.GeometryChanged();
        }

        return features;
    }

    private const int Middle = 512;

    private sealed class ToGrid(int extent) : ICoordinateSequenceFilter
    {
        public bool Done => false;

        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence places, int i)
        {
            var y = Math.Asinh(Math.Tan(places.GetY(i) * Math.PI / 180));
            places.SetX(i, Math.Round((((places.GetX(i) + 180) / 360 * (2 * Middle)) - Middle) * extent));
            places.SetY(i, Math.Round((((1 - (y / Math.PI)) / 2 * (2 * Middle)) - Middle) * extent));
        }
    }

    /// <summary>For layers whose paths are absolute.</summary>
    private sealed class AnyFolder : ILayerFiles
    {
        public LayerDraft Begin() => throw new NotSupportedException();

        public string PathOf(string layer, string path) => path;

        public void Doubt(string layer, string folder) => throw new NotSupportedException();

        public Task<int> SweepAsync(TimeSpan age, Func<string, CancellationToken, ValueTask<Layer?>> find, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class NoTransforms : ICoordinateTransforms
    {
        public ICoordinateTransform? Between(Crs from, Crs to) => null;

        public Extent? Extent(in Extent extent, Crs from, Crs to) => null;
    }
}
