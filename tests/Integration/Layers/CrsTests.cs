using System.Diagnostics;
using System.Globalization;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.TileSources.Projections;
using Microsoft.Data.Sqlite;

namespace GeoWps.Tests.Integration.Layers;

/// <summary>Where published data lie, against what PROJ says at the same time (GDAL's <c>gdaltransform</c>).</summary>
[Collection(LayersServerTests.Name)]
public sealed class CrsTests(LayersServer server) : IDisposable
{
    private const string GeoPackage = "application/geopackage+sqlite3";

    private readonly Gdal _gdal = new();

    // A CRS, a place in it, and how many metres PROJ's and ours may lie apart. All but those of WGS 84's kin stand on datums of their own.
    public static TheoryData<string, double, double, double> Systems => new()
    {
        { "EPSG:31370", 4.4, 50.8, 0.1 }, // Belgium
        { "EPSG:28992", 5.4, 52.1, 0.1 }, // Netherlands
        { "EPSG:4289", 5.4, 52.1, 0.1 },
        { "EPSG:27700", -1.5, 52.5, 0.1 }, // Great Britain
        { "EPSG:2154", 2.3, 47, 0.1 }, // France
        { "EPSG:27572", 2.3, 47, 0.1 }, // and of Paris's meridian, in grads
        { "EPSG:31467", 9.1, 50.1, 0.1 }, // Germany
        { "EPSG:4314", 9.1, 50.1, 0.1 },
        { "EPSG:23032", 9.5, 52.5, 2 }, // Europe of 1950: another operation for each country, for Germany within 6 m; gdaltransform takes France's
        { "EPSG:23032", 9.5, 40.1, 0.1 },
        { "EPSG:3006", 15, 60, 0.1 }, // Sweden
        { "EPSG:2056", 8, 47, 0.1 }, // Switzerland
        { "EPSG:21781", 8, 47, 0.1 },
        { "EPSG:5514", 15, 50, 0.1 }, // Czechia and Slovakia
        { "EPSG:5514", 20, 49, 0.1 },
        { "EPSG:2180", 19, 52, 0.1 }, // Poland
        { "EPSG:4490", 110, 30, 0.1 }, // China
        { "EPSG:4549", 120, 30, 0.1 },
        { "EPSG:3067", 25, 62, 0.1 }, // Finland
        { "EPSG:26915", -93, 40, 0.1 }, // North America of 1983 and of 1927
        { "EPSG:4267", -93, 40, 0.1 },
        { "EPSG:4267", -123, 45, 0.1 },
        { "EPSG:4267", -66, 46, 0.1 },
        { "EPSG:3031", 45, -75, 0.1 }, // the poles
        { "EPSG:3995", 45, 75, 0.1 },
        { "ESRI:54009", 30, 40, 0.1 }, // Mollweide
    };

    [QgisTheory]
    [MemberData(nameof(Systems))]
    public async Task Published_data_lie_where_PROJ_says(string crs, double longitude, double latitude, double metres)
    {
        double[] degrees = [longitude, latitude, longitude + 0.1, latitude + 0.1, longitude + 0.05, latitude - 0.05];
        var there = Proj.Transform("EPSG:4326", crs, degrees);

        (await PublishedAsync(Made(crs, there))).Distance(Proj.Transform(crs, "EPSG:4326", there)).ShouldBeLessThan(metres);
    }

    [QgisTheory]
    [InlineData("MINE", 100001)]
    [InlineData("EPSG", 28992)]
    public async Task A_definition_in_WKT_2_alone_is_enough(string organization, int code)
    {
        var there = Proj.Transform("EPSG:4326", "EPSG:28992", [5.4, 52.1, 5.5, 52.2, 5.45, 52.05]);
        var file = Made("EPSG:28992", there);
        Change(
            file,
            "ALTER TABLE gpkg_spatial_ref_sys ADD COLUMN definition_12_063 TEXT NOT NULL DEFAULT 'undefined'",
            $"UPDATE gpkg_spatial_ref_sys SET definition = 'undefined', organization = '{organization}', organization_coordsys_id = {code}, definition_12_063 = '{Wkt2("EPSG:28992")}' WHERE srs_id = 28992",
            "INSERT INTO gpkg_extensions VALUES ('gpkg_spatial_ref_sys', 'definition_12_063', 'gpkg_crs_wkt', 'http://www.geopackage.org/spec120/#extension_crs_wkt', 'read-write')");

        (await PublishedAsync(file)).Distance(Proj.Transform("EPSG:28992", "EPSG:4326", there)).ShouldBeLessThan(0.1);
    }

