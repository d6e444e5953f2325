using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Tiles;

/// <summary>Layers as one file of tiles, there and back, by the command line; read by GDAL and by a reader of the specification.</summary>
[Collection(MapsServerTests.Name)]
public sealed class ExportTests(MapsServer maps) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("geowps-export-");

    public void Dispose() => _folder.Delete(recursive: true);

    [QgisFact]
    public async Task A_layer_that_was_exported_and_imported_has_the_same_tiles()
    {
        var file = PathOf("countries.mbtiles");
        var exported = await ShellAsync("layers", "export", "countries", file, "--zoom", "0-4");
        (exported.Code, exported.Error).ShouldBe((0, ""));
        exported.Out.ShouldStartWith(file);

        var info = Gdal.LayersOf(file);
        info.ShouldContain("using driver `MBTiles' successful");
        info.ShouldContain("Layer name: countries");
        info.ShouldContain("Geometry: Multi Polygon");
        info.ShouldContain("name: String");
        Gdal.CountFeatures(file).ShouldBeGreaterThanOrEqualTo(Sample.CountriesCount);

        var added = await ShellAsync("layers", "add", file, "--id", "countries_copy");
        (added.Code, added.Error).ShouldBe((0, ""));
        try
        {
            var (same, inside) = (0, 0);
            for (var zoom = 0; zoom <= 4; zoom++)
            {
                for (var row = 0; row < 1 << zoom; row++)
                {
                    for (var column = 0; column < 1 << zoom; column++)
                    {
                        var (one, copy) = (await TileAsync("countries", zoom, row, column), await TileAsync("countries_copy", zoom, row, column));
                        (copy.Status, copy.MediaType).ShouldBe((one.Status, one.MediaType), $"{zoom}/{column}/{row}");
                        if (one.Status == 200)
                        {
                            copy.Body.ShouldBe(one.Body, $"{zoom}/{column}/{row}");
                            (same, inside) = (same + 1, inside + (one.Body.Length > 0 ? 1 : 0));
                        }
                    }
                }
            }

            (same, inside).ShouldSatisfyAllConditions(counts => counts.same.ShouldBeGreaterThan(250), counts => counts.inside.ShouldBeGreaterThan(150));
            (await maps.GetAsync("collections/countries_copy/tiles/WebMercatorQuad/5/0/0")).ShouldBe(404);
            var (told, itself) = (await TileJsonAsync("countries_copy"), await TileJsonAsync("countries"));
            told.GetProperty("vector_layers")[0].GetProperty("id").GetString().ShouldBe("countries");
            told.GetProperty("vector_layers")[0].GetProperty("fields").ToString().ShouldBe(itself.GetProperty("vector_layers")[0].GetProperty("fields").ToString());
            (await maps.AdministerAsync(HttpMethod.Put, "admin/layers/countries_copy", """{"title": "Other"}""")).ShouldBe(200);
            var changed = await TileJsonAsync("countries_copy");
            (changed.GetProperty("name").GetString(), changed.GetProperty("maxzoom").GetInt32(), changed.GetProperty("vector_layers")[0].GetProperty("id").GetString()).ShouldBe(("Other", 4, "countries"));
            (await maps.GetAsync("collections/countries_copy/tiles/WorldCRS84Quad")).ShouldBe(404);
            (told.GetProperty("minzoom").GetInt32(), told.GetProperty("maxzoom").GetInt32(), told.GetProperty("name").GetString()).ShouldBe((0, 4, itself.GetProperty("name").GetString()));

            // And out of the copy again: the same file but for what it says of itself.
            (await ShellAsync("layers", "export", "countries_copy", PathOf("again.mbtiles"))).Code.ShouldBe(0);
            Gdal.CountFeatures(PathOf("again.mbtiles")).ShouldBe(Gdal.CountFeatures(file));
        }
        finally
        {
            (await maps.AdministerAsync(HttpMethod.Delete, "admin/layers/countries_copy")).ShouldBe(204);
        }

        Aside().ShouldBeEmpty();
    }

    [QgisFact]
    public async Task A_PMTiles_holds_each_tile_that_is_served()
    {
        var file = PathOf("places.pmtiles");
        (await ShellAsync("layers", "export", "places", file, "--zoom", "1-3", "--bbox", "-10,35,30,60")).Code.ShouldBe(0);

        var (head, tiles) = ReadPmTiles(file);

        (head.GetProperty("kind").GetInt32(), head.GetProperty("packing").GetInt32()).ShouldBe((1, 2));
        head.GetProperty("zooms").EnumerateArray().Select(zoom => zoom.GetInt32()).ShouldBe([1, 3]);
        head.GetProperty("bounds").EnumerateArray().Select(degrees => degrees.GetInt32()).ShouldBe([-100_000_000, 350_000_000, 300_000_000, 600_000_000]);
        head.GetProperty("metadata").GetProperty("vector_layers")[0].GetProperty("id").GetString().ShouldBe("places");
        tiles.Keys.ShouldBe([(1, 0, 0), (1, 1, 0), (2, 1, 1), (2, 2, 1), (3, 3, 2), (3, 4, 2), (3, 3, 3), (3, 4, 3)], ignoreOrder: true, "those that the box touches and that hold a place");
        foreach (var ((zoom, column, row), hash) in tiles)
        {
            var packed = (await maps.GetAsync($"collections/places/tiles/WebMercatorQuad/{zoom}/{row}/{column}?f=mvt", ("Accept-Encoding", "gzip"))).ShouldBe(200).Body;
            (packed is [0x1F, 0x8B, ..] ? packed : Gzip(packed)).ShouldSatisfyAllConditions(body => Convert.ToHexStringLower(SHA256.HashData(body)).ShouldBe(hash));
        }
    }

    [QgisFact]
    public async Task Pictures_are_exported_as_well_and_come_back_as_they_were()
    {
        var file = PathOf("relief.mbtiles");
        (await ShellAsync("layers", "export", "relief", file, "--zoom", "0-2", "--format", "png")).ShouldSatisfyAllConditions(
            export => export.Error.ShouldBe(""), export => export.Code.ShouldBe(0));

        Gdal.Info(file).ShouldContain("Driver: MBTiles/MBTiles");
        (await ShellAsync("layers", "add", file, "--id", "relief_copy")).Code.ShouldBe(0);
        try
        {
            var one = (await maps.GetAsync("collections/relief/map/tiles/WebMercatorQuad/2/1/1?f=png")).ShouldBe(200);
            (await maps.GetAsync("collections/relief_copy/map/tiles/WebMercatorQuad/2/1/1?f=png")).ShouldBe(200).Body.ShouldBe(one.Body);
        }
        finally
        {
            (await maps.AdministerAsync(HttpMethod.Delete, "admin/layers/relief_copy")).ShouldBe(204);
        }
    }

    [QgisFact]
    public async Task What_is_refused_is_told_and_writes_no_file()
    {
        var file = PathOf("none.mbtiles");

        (await ShellAsync("layers", "export", "nowhere", file)).ShouldSatisfyAllConditions(
            export => export.Code.ShouldBe(1), export => export.Error.ShouldContain("there is no layer nowhere"));
        (await ShellAsync("layers", "export", "countries", file, "--zoom", "10")).ShouldSatisfyAllConditions(
            export => export.Code.ShouldBe(1), export => export.Error.ShouldContain("there are no tiles at these zooms"));
        (await maps.ExecuteAsync("geowps:export", new { inputs = new { layer = "countries", maxZoom = 0 } }, "respond-async")).ShouldBe(401);

        _folder.GetFileSystemInfos().ShouldBeEmpty();
        Aside().ShouldBeEmpty();
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string[] Aside() => Directory.GetFileSystemEntries(Path.Combine(maps.Server.Directory, "layers", ".aside"));

    private Task<Answer> TileAsync(string layer, int zoom, int row, int column) => maps.GetAsync($"collections/{layer}/tiles/WebMercatorQuad/{zoom}/{row}/{column}?f=mvt");

    private async Task<JsonElement> TileJsonAsync(string layer) => (await maps.GetAsync($"collections/{layer}/tiles/WebMercatorQuad?f=tilejson")).ShouldBe(200).Json;

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private static (JsonElement Head, Dictionary<(int Zoom, int Column, int Row), string> Tiles) ReadPmTiles(string path)
    {
        using var python = Process.Start(new ProcessStartInfo("python3", [Path.Combine(AppContext.BaseDirectory, "Tiles", "read_pmtiles.py"), path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = python.StandardError.ReadToEndAsync();
        var lines = python.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        python.WaitForExit();
        python.ExitCode.ShouldBe(0, errors.Result);
        return (JsonElement.Parse(lines[0]), lines.Skip(1).Select(line => line.Split(' ')).ToDictionary(
            parts => (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture)), parts => parts[3]));
    }

    /// <summary>The command line client, as the administrator.</summary>
    private async Task<(int Code, string Out, string Error)> ShellAsync(params string[] words)
    {
        var host = typeof(ExportTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "HostAssembly").Value!;
        var start = new ProcessStartInfo("dotnet", [host, .. words, "--server", maps.Server.Address.ToString()]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GEOWPS_TOKEN"] = MapsServer.Token;
        using var shell = Process.Start(start)!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync();
        return (shell.ExitCode, await output, await error);
    }
}
