using System.Globalization;
using GeoWps.Adapters.TileSources.Vector;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using GeoWps.Tests.Integration.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using Npgsql;

namespace GeoWps.Tests.Integration.Tiles;

/// <summary>Vector tiles as GDAL reads them, beside those that PostGIS makes of the same data.</summary>
public sealed class VectorTileTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const double Half = 20037508.342789244;

    private static readonly TileMatrixSet _set = new("WebMercatorQuad", Crs.WebMercator, [.. Enumerable.Range(0, 12).Select(level => new TileMatrix
    {
        Id = $"{level}", ScaleDenominator = 1, CellSize = Half / 128 / (1 << level), OriginX = -Half, OriginY = Half, TileWidth = 256, TileHeight = 256, MatrixWidth = 1 << level, MatrixHeight = 1 << level,
    })]);

    [PostgresTheory]
    [InlineData("countries")]
    [InlineData("rivers")]
    [InlineData("places")]
    public async Task Tiles_hold_what_PostGIS_puts_into_them(string table)
    {
        using var gdal = new Gdal();
        await using var database = new NpgsqlConnection(await postgres.CreateDatabaseAsync("postgis"));
        await database.OpenAsync();
        gdal.Vector(Sample.World, $"{table}.sql", "PGDump", "-sql", $"SELECT * FROM {table}", "-nln", table, "-preserve_fid", "-t_srs", "EPSG:3857", "-clipsrc", "-180", "-85.06", "180", "85.06", "-nlt", table == "places" ? "POINT" : "PROMOTE_TO_MULTI",
            "-lco", "GEOMETRY_NAME=geom", "-lco", "FID=fid", "-lco", "CREATE_SCHEMA=NO", "--config", "PG_USE_COPY", "NO");
        await using (var load = new NpgsqlCommand(await File.ReadAllTextAsync(gdal.PathOf($"{table}.sql")), database))
        {
            await load.ExecuteNonQueryAsync();
        }

        using var source = new GeoPackageTileSource(new NoTransforms(), new PlainFiles(), Options.Create(new VectorTilesOptions()), NullLogger<GeoPackageTileSource>.Instance);
        var layer = new Layer
        {
            Id = table, Title = table, Source = new LayerSource.GeoPackage(Sample.World, table), Created = default, Updated = default,
            Contents = new LayerContents { Kind = LayerKind.Vector, Crs = Crs.Wgs84, Extent = Extent.World }, Tiles = new LayerTiles { Simplification = 0.5, Attributes = [] },
        };
        var compared = 0;
        foreach (var (level, column, row) in ((int, int, int)[])[(0, 0, 0), (2, 2, 1), (3, 4, 2), (3, 7, 2), (4, 8, 5), (6, 33, 22), (8, 135, 89)])
        {
            var ours = (await source.MakeAsync(layer, _set, new MetaTile(level, new TileRange(column, row, column, row)), TileFormat.Mvt, CancellationToken.None)).Single();
            await using var make = new NpgsqlCommand(
                $"SELECT ST_AsMVT(tile, '{table}', 4096, 'shape', 'fid') FROM (SELECT ST_AsMVTGeom(geom, ST_TileEnvelope({level}, {column}, {row}), 4096, 64, true) AS shape, fid FROM {table}) AS tile WHERE shape IS NOT NULL", database);
            var theirs = (byte[])(await make.ExecuteScalarAsync())!;
            var step = 2 * Half / (1 << level) / 4096;
            var (one, other) = (Read(gdal, ours.Content.ToArray(), level, column, row), Read(gdal, theirs, level, column, row));
            foreach (var id in one.Keys.Union(other.Keys))
            {
                var (mine, its) = (one.GetValueOrDefault(id), other.GetValueOrDefault(id));
                Covers(its, mine, step, $"{table} {level}/{column}/{row}, feature {id}: only ours");
                Covers(mine, its, step, $"{table} {level}/{column}/{row}, feature {id}: only PostGIS's");
                compared++;
            }
        }

        compared.ShouldBeGreaterThan(100);
    }

    /// <summary>Whatever is in a tile is, but for two steps of the grid (each rounds and simplifies for itself), in the other.</summary>
    private static void Covers(Geometry? around, Geometry? geometry, double step, string what)
    {
        if (geometry is null)
        {
            return;
        }

        // On the map: the data for PostGIS end at its edge.
        var seen = geometry.Intersection(geometry.Factory.ToGeometry(new Envelope(-Half, Half, -Half, Half)));
        var alone = around is null ? seen : seen.Difference(around.Buffer(2 * step));
        alone.ShouldBeWithinSteps(geometry.Dimension, step, what);
    }

    private static Dictionary<long, Geometry> Read(Gdal gdal, byte[] tile, int level, int column, int row)
    {
        if (tile.Length == 0)
        {
            return [];
        }

        var file = gdal.Keep(tile, "pbf");
        var table = gdal.Vector($"MVT:{file}", $"{Path.GetFileNameWithoutExtension(file)}.csv", "CSV", "-oo", $"X={column}", "-oo", $"Y={row}", "-oo", $"Z={level}", "-oo", "CLIP=NO", "-lco", "GEOMETRY=AS_WKT", "-lco", "SEPARATOR=SEMICOLON", "-select", "mvt_id");
        var reader = new WKTReader();
        return File.ReadLines(table).Skip(1).Select(line => line.Split(';')).ToDictionary(
            cells => long.Parse(cells[1].Trim('"'), CultureInfo.InvariantCulture),
            cells => reader.Read(cells[0].Trim('"')) is var geometry && geometry.IsValid ? geometry : throw new InvalidOperationException($"invalid: {cells[1]} in {level}/{column}/{row}"));
    }

    private sealed class NoTransforms : ICoordinateTransforms
    {
        public ICoordinateTransform? Between(Crs from, Crs to) => null;

        public Extent? Extent(in Extent extent, Crs from, Crs to) => null;
    }
}