    [QgisFact]
    public async Task Data_that_do_not_say_where_they_lie_are_refused()
    {
        double[] places = [5.4, 52.1, 5.5, 52.2, 5.45, 52.05];
        foreach (var (change, reason) in new[]
        {
            ("UPDATE gpkg_geometry_columns SET srs_id = -1", "does not say which coordinate reference system its table places is in (srs_id -1)"),
            ("UPDATE gpkg_geometry_columns SET srs_id = 0", "does not say which coordinate reference system its table places is in (srs_id 0)"),
            ("UPDATE gpkg_geometry_columns SET srs_id = 4711", "does not say which coordinate reference system its table places is in (srs_id 4711)"),
            ("UPDATE gpkg_spatial_ref_sys SET definition = 'undefined', organization = 'MINE', organization_coordsys_id = 7 WHERE srs_id = 28992", "is in MINE:7: says no coordinate reference system that is known"),
        })
        {
            var file = Made("EPSG:28992", places);
            Change(file, "PRAGMA foreign_keys = OFF", change);
            (await server.SendDataAsync(HttpMethod.Post, "admin/layers", await File.ReadAllBytesAsync(file), GeoPackage)).ShouldBe(400).Detail.ShouldContain(reason);
        }
    }

    [QgisFact]
    public async Task How_exact_the_places_are_is_said_in_the_job()
    {
        // From Canada to Mexico: what is meant for all of it is within 20 m.
        var id = await AddAsync(Made("EPSG:4267", [-93, 40, -70, 60, -110, 50]));
        var job = (await server.LayerAsync(id)).GetProperty("job").GetString();

        (await server.GetAsync($"jobs/{job}/log")).ShouldBe(200).Text.ShouldContain("EPSG:4267 to EPSG:4326: places are within 20 m");
    }

    public void Dispose() => _gdal.Dispose();

    private string Made(string crs, double[] pairs)
    {
        var features = pairs.Chunk(2).Select((pair, i) => string.Create(
            CultureInfo.InvariantCulture, $$$"""{"type":"Feature","properties":{"n":{{{i}}}},"geometry":{"type":"Point","coordinates":[{{{pair[0]:R}}},{{{pair[1]:R}}}]}}"""));
        var source = _gdal.Keep(System.Text.Encoding.UTF8.GetBytes($$"""{"type":"FeatureCollection","features":[{{string.Join(',', features)}}]}"""), "geojson");
        return _gdal.Vector(source, Path.GetFileName(source) + ".gpkg", "GPKG", "-a_srs", crs, "-nln", "places", "-lco", "GEOMETRY_NAME=geom");
    }

    private async Task<string> AddAsync(string file)
    {
        var added = (await server.SendDataAsync(HttpMethod.Post, $"admin/layers?id=at-{Guid.NewGuid():N}", await File.ReadAllBytesAsync(file), GeoPackage)).ShouldBe(201);
        return added.Json.GetProperty("id").GetString()!;
    }

    /// <summary>What the server's features say, and that its tiles have something there.</summary>
    private async Task<Places> PublishedAsync(string file)
    {
        var id = await AddAsync(file);
        var features = (await server.GetAsync($"collections/{id}/items?f=json")).ShouldBe(200).Json.GetProperty("features").EnumerateArray()
            .OrderBy(feature => feature.GetProperty("properties").GetProperty("n").GetInt32())
            .Select(feature => feature.GetProperty("geometry").GetProperty("coordinates")).ToArray();
        double[] places = [.. features.SelectMany(pair => (double[])[pair[0].GetDouble(), pair[1].GetDouble()])];
        var (column, row) = ((int)((places[0] + 180) / 360 * (1 << 10)), (int)((90 - places[1]) / 180 * (1 << 9)));
        (await server.GetAsync($"collections/{id}/tiles/WorldCRS84Quad/9/{row}/{column}?f=mvt")).ShouldBe(200);
        (await server.AdministerAsync(HttpMethod.Delete, $"admin/layers/{id}")).ShouldBe(204);
        return new Places(places);
    }

    private static void Change(string file, params string[] statements)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        foreach (var statement in statements)
        {
            using var command = connection.CreateCommand();
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }
    }

    private static string Wkt2(string crs) => Proj.Wkt2(crs).Replace("'", "''", StringComparison.Ordinal);

    private sealed record Places(double[] Degrees)
    {
        /// <summary>Of those that lie farthest apart, in metres.</summary>
        public double Distance(double[] others)
        {
            others.Length.ShouldBe(Degrees.Length);
            return Enumerable.Range(0, Degrees.Length / 2).Max(i =>
            {
                var east = (Degrees[2 * i] - others[2 * i]) * 111_320 * Math.Cos(others[(2 * i) + 1] * Math.PI / 180);
                return double.Hypot(east, (Degrees[(2 * i) + 1] - others[(2 * i) + 1]) * 111_000);
            });
        }
    }
}
