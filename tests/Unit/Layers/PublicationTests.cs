using System.Text.Json.Nodes;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using Microsoft.Data.Sqlite;

namespace GeoWps.Tests.Unit.Layers;

/// <summary>GeoPackages that are served as they are, and what becomes of their layers.</summary>
public sealed class PublicationTests : IDisposable
{
    private static readonly string _world = Path.Combine(Repository(), "samples", "world.gpkg");

    private readonly LayerBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_geopackage_tells_what_it_holds()
    {
        var table = (await _bench.Vectors.InspectAsync(_world, "lakes", LayerBench.None)).ShouldBeOfType<VectorInspection.Found>().Table;

        (table.Name, table.Title, table.GeometryColumn, table.Unfit, table.Crs, table.GeometryType, table.FeatureCount).ShouldBe(("lakes", "Lakes", "geom", null, Domain.Spatial.Crs.Wgs84, "Polygon", 336));
        table.Extent.MinX.ShouldBe(-165.9655816882933, "exactly, though the R-tree is not");
        table.Fields.ShouldContain(new LayerField("name", "string"));
        (await _bench.Vectors.InspectAsync(_world, null, LayerBench.None)).ShouldBeOfType<VectorInspection.Found>().Table.Name.ShouldBe("countries");
        (await _bench.Vectors.InspectAsync(_world, "sea", LayerBench.None)).ShouldBeOfType<VectorInspection.Refused>().Message.ShouldContain("has no table sea; there are: countries, places");
    }

    [Fact]
    public async Task A_geopackage_without_its_r_tree_or_with_a_stale_one_is_not_served_as_it_is()
    {
        var copy = _bench.Folder["copy.gpkg"];
        await _bench.Vectors.CopyAsync(_world, copy, LayerBench.None);
        Run(copy, "DELETE FROM rtree_lakes_geom; DROP TABLE rtree_rivers_geom");

        ((VectorInspection.Found)await _bench.Vectors.InspectAsync(copy, "lakes", LayerBench.None)).Table.Unfit.ShouldBe("has an R-tree of other features");
        ((VectorInspection.Found)await _bench.Vectors.InspectAsync(copy, "rivers", LayerBench.None)).Table.Unfit.ShouldBe("has no R-tree");
        (await new DataReading(_bench.Vectors).ReadAsync(copy, "rivers", isOperators: false, LayerBench.None)).ShouldBe(new DataOutcome.Convert(Reproject: false));
    }

