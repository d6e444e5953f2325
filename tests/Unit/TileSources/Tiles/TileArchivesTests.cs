using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GeoWps.Adapters.TileSources;
using GeoWps.Adapters.TileSources.Tiles;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.TileSources.Tiles;

public sealed class TileArchivesTests : IDisposable
{
    private static readonly TileArchiveDescription _vector = new("Towns", TileFormat.Mvt, new Extent(5, 45, 11, 48), 0, 8)
    {
        Description = "All of them",
        Attribution = "© us",
        Layers = [new TileArchiveLayer("towns", null, 0, 8, [new("name", "string"), new("size", "integer"), new("capital", "boolean")], "Point")],
    };

    private static readonly TileArchiveDescription _pictures = new("Pictures", TileFormat.Png, Extent.World, 0, 8);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("geowps-archives-");
    private readonly TileArchives _archives = new();

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 0, 0, 1)]
    [InlineData(1, 0, 1, 2)]
    [InlineData(1, 1, 1, 3)]
    [InlineData(1, 1, 0, 4)]
    [InlineData(2, 0, 0, 5)]
    [InlineData(12, 3423, 1763, 19078479)]
    public void Tiles_are_numbered_along_the_Hilbert_curve(int zoom, int column, int row, long id) => PmTilesWriter.TileId(zoom, column, row).ShouldBe(id);

    [Fact]
    public void Every_tile_of_a_zoom_has_its_own_number_and_neighbours_in_number_are_neighbours()
    {
        var byId = (from x in Enumerable.Range(0, 32) from y in Enumerable.Range(0, 32) select (Id: PmTilesWriter.TileId(5, x, y), X: x, Y: y)).OrderBy(tile => tile.Id).ToArray();
        byId.Select(tile => tile.Id).ShouldBe(Enumerable.Range(341, 1024).Select(id => (long)id));
        byId.Zip(byId.Skip(1)).ShouldAllBe(pair => Math.Abs(pair.First.X - pair.Second.X) + Math.Abs(pair.First.Y - pair.Second.Y) == 1);
    }

    [PythonFact]
    public async Task A_large_PMTiles_has_leaves_and_gives_back_every_tile()
    {
        // Down to zoom 7 there are 21,845 tiles; a third of them are the sea.
        var tiles = Pyramid(7).ToArray();
        var summary = await _archives.WriteAsync(TileArchiveKind.PmTiles, PathOf("a.pmtiles"), _pictures, Stream(tiles.OrderBy(tile => tile.GetHashCode())), default);
        var (head, read) = Read(PathOf("a.pmtiles"));

        summary.Tiles.ShouldBe(21845);
        summary.Contents.ShouldBeLessThan(16_000);
        summary.Bytes.ShouldBe(new FileInfo(PathOf("a.pmtiles")).Length);
        ((int)head["leaves"]!).ShouldBeGreaterThan(3);
        ((int)head["kind"]!, (int)head["packing"]!, head["zooms"]!.ToJsonString()).ShouldBe((2, 1, "[0,7]"));
        read.Count.ShouldBe(tiles.Length);
        foreach (var tile in tiles)
        {
            read[(tile.Level, tile.Tile.Column, tile.Tile.Row)].ShouldBe(Hash(tile.Content));
        }

        _folder.GetFiles().ShouldHaveSingleItem();
    }

    [PythonFact]
    public async Task A_small_PMTiles_of_vectors_is_packed_and_described()
    {
        var tiles = Stream([Vector(0, 0, 0, "a"), Vector(3, 4, 2, "b"), Vector(3, 5, 2, "b") with { Content = TileContent.Gzip(Vector(0, 0, 0, "b").Content, TileEncoding.Identity), Encoding = TileEncoding.Gzip }, new ArchivedTile(3, new TileIndex(6, 2), default, TileEncoding.Identity)]);
        var summary = await _archives.WriteAsync(TileArchiveKind.PmTiles, PathOf("a.pmtiles"), _vector, tiles, default);
        var (head, read) = Read(PathOf("a.pmtiles"));

        (summary.Tiles, summary.Contents).ShouldBe((3, 2));
        ((int)head["kind"]!, (int)head["packing"]!, (int)head["leaves"]!, head["zooms"]!.ToJsonString()).ShouldBe((1, 2, 0, "[0,3]"));
        head["bounds"]!.ToJsonString().ShouldBe("[50000000,450000000,110000000,480000000]");
        head["metadata"]!["vector_layers"]![0]!["fields"]!.ToJsonString().ShouldBe("""{"name":"String","size":"Number","capital":"Boolean"}""");
        ((string)head["metadata"]!["attribution"]!).ShouldBe("© us");
        read.Keys.ShouldBe([(0, 0, 0), (3, 4, 2), (3, 5, 2)], ignoreOrder: true);
    }

    [PythonFact]
    public async Task An_empty_PMTiles_is_one()
    {
        (await _archives.WriteAsync(TileArchiveKind.PmTiles, PathOf("a.pmtiles"), _pictures, Stream([]), default)).Tiles.ShouldBe(0);
        Read(PathOf("a.pmtiles")).Tiles.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_MBTiles_is_read_back_as_it_was_written_and_holds_the_same_once()
    {
        var tiles = Pyramid(5).ToArray();
        var summary = await _archives.WriteAsync(TileArchiveKind.MbTiles, PathOf("a.mbtiles"), _pictures, Stream(tiles), default);
        (summary.Tiles, summary.Contents).ShouldBe((1365, tiles.DistinctBy(tile => Hash(tile.Content)).Count()));

        var described = await _archives.InspectAsync(PathOf("a.mbtiles"), default);
        (described.Format, described.MinZoom, described.MaxZoom, described.TileCount, described.Name).ShouldBe((TileFormat.Png, 0, 5, 1365, "Pictures"));
        var read = new List<ArchivedTile>();
        await foreach (var tile in _archives.ReadAsync(PathOf("a.mbtiles"), default))
        {
            read.Add(tile);
        }

        read.Select(tile => (tile.Level, tile.Tile, Hash(tile.Content))).ShouldBe(tiles.Select(tile => (tile.Level, tile.Tile, Hash(tile.Content))), ignoreOrder: true);
        _folder.GetFiles().ShouldHaveSingleItem();
    }

    [Formats.GdalFact]
    public async Task GDAL_reads_an_MBTiles_of_ours()
    {
        // A layer "towns" with one point.
        byte[] tile = [0x1a, 0x15, 0x0a, 5, .. "towns"u8, 0x12, 7, 0x18, 1, 0x22, 3, 9, 50, 34, 0x28, 0x80, 0x20, 0x78, 2];
        using var gdal = new Formats.Gdal();
        await _archives.WriteAsync(TileArchiveKind.MbTiles, gdal.PathOf("a.mbtiles"), _vector, Stream([new ArchivedTile(0, default, tile, TileEncoding.Identity)]), default);
        var summary = gdal.Summary("a.mbtiles");
        summary.ShouldContain("Layer name: towns");
        summary.ShouldContain("Feature Count: 1");
        summary.ShouldContain("capital: Integer(Boolean)");
    }

    [Fact]
    public async Task Vector_metadata_survive()
    {
        await _archives.WriteAsync(TileArchiveKind.MbTiles, PathOf("a.mbtiles"), _vector, Stream([Vector(2, 1, 1, "a")]), default);
        var described = await _archives.InspectAsync(PathOf("a.mbtiles"), default);
        (described.Extent, described.Description, described.Attribution, described.MinZoom, described.MaxZoom).ShouldBe((_vector.Extent, "All of them", "© us", 2, 2));
        var layer = described.Layers.ShouldHaveSingleItem();
        (layer.Id, layer.MinZoom, layer.MaxZoom).ShouldBe(("towns", 0, 8));
        layer.Fields.ShouldBe([new("name", "string"), new("size", "number"), new("capital", "boolean")]);
    }

    [Fact]
    public async Task A_layer_of_an_MBTiles_serves_its_tiles_packed_as_they_are()
    {
        await _archives.WriteAsync(TileArchiveKind.MbTiles, PathOf("a.mbtiles"), _vector, Stream([Vector(3, 4, 2, "a")]), default);
        var source = new MbTilesSource((_, path) => PathOf(path), NullLogger<MbTilesSource>.Instance);
        var layer = Grids.LayerOf(new LayerSource.Tiles("a.mbtiles"), TileFormat.Mvt);
        var made = await source.MakeAsync(layer, Grids.WebMercatorQuad, new MetaTile(3, new TileRange(4, 2, 5, 2)), TileFormat.Mvt, default);

        (made[0].Tile, made[0].Encoding, made[0].Notes).ShouldBe((new TileIndex(4, 2), TileEncoding.Gzip, TileNotes.None));
        TileContent.Unpack(made[0].Content, TileEncoding.Gzip).ToArray().ShouldBe(Vector(3, 4, 2, "a").Content.ToArray());
        (made[1].Tile, made[1].Notes).ShouldBe((new TileIndex(5, 2), TileNotes.Empty));
        await Should.ThrowAsync<TileSourceException>(() => source.MakeAsync(layer, Grids.WorldCrs84Quad, new MetaTile(0, new TileRange(0, 0, 0, 0)), TileFormat.Mvt, default));
        await Should.ThrowAsync<TileSourceException>(() => source.MakeAsync(layer with { Source = new LayerSource.Tiles("gone.mbtiles") }, Grids.WebMercatorQuad, new MetaTile(0, new TileRange(0, 0, 0, 0)), TileFormat.Mvt, default));
    }

    [Theory]
    [InlineData(TileArchiveKind.MbTiles)]
    [InlineData(TileArchiveKind.PmTiles)]
    public async Task A_failure_leaves_nothing_behind_and_the_old_file_in_place(TileArchiveKind kind)
    {
        await File.WriteAllTextAsync(PathOf("a"), "old");
        var twice = Picture(1, 0, 0, 1);
        (await Should.ThrowAsync<TileArchiveException>(() => _archives.WriteAsync(kind, PathOf("a"), _pictures, Stream([twice, twice]), default))).Message.ShouldContain("1/0/0 comes twice");
        (await Should.ThrowAsync<TileArchiveException>(() => _archives.WriteAsync(kind, PathOf("a"), _pictures, Stream([Vector(0, 0, 0, "a")]), default))).Message.ShouldContain("0/0/0 is mvt, not png");
        (await Should.ThrowAsync<TileArchiveException>(() => _archives.WriteAsync(kind, PathOf("a"), _pictures, Stream([Picture(1, 2, 0, 1)]), default))).Message.ShouldContain("there is no tile 1/2/0");
        using var stopped = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => _archives.WriteAsync(kind, PathOf("a"), _pictures, Cancelling(stopped), stopped.Token));

        _folder.GetFiles().ShouldHaveSingleItem();
        (await File.ReadAllTextAsync(PathOf("a"))).ShouldBe("old");
    }

    [Fact]
    public async Task What_is_no_MBTiles_is_refused()
    {
        await File.WriteAllTextAsync(PathOf("text"), "not a database, but long enough to be looked at as one");
        using (var other = new SqliteConnection($"Data Source={PathOf("other")};Pooling=False"))
        {
            other.Open();
            MbTilesWriter.Run(other, "CREATE TABLE a (b)");
        }

        foreach (var name in (string[])["text", "other", "missing"])
        {
            (await Should.ThrowAsync<TileArchiveException>(() => _archives.InspectAsync(PathOf(name), default))).Message.ShouldBe("the file is no MBTiles file, or is damaged");
        }

        await _archives.WriteAsync(TileArchiveKind.MbTiles, PathOf("none"), _pictures, Stream([]), default);
        (await Should.ThrowAsync<TileArchiveException>(() => _archives.InspectAsync(PathOf("none"), default))).Message.ShouldBe("the file has no tiles");
    }

    /// <summary>All tiles down to a zoom; the left third is one and the same.</summary>
    private static IEnumerable<ArchivedTile> Pyramid(int zoom) =>
        from level in Enumerable.Range(0, zoom + 1)
        from column in Enumerable.Range(0, 1 << level)
        from row in Enumerable.Range(0, 1 << level)
        select Picture(level, column, row, column * 3 < 1 << level ? 0 : PmTilesWriter.TileId(level, column, row));

    private static ArchivedTile Picture(int level, int column, int row, long number) =>
        new(level, new TileIndex(column, row), (byte[])[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, .. BitConverter.GetBytes(number)], TileEncoding.Identity);

    private static ArchivedTile Vector(int level, int column, int row, string name) =>
        new(level, new TileIndex(column, row), (byte[])[0x1a, (byte)(name.Length + 4), 0x0a, (byte)name.Length, .. System.Text.Encoding.ASCII.GetBytes(name), 0x78, 2], TileEncoding.Identity);

    private static async IAsyncEnumerable<ArchivedTile> Stream(IEnumerable<ArchivedTile> tiles)
    {
        await Task.Yield();
        foreach (var tile in tiles)
        {
            yield return tile;
        }
    }

    private static async IAsyncEnumerable<ArchivedTile> Cancelling(CancellationTokenSource stopping)
    {
        yield return Picture(0, 0, 0, 1);
        await stopping.CancelAsync();
        stopping.Token.ThrowIfCancellationRequested();
    }

    private static string Hash(ReadOnlyMemory<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content.Span));

    private static (JsonNode Head, Dictionary<(int Zoom, int Column, int Row), string> Tiles) Read(string path)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "TileSources", "Tiles", "read_pmtiles.py");
        using var python = Process.Start(new ProcessStartInfo("python3", [script, path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = python.StandardError.ReadToEndAsync();
        var lines = python.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        python.WaitForExit();
        python.ExitCode.ShouldBe(0, errors.Result);
        return (JsonNode.Parse(lines[0])!, lines.Skip(1).Select(line => line.Split(' ')).ToDictionary(
            parts => (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture)), parts => parts[3]));
    }
}

/// <summary>A test that reads by a script; skipped, with the reason, where there is no Python.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "python3"))) is not true)
        {
            Skip = "python3 is not installed";
        }
    }
}
