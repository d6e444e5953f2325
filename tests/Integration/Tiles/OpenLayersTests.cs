using System.Globalization;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.IO;
using Npgsql;

namespace GeoWps.Tests.Integration.Tiles;

/// <summary>The server's tiles in a browser, by OpenLayers: what they hold, beside what PostGIS puts into the same tiles, and that maps of them are drawn.</summary>
[Collection(MapsServerTests.Name)]
public sealed class OpenLayersTests(MapsServer maps, PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const double Half = 20037508.342789244;
    private const string Wmts = "wmts?SERVICE=WMTS&REQUEST=GetCapabilities";

    /// <summary>PostGIS drops vertices that are less than a unit off the line, which is not ours to match: its units are so many times finer that it does not count.</summary>
    private const int Finer = 16;

    /// <summary>One of each zoom, with neighbours to the right and below, and two at the antimeridian.</summary>
    private static readonly (int Level, int Column, int Row)[] _tiles =
        [(0, 0, 0), (1, 0, 0), (2, 2, 1), (3, 0, 2), (3, 7, 2), (3, 4, 2), (3, 5, 2), (3, 4, 3), (4, 8, 5), (5, 17, 10), (6, 33, 22), (7, 67, 44), (8, 135, 89)];

    [ChromiumPostgresFact]
    public async Task Tiles_hold_what_PostGIS_puts_into_them_and_their_edges_meet()
    {
        (string Table, string[] Attributes)[] tables = [("countries", ["name", "iso_a3", "pop_est", "min_zoom"]), ("rivers", ["name", "scalerank"]), ("places", ["name", "pop_max", "megacity"])];
        var (ours, theirs) = (new List<(string, (int, int, int))>(), new List<(string Name, byte[] Content)>());
        await using var database = new NpgsqlConnection(await postgres.CreateDatabaseAsync("postgis"));
        await database.OpenAsync();
        foreach (var (table, attributes) in tables)
        {
            await PublishAsync($"exact-{table}", table, attributes);
            ours.AddRange(_tiles.Select(tile => ($"{maps.Server.Address}xyz/exact-{table}/{tile.Level}/{tile.Column}/{tile.Row}.pbf", tile)));
            theirs.AddRange(await PostGisAsync(database, table, attributes));
        }

        var decoded = await DecodeAsync(ours.Concat(theirs.Select((file, number) => (file.Name, _tiles[number % _tiles.Length]))), [.. theirs]);
        foreach (var (number, (table, _)) in tables.Index())
        {
            Compare(table, decoded.GetRange(number * _tiles.Length, _tiles.Length), decoded.GetRange((tables.Length + number) * _tiles.Length, _tiles.Length));
            (await maps.AdministerAsync(HttpMethod.Delete, $"admin/layers/exact-{table}")).ShouldBe(204);
        }

        EdgesMeet(decoded);
    }

    [ChromiumFact]
    public async Task Maps_are_drawn_by_every_kind_of_metadata()
    {
        (string Kind, string Path, string? Layer)[] countries =
            [("ogcVector", "collections/countries/tiles/WebMercatorQuad", null), ("xyz", "xyz/countries/{z}/{x}/{y}.pbf", null), ("ogcMap", "collections/countries/map/tiles/WebMercatorQuad", null), ("wmts", Wmts, "countries")];
        (string Kind, string Path, string? Layer)[] relief =
            [("ogcMap", "collections/relief/map/tiles/WebMercatorQuad", null), ("wmts", Wmts, "relief"), ("tileJson", "xyz/relief/tilejson.json", null)];

        var pictures = await DrawAsync([.. countries, .. relief]);

        foreach (var (number, (kind, _, _)) in countries.Index())
        {
            var picture = pictures[number];
            picture.Drawn.ShouldBeInRange(0.3, 0.9, kind);
            picture[256, 200].Alpha.ShouldBeGreaterThan((byte)0, $"{kind}: north of the middle lies Germany");
            picture[20, 256].Alpha.ShouldBe((byte)0, $"{kind}: far in the west lies the Atlantic");
        }

        foreach (var (number, (kind, _, _)) in relief.Index())
        {
            var picture = pictures[countries.Length + number];
            picture.Drawn.ShouldBe(1, kind);
            Enumerable.Range(0, 512).Select(x => picture[x, 256]).Distinct().Count().ShouldBeGreaterThan(20, kind);
        }
    }

    [ChromiumFact]
    public async Task The_page_of_a_layer_shows_it()
    {
        var policy = (await maps.GetAsync("collections/relief?f=html")).ShouldBe(200).Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldEndWith("; img-src 'self'");

        var picture = await Chromium.ScreenshotAsync($"{maps.Server.Address}collections/relief?f=html");

        Enumerable.Range(0, picture.Width).Select(x => picture[x, 500]).Distinct().Count().ShouldBeGreaterThan(100, "the relief is of many colours, a page of text is not");
    }

    private async Task<List<Picture>> DrawAsync((string Kind, string Path, string? Layer)[] layers)
    {
        var wish = new
        {
            act = "draw",
            maps = layers.Select(one => new { kind = one.Kind, address = maps.Server.Address + one.Path, layer = one.Layer, matrixSet = "WebMercatorQuad", center = new[] { 10, 45 }, zoom = 3 }),
        };
        return [.. (await Chromium.RunAsync(wish)).EnumerateArray().Select(url => Picture.Read(Convert.FromBase64String(url.GetString()!["data:image/png;base64,".Length..])))];
    }

    private static void Compare(string table, List<Dictionary<long, Decoded>> ours, List<Dictionary<long, Decoded>> theirs)
    {
        var compared = 0;
        for (var i = 0; i < _tiles.Length; i++)
        {
            var ((level, column, row), one, other) = (_tiles[i], ours[i], theirs[i]);
            var step = Span(level) / 4096;

            // On the map, where the data for PostGIS end, and within the buffer, at whose edge both round for themselves.
            var inside = ExtentOf(_tiles[i]);
            inside.ExpandBy(62 * step);
            inside = inside.Intersection(new Envelope(-Half, Half, -Half, Half));
            foreach (var id in one.Keys.Union(other.Keys))
            {
                var what = $"{table} {level}/{column}/{row}, feature {id}";
                var (mine, its) = (one.GetValueOrDefault(id), other.GetValueOrDefault(id));
                (mine?.Geometry.IsValid ?? true).ShouldBeTrue(what);
                Covers(its?.Geometry, mine?.Geometry, inside, step, what + ": only ours");
                Covers(mine?.Geometry, its?.Geometry, inside, step, what + ": only PostGIS's");
                if (mine is not null && its is not null)
                {
                    mine.Layer.ShouldBe($"exact-{table}", what);
                    mine.Properties.ShouldBe(its.Properties, what);
                    compared++;
                }
            }
        }

        compared.ShouldBeGreaterThan(100, table);
    }

    /// <summary>Without simplification: every vertex that the grid tells apart.</summary>
    private async Task PublishAsync(string id, string table, string[] attributes)
    {
        var settings = JsonSerializer.Serialize(new { id, tiles = new { simplification = 0, attributes } });
        using var form = new MultipartFormDataContent
        {
            { new StringContent(settings, System.Text.Encoding.UTF8, "application/json"), "layer" },
            { new ByteArrayContent(await File.ReadAllBytesAsync(Sample.World)), "data", "world.gpkg" },
        };
        (await maps.SendAsync(HttpMethod.Post, $"admin/layers?table={table}", form, ("Authorization", $"Bearer {MapsServer.Token}"))).ShouldBe(201);
    }

    /// <summary>The same tiles, by <c>ST_AsMVT</c>.</summary>
    private static async Task<List<(string Name, byte[] Content)>> PostGisAsync(NpgsqlConnection database, string table, string[] attributes)
    {
        using var gdal = new Gdal();
        gdal.Vector(Sample.World, $"{table}.sql", "PGDump", "-sql", $"SELECT * FROM {table}", "-nln", table, "-preserve_fid", "-t_srs", "EPSG:3857", "-clipsrc", "-180", "-85.06", "180", "85.06", "-nlt", table == "places" ? "POINT" : "PROMOTE_TO_MULTI",
            "-lco", "GEOMETRY_NAME=geom", "-lco", "FID=fid", "-lco", "CREATE_SCHEMA=NO", "--config", "PG_USE_COPY", "NO");
        await using (var load = new NpgsqlCommand(await File.ReadAllTextAsync(gdal.PathOf($"{table}.sql")), database))
        {
            await load.ExecuteNonQueryAsync();
        }

        var tiles = new List<(string, byte[])>();
        foreach (var (level, column, row) in _tiles)
        {
            await using var make = new NpgsqlCommand(
                $"""
                SELECT ST_AsMVT(tile, 'exact-{table}', {Finer * 4096}, 'shape', 'fid') FROM (
                  SELECT ST_AsMVTGeom(geom, ST_TileEnvelope({level}, {column}, {row}), {Finer * 4096}, {Finer * 64}, true) AS shape, fid, {string.Join(", ", attributes)} FROM {table}) AS tile WHERE shape IS NOT NULL
                """, database);
            tiles.Add(($"{table}-{tiles.Count}", (byte[])(await make.ExecuteScalarAsync())!));
        }

        return tiles;
    }

    private static async Task<List<Dictionary<long, Decoded>>> DecodeAsync(IEnumerable<(string Address, (int Level, int Column, int Row) Tile)> tiles, (string Name, byte[] Content)[] files)
    {
        var wish = new { act = "decode", tiles = tiles.Select(one => new { address = one.Address, extent = ExtentOf(one.Tile) is var box ? new[] { box.MinX, box.MinY, box.MaxX, box.MaxY } : [] }) };
        var reader = new WKTReader();
        return [.. (await Chromium.RunAsync(wish, files)).EnumerateArray().Select(tile => tile.EnumerateArray().ToDictionary(
            feature => feature.GetProperty("id").GetInt64(),
            feature => new Decoded(
                feature.GetProperty("layer").GetString()!,
                [.. feature.GetProperty("properties").EnumerateObject().OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => $"{one.Name}={one.Value}")],
                reader.Read(feature.GetProperty("wkt").GetString()))))];
    }

    /// <summary>Whatever is in a tile is, but for a step of the grid to every side, in the other.</summary>
    private static void Covers(Geometry? around, Geometry? geometry, Envelope inside, double step, string what)
    {
        if (geometry is null)
        {
            return;
        }

        var sound = geometry.IsValid ? geometry : GeometryFixer.Fix(geometry);
        var seen = sound.Intersection(geometry.Factory.ToGeometry(inside));
        var alone = around is null ? seen : seen.Difference(around.Buffer(step));
        alone.ShouldBeWithinSteps(geometry.Dimension, step, what);
    }

    /// <summary>Along the edge between two tiles both have the same land, but for a step.</summary>
    private static void EdgesMeet(List<Dictionary<long, Decoded>> decoded)
    {
        foreach (var (one, other) in new[] { ((3, 4, 2), (3, 5, 2)), ((3, 4, 2), (3, 4, 3)) })
        {
            var edge = Box(one).Intersection(Box(other));
            edge.Length.ShouldBe(Span(one.Item1), 1);
            var (first, second) = (decoded[Array.IndexOf(_tiles, one)], decoded[Array.IndexOf(_tiles, other)]);
            var step = Span(one.Item1) / 4096;
            var land = 0d;
            foreach (var id in first.Keys.Union(second.Keys))
            {
                var (left, right) = (On(first, id), On(second, id));
                land += left.Length;
                var what = string.Create(CultureInfo.InvariantCulture, $"feature {id} at the edge of {one} and {other}");
                left.Difference(right.Buffer(1.5 * step)).Length.ShouldBeLessThan(step, what);
                right.Difference(left.Buffer(1.5 * step)).Length.ShouldBeLessThan(step, what);
            }

            land.ShouldBeGreaterThan(0);

            Geometry On(Dictionary<long, Decoded> tile, long id) => tile.TryGetValue(id, out var feature) ? feature.Geometry.Intersection(edge) : edge.Factory.CreateEmpty(Dimension.Curve);
        }
    }

    private static double Span(int level) => 2 * Half / (1 << level);

    private static Envelope ExtentOf((int Level, int Column, int Row) tile) =>
        new(-Half + (tile.Column * Span(tile.Level)), -Half + ((tile.Column + 1) * Span(tile.Level)), Half - ((tile.Row + 1) * Span(tile.Level)), Half - (tile.Row * Span(tile.Level)));

    private static Geometry Box((int Level, int Column, int Row) tile) => GeometryFactory.Default.ToGeometry(ExtentOf(tile));

    private sealed record Decoded(string Layer, string[] Properties, Geometry Geometry);
}
