using System.Diagnostics;
using System.Globalization;
using GeoWps.Adapters.TileSources.Vector;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using static GeoWps.Bench.Report;

namespace GeoWps.Bench.Tiles;

/// <summary>
/// Vector tiles per second of CPU, from a GeoPackage and from memory, against PostGIS (<c>ST_AsMVT</c>, one prepared statement a tile, geometries in the tiles' own
/// CRS already), which takes turns in the same run, and against GDAL's MVT driver, on one thread. What it takes to read a layer into memory and to prepare its levels is told by itself. Both simplify to half a step
/// of the grid.
/// </summary>
internal static class EncodeBench
{
    private const double Half = 20037508.342789244;

    private static readonly TileMatrixSet _set = new("WebMercatorQuad", Crs.WebMercator, [.. Enumerable.Range(0, 15).Select(level => new TileMatrix
    {
        Id = $"{level}", ScaleDenominator = 559082264.0287178 / (1 << level), CellSize = Half / 128 / (1 << level), OriginX = -Half, OriginY = Half,
        TileWidth = 256, TileHeight = 256, MatrixWidth = 1 << level, MatrixHeight = 1 << level,
    })]);

    /// <param name="data">A larger GeoPackage whose layer <c>countries</c> stands for large geometries; without one it is the sample.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(string? data)
    {
        var sample = Path.Combine(Root, "samples", "world.gpkg");
        var folder = Directory.CreateTempSubdirectory("geowps-bench-");
        try
        {
            var many = Path.Combine(folder.FullName, "many.gpkg");
            ManyFeatures.Write(many, 250_000);
            await using var postgres = await StepAsync("PostgreSQL", () => PrivatePostgres.StartAsync());
            (string Name, string File, string Table, long Features, int First, int Last, Extent Where, double FromFile, double FromMemory)[] works =
            [
                ("countries, zoom 0 to 7", sample, "countries", 200, 0, 7, Extent.World, 2.5, 6),
                ("large geometries, zoom 0 to 7", data ?? sample, "countries", 200, 0, 7, Extent.World, 6, 6),
                ("250,000 points, zoom 7 to 9", many, "points", 250_000, 7, 9, ManyFeatures.Where, 2.5, 4),
                ("250,000 polygons, zoom 7 to 9", many, "polygons", 250_000, 7, 9, ManyFeatures.Where, 2.5, 4),
            ];

            // Once before: what is compiled then is not measured.
            foreach (var work in works)
            {
                Ours(work.File, work.Table, work.Features, 0, work.First, work.Last - 2, work.Where, 1);
                Ours(work.File, work.Table, work.Features, 2048, work.First, work.Last - 2, work.Where, 1);
            }

            var figures = new List<Figure>();
            foreach (var work in works)
            {
                var columns = await StepAsync($"{work.Name}: loading", () => postgres.LoadAsync(work.File, work.Table));
                var theirs = await StepAsync($"{work.Name}: ST_AsMVT", () => TheirsAsync(postgres, work.Table, columns, work.First, work.Last, work.Where));
                var file = await StepAsync($"{work.Name}: GeoPackage", () => Task.FromResult(Ours(work.File, work.Table, work.Features, 0, work.First, work.Last, work.Where, 1)));
                var memory = await StepAsync($"{work.Name}: memory", () => Task.FromResult(Ours(work.File, work.Table, work.Features, 2048, work.First, work.Last, work.Where, 2)));
                var gdal = await StepAsync($"{work.Name}: GDAL", () => OtherTools.GdalAsync(work.File, work.Table, work.First, work.Last, folder.FullName));
                figures.Add(Compare($"{work.Name}, from GeoPackage", file[0], theirs, work.FromFile));
                figures.Add(new Figure($"{work.Name}, from GeoPackage", $"{Rate(file[0])}", $"GDAL {Rate(gdal)}, {gdal.Bytes / 1024} KiB: {Ratio(file[0].PerSecond / gdal.PerSecond)} times", null, null));
                figures.Add(Compare($"{work.Name}, the first time, with reading into memory", memory[0], theirs, null));
                figures.Add(Compare($"{work.Name}, from memory", memory[1], theirs, work.FromMemory));
            }

            return figures;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Figure Compare(string name, Spent ours, Spent theirs, double? goal) => new(
        name,
        $"{Rate(ours)}, {ours.Bytes / 1024} KiB",
        $"ST_AsMVT {Rate(theirs)}, {theirs.Bytes / 1024} KiB: {Ratio(ours.PerSecond / theirs.PerSecond)} times",
        goal is { } least ? $"{least.ToString(CultureInfo.InvariantCulture)} times" : null,
        goal is null ? null : ours.PerSecond / theirs.PerSecond >= goal);

    private static string Rate(Spent spent) => $"{spent.PerSecond.ToString("#,0", CultureInfo.InvariantCulture)} tiles/s";

    /// <returns>What each round took.</returns>
    public static Spent[] Ours(string file, string table, long features, int memoryMb, int first, int last, Extent where, int rounds)
    {
        GC.Collect();
        using var source = new GeoPackageTileSource(new NoTransforms(), new AnyFolder(), Options.Create(new VectorTilesOptions { MemoryMb = memoryMb }), NullLogger<GeoPackageTileSource>.Instance);
        var layer = new Layer
        {
            Id = table, Title = table, Source = new LayerSource.GeoPackage(file, table), Created = default, Updated = default,
            Contents = new LayerContents { Kind = LayerKind.Vector, Crs = Crs.Wgs84, Extent = where, FeatureCount = features }, Tiles = new LayerTiles { Simplification = 0.5 },
        };
        return [.. Enumerable.Range(0, rounds).Select(_ => Round(source, layer, first, last, where))];
    }

    private static Spent Round(GeoPackageTileSource source, Layer layer, int first, int last, Extent where)
    {
        var (tiles, bytes, before) = (0L, 0L, Environment.CpuUsage.TotalTime);
        for (var level = first; level <= last; level++)
        {
            var range = RangeOf(level, where);
            var side = source.MetaTileOf(layer, range.Count);
            for (var row = range.MinRow / side * side; row <= range.MaxRow; row += side)
            {
                for (var column = range.MinColumn / side * side; column <= range.MaxColumn; column += side)
                {
                    var meta = MetaTile.Of(_set.Matrices[level], level, new TileIndex(column, row), side);
                    foreach (var tile in source.MakeAsync(layer, _set, meta with { Range = meta.Range.Meet(range) }, TileFormat.Mvt, CancellationToken.None).Result)
                    {
                        (tiles, bytes) = (tiles + 1, bytes + tile.Content.Length);
                    }
                }
            }
        }

        return new Spent(tiles, bytes, Environment.CpuUsage.TotalTime - before);
    }

    private static async Task<Spent> TheirsAsync(PrivatePostgres postgres, string table, string[] columns, int first, int last, Extent where)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT ST_AsMVT(tile, '{table}', 4096, 'shape', 'fid') FROM (SELECT ST_AsMVTGeom(geom, ST_TileEnvelope($1, $2, $3), 4096, 64, true) AS shape, fid{string.Concat(columns.Select(column => $", \"{column}\""))} "
            + $"FROM {table} WHERE geom && ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096)) AS tile WHERE shape IS NOT NULL", postgres.Connection);
        NpgsqlParameter<int>[] index = [new(), new(), new()];
        command.Parameters.AddRange(index);
        await command.PrepareAsync();
        var (tiles, bytes, before) = (0L, 0L, postgres.Spent());
        for (var level = first; level <= last; level++)
        {
            var range = RangeOf(level, where);
            for (var row = range.MinRow; row <= range.MaxRow; row++)
            {
                for (var column = range.MinColumn; column <= range.MaxColumn; column++)
                {
                    (index[0].TypedValue, index[1].TypedValue, index[2].TypedValue) = (level, column, row);
                    var tile = (byte[]?)await command.ExecuteScalarAsync();
                    (tiles, bytes) = (tiles + 1, bytes + (tile?.Length ?? 0));
                }
            }
        }

        return new Spent(tiles, bytes, postgres.Spent() - before);
    }

    private static TileRange RangeOf(int level, Extent where)
    {
        double[] corners = [where.MinX, Math.Max(-85, where.MinY), where.MaxX, Math.Min(85, where.MaxY)];
        MercatorTransform.Instance.Apply(corners);
        return _set.Matrices[level].Cover(new Extent(corners[0], corners[1], corners[2], corners[3]));
    }

    internal sealed record Spent(long Tiles, long Bytes, TimeSpan Cpu)
    {
        public double PerSecond => Tiles / Cpu.TotalSeconds;
    }

    private sealed class NoTransforms : ICoordinateTransforms
    {
        public ICoordinateTransform? Between(Crs from, Crs to) => null;

        public Extent? Extent(in Extent extent, Crs from, Crs to) => null;
    }

    /// <summary>For layers whose paths are absolute.</summary>
    private sealed class AnyFolder : ILayerFiles
    {
        public LayerDraft Begin() => throw new NotSupportedException();

        public string PathOf(string layer, string path) => path;

        public void Doubt(string layer, string folder) => throw new NotSupportedException();

        public Task<int> SweepAsync(TimeSpan age, Func<string, CancellationToken, ValueTask<Layer?>> find, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