    [Fact]
    public async Task Fields_of_dates_tell_the_first_and_the_last_and_the_only_one_is_the_layer_s_time()
    {
        var copy = _bench.Folder["times.gpkg"];
        await _bench.Vectors.CopyAsync(_world, copy, LayerBench.None);

        // Its triggers call what SQLite alone does not have.
        Run(copy, "PRAGMA writable_schema = ON; DELETE FROM sqlite_master WHERE type = 'trigger'");
        Run(copy, """"
            ALTER TABLE lakes ADD COLUMN surveyed DATE;
            ALTER TABLE rivers ADD COLUMN "my ""day""" DATE; ALTER TABLE rivers ADD COLUMN seen DATETIME; ALTER TABLE rivers ADD COLUMN never DATETIME;
            UPDATE lakes SET surveyed = date('2001-02-03', '+' || (rowid % 100) || ' days');
            UPDATE lakes SET surveyed = 'unknown' WHERE rowid % 7 = 0;
            UPDATE rivers SET seen = '2020-05-06T07:08:09.250Z' WHERE rowid % 2 = 0;
            UPDATE rivers SET seen = '2019-05-06T07:08:09Z' WHERE rowid % 2 = 1;
            UPDATE rivers SET "my ""day""" = '';
            """");

        var lakes = ((DataOutcome.Ready)await new DataReading(_bench.Vectors).ReadAsync(copy, "lakes", isOperators: false, LayerBench.None)).Facts.Contents;
        var rivers = ((DataOutcome.Ready)await new DataReading(_bench.Vectors).ReadAsync(copy, "rivers", isOperators: false, LayerBench.None)).Facts.Contents;

        (lakes.TimeField, Text(lakes.Times)).ShouldBe(("surveyed", "2001-02-03T00:00:00Z/2001-05-13T23:59:59Z"));
        (rivers.TimeField, rivers.Times).ShouldBe((null, null), "there are three");
        Text(rivers.Fields.Single(field => field.Name == "seen").Range).ShouldBe("2019-05-06T07:08:09Z/2020-05-06T07:08:09Z");
        rivers.Fields.Where(field => field.Name is "never" or "my \"day\"").ShouldAllBe(field => field.Range == null);

        static string Text(Domain.Time.TimeInterval? times) => $"{Domain.Time.TimeInterval.Text(times?.From)}/{Domain.Time.TimeInterval.Text(times?.To)}";
    }

    [Fact]
    public async Task Other_files_are_told_by_how_they_begin()
    {
        (await KindOfAsync("II*\0rest")).ShouldBe(DataFileKind.GeoTiff);
        (await KindOfAsync("PMTiles\u0003 rest")).ShouldBe(DataFileKind.PmTiles);
        (await KindOfAsync("<!DOCTYPE qgis PUBLIC>")).ShouldBe(DataFileKind.Project);
        (await KindOfAsync("""{"type": "FeatureCollection"}""")).ShouldBe(DataFileKind.Unknown);
        (await KindOfAsync("")).ShouldBe(DataFileKind.Unknown);
        (await KindOfAsync("PK\u0003\u0004 no zip")).ShouldBe(DataFileKind.Unknown);
        (await _bench.Vectors.InspectAsync(Written("SQLite format 3\0 and nothing that is one, for a good hundred bytes of length and some more ......"), null, LayerBench.None))
            .ShouldBeOfType<VectorInspection.Refused>().Message.ShouldContain("damaged");
    }

    [Fact]
    public async Task A_published_file_has_a_row_and_data_and_a_title()
    {
        var layer = (await _bench.PublishAsync(_world, new LayerSettings { Id = "w", Tiles = new() { Attributes = ["name"] } }, job: "j")).ShouldBeOfType<StoreOutcome.Stored>().Layer;

        (layer.Title, layer.Job, layer.Revision, layer.Bytes).ShouldBe(("Countries", "j", 1, new FileInfo(_world).Length));
        var source = layer.Source.ShouldBeOfType<LayerSource.GeoPackage>();
        File.Exists(_bench.Files.PathOf("w", source.Path)).ShouldBeTrue();
        (await _bench.Layers.FindAsync("w", LayerBench.None)).ShouldBe(layer);
    }

    [Fact]
    public async Task An_id_that_is_taken_is_refused_unless_its_own_job_comes_again_and_a_made_one_gets_a_number()
    {
        await _bench.PublishAsync(_world, new LayerSettings { Id = "w" }, job: "first");

        (await _bench.PublishAsync(_world, new LayerSettings { Id = "w" }, job: "second")).ShouldBe(new StoreOutcome.Exists("w"));
        (await _bench.PublishAsync(_world, new LayerSettings { Id = "w" }, job: "first")).ShouldBeOfType<StoreOutcome.Stored>().Layer.Revision.ShouldBe(2);
        (await _bench.PublishAsync(_world, new LayerSettings { Title = "W" })).ShouldBeOfType<StoreOutcome.Stored>().Layer.Id.ShouldBe("w-2");
        _bench.DataFolders().ShouldBe(["w", "w", "w-2"], "that of revision 1 waits for its readers");
    }

    [Fact]
    public async Task Settings_that_do_not_go_with_the_data_are_refused_and_leave_nothing()
    {
        var refused = (await _bench.PublishAsync(_world, new LayerSettings { TimeField = "name", SearchFields = ["name", "nom"], Tiles = new() { Attributes = ["name", "nom"] } })).ShouldBeOfType<StoreOutcome.Refused>();

        refused.Mistakes.Select(mistake => mistake.Place).ShouldBe(["/tiles/attributes", "/searchFields", "/timeField"]);
        _bench.DataFolders().ShouldBeEmpty();
        (await _bench.Layers.CountAsync(LayerBench.None)).ShouldBe(0);
    }

    [Fact]
    public async Task Tile_matrix_sets_that_are_not_there_are_refused_with_those_that_are()
    {
        var refused = (await _bench.PublishAsync(_world, new LayerSettings { Tiles = new() { TileMatrixSets = ["WebMercatorQuad", "WebMercatorQuat"] } })).ShouldBeOfType<StoreOutcome.Refused>();

        var mistake = refused.Mistakes.ShouldHaveSingleItem();
        mistake.Place.ShouldBe("/tiles/tileMatrixSets");
        mistake.Message.ShouldStartWith("there is no tile matrix set WebMercatorQuat; did you mean WebMercatorQuad?; there are: CDB1GlobalGrid, CGCS2000Quad, ");
        _bench.DataFolders().ShouldBeEmpty();

        await _bench.PublishAsync(_world, new LayerSettings { Id = "w", Tiles = new() { TileMatrixSets = ["WebMercatorQuad"] } });
        ((ChangeOutcome.Refused)await _bench.Change.PatchAsync("w", JsonNode.Parse("""{"tiles": {"tileMatrixSets": ["none"]}}""")!.AsObject(), LayerBench.None))
            .Mistakes.Select(one => one.Place).ShouldBe(["/tiles/tileMatrixSets"]);
    }

    [Fact]
    public async Task Replaced_data_are_new_tiles_and_the_old_ones_go_in_time()
    {
        await _bench.PublishAsync(_world, new LayerSettings { Id = "w" });

        var next = (await _bench.PublishAsync(_world, new LayerSettings { Title = "New" }, replaces: "w")).ShouldBeOfType<StoreOutcome.Stored>();

        (next.IsNew, next.Layer.Id, next.Layer.Title, next.Layer.Revision).ShouldBe((false, "w", "New", 2));
        _bench.Watch.Told.ShouldBe(["changed w 2"]);
        _bench.Clock.Advance(TimeSpan.FromMinutes(5));
        (await _bench.Files.SweepAsync(TimeSpan.FromMinutes(1), _bench.Layers.FindStoredAsync, LayerBench.None)).ShouldBe(1);
        File.Exists(_bench.Files.PathOf("w", ((LayerSource.GeoPackage)next.Layer.Source).Path)).ShouldBeTrue();
        (await _bench.PublishAsync(_world, new LayerSettings(), replaces: "none")).ShouldBe(new StoreOutcome.Unknown("none"));
        _bench.DataFolders().ShouldBe(["w"]);
    }

    [Fact]
    public async Task A_removed_layer_takes_its_data_with_it_and_its_id_is_free()
    {
        await _bench.PublishAsync(_world, new LayerSettings { Id = "w" });

        (await _bench.Remove.ExecuteAsync("w", LayerBench.None)).ShouldBeTrue();
        (await _bench.Remove.ExecuteAsync("w", LayerBench.None)).ShouldBeFalse();
        await _bench.PublishAsync(_world, new LayerSettings { Id = "w" });
        _bench.Clock.Advance(TimeSpan.FromMinutes(5));
        await _bench.Files.SweepAsync(TimeSpan.FromMinutes(1), _bench.Layers.FindStoredAsync, LayerBench.None);

        _bench.DataFolders().ShouldBe(["w"]);
        _bench.Watch.Told.ShouldBe(["removed w"]);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_tiles_go_only_when_they_must()
    {
        await _bench.PublishAsync(_world, new LayerSettings { Id = "w", Keywords = ["a"], Expires = DateTimeOffset.UnixEpoch.AddDays(36_500) });

        var changed = await PatchAsync("""{"title": "T", "expires": null, "caching": {"maxAge": 7}}""");
        (changed.Title, changed.Expires, changed.Caching.MaxAgeSeconds, changed.Keywords[0], changed.Revision).ShouldBe(("T", null, 7, "a", 2));
        _bench.Watch.Told.ShouldBeEmpty("its tiles look the same");
        await PatchAsync("""{"tiles": {"buffer": 8}}""");
        _bench.Watch.Told.ShouldBe(["changed w 3"]);

        ((ChangeOutcome.Refused)await _bench.Change.PatchAsync("w", JsonNode.Parse("""{"id": "x", "tiles": {"buffer": -1}}""")!.AsObject(), LayerBench.None))
            .Mistakes.Select(mistake => mistake.Place).ShouldBe(["/tiles/buffer", "/id"]);
        (await _bench.Change.PatchAsync("none", [], LayerBench.None)).ShouldBe(new ChangeOutcome.Unknown("none"));
    }

    [Fact]
    public async Task A_pinned_layer_has_no_end()
    {
        await _bench.PublishAsync(_world, new LayerSettings { Id = "w", Expires = _bench.Clock.GetUtcNow().AddMinutes(1) });

        await _bench.Change.PinAsync("w", LayerBench.None);
        _bench.Clock.Advance(TimeSpan.FromDays(1));

        (await _bench.Keeper.RemoveExpiredAsync(LayerBench.None)).ShouldBe(0);
        (await _bench.Layers.FindAsync("w", LayerBench.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Samples_are_published_once_and_what_was_removed_does_not_come_back()
    {
        Directory.CreateDirectory(_bench.Folder["samples"]);
        File.Copy(_world, _bench.Folder["samples/world.gpkg"]);
        await _bench.Samples().PublishAsync(LayerBench.None);
        (await _bench.Layers.ListAsync(null, 10, LayerBench.None)).Select(layer => layer.Id).ShouldBe(["countries", "lakes", "places", "rivers", "urban_areas"]);
        _bench.Copies().ShouldBe(1, "they share one copy of the file");

        await _bench.Remove.ExecuteAsync("rivers", LayerBench.None);
        await _bench.Samples().PublishAsync(LayerBench.None);

        (await _bench.Layers.FindAsync("rivers", LayerBench.None)).ShouldBeNull();
        (await _bench.Layers.CountAsync(LayerBench.None)).ShouldBe(4);

        foreach (var id in new[] { "countries", "lakes", "places" })
        {
            await _bench.Remove.ExecuteAsync(id, LayerBench.None);
        }

        _bench.Clock.Advance(TimeSpan.FromMinutes(5));
        await _bench.Files.SweepAsync(TimeSpan.FromMinutes(1), _bench.Layers.FindStoredAsync, LayerBench.None);
        (_bench.DataFolders(), _bench.Copies()).ShouldSatisfyAllConditions(all => all.Item1.ShouldBe(["urban_areas"]), all => all.Item2.ShouldBe(1, "the last layer keeps it"));
        await _bench.Remove.ExecuteAsync("urban_areas", LayerBench.None);
        _bench.Clock.Advance(TimeSpan.FromMinutes(5));
        await _bench.Files.SweepAsync(TimeSpan.FromMinutes(1), _bench.Layers.FindStoredAsync, LayerBench.None);
        _bench.Copies().ShouldBe(0);
    }

    private async Task<Layer> PatchAsync(string patch) =>
        ((ChangeOutcome.Changed)await _bench.Change.PatchAsync("w", JsonNode.Parse(patch)!.AsObject(), LayerBench.None)).Layer;

    private async Task<DataFileKind> KindOfAsync(string text) =>
        ((VectorInspection.Other)await _bench.Vectors.InspectAsync(Written(text), null, LayerBench.None)).Kind;

    private string Written(string text)
    {
        var path = _bench.Folder[Guid.NewGuid().ToString("N")];
        File.WriteAllText(path, text);
        return path;
    }

    private static void Run(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "GeoWps.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
