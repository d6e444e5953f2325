using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Execution;
using GeoWps.Adapters.Execution.Drawing;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Workers;
using Xunit.Abstractions;

namespace GeoWps.Tests.Integration.Tiles;

public sealed class QgisTileSourceTests(RunningDrawers qgis, ITestOutputHelper output) : IClassFixture<RunningDrawers>
{
    private static readonly MetaTile World = new(2, new TileRange(0, 0, 3, 3));

    [QgisFact]
    public async Task A_table_is_drawn_where_it_has_features_and_nothing_elsewhere()
    {
        var tiles = await MakeAsync(qgis.Table("countries"), World);

        tiles.Keys.Order(Comparer<TileIndex>.Create((a, b) => (a.Row, a.Column).CompareTo((b.Row, b.Column))))
            .ShouldBe(from row in Enumerable.Range(0, 4) from column in Enumerable.Range(0, 4) select new TileIndex(column, row));
        var africa = Picture.Read(tiles[new TileIndex(2, 2)].Content);
        (africa.Width, africa.Height).ShouldBe((256, 256));
        output.WriteLine($"{africa.Drawn}");
        africa.Drawn.ShouldBeInRange(0.1, 0.6);
        africa[40, 10].Alpha.ShouldBeGreaterThan((byte)100, "the Congo");
        africa[5, 100].Alpha.ShouldBe((byte)0, "the Atlantic");
        (await MakeAsync(qgis.Table("countries"), Grids.At(-150, -45, 5, 2))).Values.ShouldAllBe(tile => tile.Notes == TileNotes.Empty && tile.Content.Length == 0);
    }

    [QgisTheory]
    [InlineData("countries", 2, 20, 20)]
    [InlineData("countries", 5, 9, 47)]
    [InlineData("rivers", 3, 20, 50)]
    public async Task Tables_meet_at_the_edges_of_metatiles(string table, int level, double longitude, double latitude)
    {
        var single = Grids.At(longitude, latitude, level, 1);
        var tile = new TileIndex(single.Range.MinColumn, single.Range.MinRow);

        var among = Picture.Read((await MakeAsync(qgis.Table(table), Grids.At(longitude, latitude, level, 4)))[tile].Content);
        var alone = Picture.Read((await MakeAsync(qgis.Table(table), single))[tile].Content);

        alone.Drawn.ShouldBeGreaterThan(0.01);
        among.DiffersFrom(alone, by: 64).ShouldBeLessThan(0.002);
    }

    [QgisTheory]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(13)]
    public async Task A_raster_meets_at_the_edges_of_metatiles(int level)
    {
        var single = Grids.At(-84.2, 36.6, level, 1);
        var tile = new TileIndex(single.Range.MinColumn, single.Range.MinRow);

        var among = Picture.Read((await MakeAsync(qgis.Raster(), Grids.At(-84.2, 36.6, level, 4)))[tile].Content);
        var alone = Picture.Read((await MakeAsync(qgis.Raster(), single))[tile].Content);

        alone.Drawn.ShouldBeGreaterThan(0.05);
        among.DiffersFrom(alone, by: 12).ShouldBeLessThan(0.001);
    }

    [QgisFact]
    public async Task A_raster_ends_where_its_data_do()
    {
        var tiles = await MakeAsync(qgis.Raster(), Grids.At(-84.2, 36.6, 9, 4));

        var shares = tiles.Values.Select(tile => tile.Notes == TileNotes.Empty ? 0 : Picture.Read(tile.Content).Drawn).ToList();
        shares.Count.ShouldBe(16);
        shares.Count(share => share == 0).ShouldBeGreaterThan(8);
        shares.Sum().ShouldBeInRange(0.05, 1);
        output.WriteLine(string.Join(' ', shares));
    }

    [QgisFact]
    public async Task A_JPEG_has_white_where_nothing_is()
    {
        var tiles = await MakeAsync(qgis.Table("countries"), World, TileFormat.Jpeg);

        tiles[new TileIndex(2, 2)].Content.Span[..3].SequenceEqual(new byte[] { 0xFF, 0xD8, 0xFF }).ShouldBeTrue();
        using var gdal = new Gdal();
        var png = gdal.Raster(gdal.Keep(tiles[new TileIndex(2, 2)].Content.ToArray(), "jpg"), "atlantic.png", "PNG");
        Picture.Read(await File.ReadAllBytesAsync(png))[5, 100].ShouldBe(((byte)255, (byte)255, (byte)255, (byte)255));
    }

    [QgisFact]
    public async Task A_WebP_is_one()
    {
        var tiles = await MakeAsync(qgis.Table("countries"), World, TileFormat.Webp);

        tiles[new TileIndex(2, 2)].Content.Span[8..12].SequenceEqual("WEBP"u8).ShouldBeTrue();
    }

    [QgisFact]
    public async Task Where_columns_coalesce_a_tile_is_drawn_whole_under_its_canonical_index()
    {
        var layer = qgis.Table("countries");

        var made = await qgis.Source.MakeAsync(layer, Grids.Coalesced, new MetaTile(0, new TileRange(5, 0, 6, 1)), TileFormat.Png, CancellationToken.None);

        made.Select(tile => tile.Tile).ShouldBe([new TileIndex(4, 0), new TileIndex(6, 0), new TileIndex(5, 1), new TileIndex(6, 1)]);
        var north = Picture.Read(made[0].Content);
        (north.Width, north.Height).ShouldBe((256, 256));
        north.Drawn.ShouldBeInRange(0.1, 0.7);
    }

    [QgisFact]
    public async Task Rows_may_be_counted_from_below()
    {
        var layer = qgis.Table("countries");

        var made = await qgis.Source.MakeAsync(layer, Grids.FromBelow, new MetaTile(0, new TileRange(2, 0, 3, 1)), TileFormat.Png, CancellationToken.None);

        var above = await MakeAsync(layer, World);
        made.Count.ShouldBe(4);
        Picture.Read(made.Single(tile => tile.Tile == new TileIndex(2, 1)).Content).DiffersFrom(Picture.Read(above[new TileIndex(2, 2)].Content), by: 64).ShouldBeLessThan(0.002);
    }

    [SandboxFact]
    public async Task QGIS_can_not_write_where_layers_are_and_sees_other_folders_only_where_it_may()
    {
        using var gdal = new Gdal();
        var (file, own) = (gdal.Raster(Sample.Dem, "dem.tif", "GTiff"), qgis.Put("written", Sample.Dem));
        await using var allowed = new RunningReaders(gdal.Folder);
        await allowed.InitializeAsync();

        RunningWorkers.AnswerOf(await qgis.PythonAsync($"try:\n    open({Literal(own)}, 'r+b')\n    answer = 'open'\nexcept OSError:\n    answer = 'closed'")).ShouldBe("closed");
        var error = await Should.ThrowAsync<TileSourceException>(() => qgis.Inspector.InspectAsync(file, DrawnKind.Raster, CancellationToken.None));
        error.Message.ShouldContain("sandbox");
        var drawings = new Drawings((IDrawers)allowed.Workers, new PythonOptions(), allowed.Limits);
        (await new QgisInspector(drawings).InspectAsync(file, DrawnKind.Raster, CancellationToken.None)).Fields.Count.ShouldBe(1);
    }

    [QgisFact]
    public async Task A_style_decides_the_colours()
    {
        var tiles = await MakeAsync(qgis.Table("countries", new LayerStyle(StyleKind.Qml, Style("<prop k=\"color\" v=\"255,0,0,255\"/>"))), World);

        Picture.Read(tiles[new TileIndex(2, 2)].Content)[40, 10].ShouldBe(((byte)255, (byte)0, (byte)0, (byte)255));
    }

    [QgisFact]
    public async Task A_MapLibre_style_decides_the_colours_of_what_passes_its_filters()
    {
        const string Red = """
            {"version": 8, "layers": [
              {"id": "all", "type": "fill", "paint": {"fill-color": "#00f"}},
              {"id": "africa", "type": "fill", "filter": ["==", ["get", "continent"], "Africa"], "paint": {"fill-color": "rgb(255, 0, 0)"}}]}
            """;

        var tiles = await MakeAsync(qgis.Table("countries", new LayerStyle(StyleKind.MapLibre, Red)), World);

        Picture.Read(tiles[new TileIndex(2, 2)].Content)[40, 10].ShouldBe(((byte)255, (byte)0, (byte)0, (byte)255));
        Picture.Read(tiles[new TileIndex(1, 2)].Content)[100, 50].ShouldBe(((byte)0, (byte)0, (byte)255, (byte)255), "Brazil");
    }

    [QgisFact]
    public async Task A_style_that_asks_for_what_is_off_is_refused()
    {
        var layer = qgis.Table("countries", new LayerStyle(StyleKind.Qml, Style("<prop k=\"x\" v=\"env('HOME')\"/>")));

        (await Should.ThrowAsync<TileSourceException>(() => MakeAsync(layer, World))).Message.ShouldContain("env");
    }

    [QgisTheory]
    [InlineData("MapLibre rubbish", StyleKind.MapLibre)]
    [InlineData("<qgis", StyleKind.Qml)]
    public async Task A_broken_style_is_told(string text, StyleKind kind)
    {
        var error = await Should.ThrowAsync<TileSourceException>(() => MakeAsync(qgis.Table("countries", new LayerStyle(kind, text)), World));

        error.RetryAfter.ShouldBeNull();
    }

    [QgisFact]
    public async Task A_broken_file_is_told_without_its_path()
    {
        var file = qgis.Put("broken", Sample.Dem, "broken.tif");
        await using (var stream = File.OpenWrite(file))
        {
            stream.SetLength(stream.Length / 2);
        }

        var error = await Should.ThrowAsync<TileSourceException>(() => MakeAsync(
            RunningDrawers.Of("broken", new LayerSource.Drawn("broken.tif", DrawnKind.Raster), LayerKind.Map), World));

        error.Message.ShouldContain("broken.tif");
        error.Message.ShouldNotContain(qgis.Root);
        error.RetryAfter.ShouldBeNull();
    }

    [QgisTheory]
    [InlineData("../../../../../../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("none.tif")]
    public async Task What_is_no_raster_is_refused(string path)
    {
        var error = await Should.ThrowAsync<TileSourceException>(() => MakeAsync(
            RunningDrawers.Of("odd", new LayerSource.Drawn(path, DrawnKind.Raster), LayerKind.Map), World));

        error.RetryAfter.ShouldBeNull();
        error.Message.ShouldNotContain("/etc");
    }

    [QgisTheory]
    [InlineData("qgs")]
    [InlineData("qgz")]
    public async Task A_project_is_drawn_without_what_lies_elsewhere_and_says_so(string extension)
    {
        var (other, own) = (qgis.Put("elsewhere", Sample.World), qgis.Put("project", Sample.World));
        var path = await ProjectAsync(
            "project", extension, ("Lakes", own + "|layername=lakes"), ("Secret", other + "|layername=countries"), ("Far", "type=xyz&url=http://127.0.0.1:9/{z}/{x}/{y}.png"));

        var contents = await qgis.Inspector.InspectAsync(path, DrawnKind.Project, CancellationToken.None);
        var tiles = await MakeAsync(RunningDrawers.Of("project", new LayerSource.Drawn("p." + extension, DrawnKind.Project), LayerKind.Map), World);

        contents.Fields.Select(field => field.Name).ShouldBe(["Lakes"]);
        contents.LeftOut.Count.ShouldBe(2);
        contents.LeftOut.ShouldContain(reason => reason.StartsWith("Secret: ", StringComparison.Ordinal));
        contents.LeftOut.ShouldContain(reason => reason.StartsWith("Far: ", StringComparison.Ordinal) && reason.Contains("wms"));
        Picture.Read(tiles[new TileIndex(2, 1)].Content).Drawn.ShouldBeInRange(0.001, 0.1, "the lakes of Europe, and not its countries");
    }

    [QgisFact]
    public async Task A_project_of_which_nothing_is_left_is_refused_when_it_is_inspected()
    {
        var project = await ProjectAsync("nothing", "qgs", ("Secret", qgis.Put("elsewhere", Sample.World) + "|layername=countries"));

        var error = await Should.ThrowAsync<TileSourceException>(() => qgis.Inspector.InspectAsync(project, DrawnKind.Project, CancellationToken.None));

        error.Message.ShouldContain("Secret");
        error.Message.ShouldNotContain(qgis.Root);
    }

    [QgisFact]
    public async Task A_raster_tells_its_CRS_extent_and_bands()
    {
        var contents = await qgis.Inspector.InspectAsync(qgis.Put("inspected", Sample.Dem), DrawnKind.Raster, CancellationToken.None);

        contents.Kind.ShouldBe(LayerKind.Map);
        contents.Crs.ShouldBe(Crs.Wgs84);
        contents.Extent.ShouldSatisfyAllConditions(
            extent => extent.MinX.ShouldBe(-84.41375, 1e-6),
            extent => extent.MinY.ShouldBe(36.446250, 1e-6),
            extent => extent.MaxX.ShouldBe(-84.0779166, 1e-6),
            extent => extent.MaxY.ShouldBe(36.7329166, 1e-6));
        contents.Fields.ShouldBe([new LayerField("band_1", "number")]);
    }

    [QgisFact]
    public async Task Data_are_left_as_they_are()
    {
        var layer = qgis.Table("places");
        var folder = Path.Combine(qgis.Folders.Layers, "places");
        var before = await File.ReadAllBytesAsync(Path.Combine(folder, "world.gpkg"));

        await MakeAsync(layer, World);
        await MakeAsync(qgis.Raster(), Grids.At(-84.2, 36.6, 9, 4));

        (await File.ReadAllBytesAsync(Path.Combine(folder, "world.gpkg"))).AsSpan().SequenceEqual(before).ShouldBeTrue();
        Directory.GetFiles(folder).Select(Path.GetFileName).ShouldBe(["world.gpkg"]);
        Directory.GetFiles(Path.Combine(qgis.Folders.Layers, "dem")).Select(Path.GetFileName).ShouldBe(["jacksboro_dem.tif"]);
        Directory.GetFiles(qgis.Folders.Work, "drawn-*").ShouldBeEmpty();
    }

    [QgisFact]
    public async Task A_long_job_keeps_no_map_waiting()
    {
        using var stop = new CancellationTokenSource();
        var job = qgis.Begin("import time\nfeedback.pushInfo('begun')\nwhile not feedback.isCanceled():\n    time.sleep(0.01)", stop.Token);
        await job.Said;

        var tiles = await MakeAsync(qgis.Table("countries"), World);

        tiles.Count.ShouldBe(16);
        job.Outcome.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => job.Outcome);
    }

    [QgisFact]
    public async Task The_end_of_a_process_costs_the_metatile_that_it_drew()
    {
        var layer = qgis.Table("countries");
        var source = qgis.SourceOver(new Troubled(qgis, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"), RunningDrawers.Options);

        var error = await Should.ThrowAsync<TileSourceException>(() => source.MakeAsync(layer, Grids.Mercator, World, TileFormat.Png, CancellationToken.None));
        var next = await MakeAsync(layer, World);

        error.RetryAfter.ShouldNotBeNull();
        next.Count.ShouldBe(16);
    }

    [QgisFact]
    public async Task What_takes_too_long_is_ended_and_may_be_asked_again()
    {
        var layer = qgis.Table("countries");
        var source = qgis.SourceOver(new Troubled(qgis, "import time\ntime.sleep(60)"), new PythonOptions { DrawSeconds = 1 });

        var error = await Should.ThrowAsync<TileSourceException>(() => source.MakeAsync(layer, Grids.Mercator, World, TileFormat.Png, CancellationToken.None));
        var next = await MakeAsync(layer, World);

        error.RetryAfter.ShouldNotBeNull();
        error.Message.ShouldContain("1 second");
        next.Count.ShouldBe(16);
    }

    [QgisFact]
    public async Task Many_at_once_are_all_answered()
    {
        string[] tables = ["countries", "places", "rivers", "lakes", "urban_areas"];
        var layers = tables.Select(table => qgis.Table(table)).ToArray();

        var made = await Task.WhenAll(Enumerable.Range(0, 25).Select(i => MakeAsync(layers[i % layers.Length], new MetaTile(3, new TileRange(i / 5, 2, i / 5, 3)))));

        made.ShouldAllBe(tiles => tiles.Count == 2);
        made.SelectMany(tiles => tiles.Values).Count(tile => tile.Content.Length > 0).ShouldBeGreaterThan(20);
    }

    [QgisFact]
    public async Task How_long_it_takes_is_told()
    {
        foreach (var (layer, tiles, format) in ((Layer, MetaTile, TileFormat)[])
            [(qgis.Table("countries"), World, TileFormat.Png), (qgis.Table("countries"), World, TileFormat.Jpeg), (qgis.Raster(), Grids.At(-84.2, 36.6, 11, 4), TileFormat.Png)])
        {
            await MakeAsync(layer, tiles, format);
            var since = Stopwatch.StartNew();
            var made = await MakeAsync(layer, tiles, format);
            output.WriteLine($"{layer.Id} {format}: {since.ElapsedMilliseconds} ms, {made.Values.Sum(tile => tile.Content.Length)} bytes");
            made.Count.ShouldBe(16);
        }
    }

    private async Task<Dictionary<TileIndex, MadeTile>> MakeAsync(Layer layer, MetaTile tiles, TileFormat? format = null) =>
        (await qgis.Source.MakeAsync(layer, Grids.Mercator, tiles, format ?? TileFormat.Png, CancellationToken.None)).ToDictionary(tile => tile.Tile);

    private static string Style(string property) => $"""
        <!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
        <qgis version="3.22.16" styleCategories="Symbology"><renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0"><symbols>
        <symbol type="fill" name="0" alpha="1"><layer class="SimpleFill" pass="0" enabled="1" locked="0">{property}<prop k="style" v="solid"/></layer></symbol>
        </symbols></renderer-v2></qgis>
        """;

    /// <summary>Has QGIS write a project of tables; one with an address is on the network. A .qgs names its files beside itself, a .qgz in full.</summary>
    private async Task<string> ProjectAsync(string layer, string extension, params (string Name, string Source)[] tables)
    {
        var file = Path.Combine(qgis.NewJob(), "p." + extension);
        var code = new StringBuilder("from qgis.core import Qgis, QgsProject, QgsVectorLayer, QgsRasterLayer, QgsCoordinateReferenceSystem\nproject = QgsProject()\n");
        foreach (var (name, source) in tables)
        {
            var made = source.StartsWith("type=", StringComparison.Ordinal) ? "QgsRasterLayer({1}, {0}, 'wms')" : "QgsVectorLayer({1}, {0}, 'ogr')";
            code.AppendLine(CultureInfo.InvariantCulture, $"project.addMapLayer({string.Format(CultureInfo.InvariantCulture, made, Literal(name), Literal(source))})");
        }

        code.AppendLine(CultureInfo.InvariantCulture, $"project.setCrs(QgsCoordinateReferenceSystem('EPSG:3857'))\nproject.setFilePathStorage(Qgis.FilePathType.{(extension == "qgz" ? "Absolute" : "Relative")})\nanswer = str(project.write({Literal(file)}))");
        RunningWorkers.AnswerOf(await qgis.PythonAsync(code.ToString())).ShouldBe("True");
        var target = qgis.Put(layer, file);
        if (extension == "qgs")
        {
            await File.WriteAllTextAsync(target, (await File.ReadAllTextAsync(file)).Replace($"../../layers/{layer}/", "./", StringComparison.Ordinal));
        }

        return target;
    }

    private static string Literal(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    /// <summary>Drawers that do something else than drawing.</summary>
    private sealed class Troubled(RunningDrawers qgis, string code) : IDrawers
    {
        public string WorkFolder => qgis.Drawers.WorkFolder;

        public Task<ReceivedFrame?> DrawAsync(string of, Func<FrameConnection, long, ValueTask> send, TimeSpan patience, CancellationToken cancellationToken)
        {
            var run = new RunFrame(0, "script:python", qgis.NewJob(), false, new JsonObject { ["CODE"] = RunningWorkers.Value(code) }, RunningWorkers.Output("ANSWER", null), new JsonObject(), 0);
            return qgis.Drawers.DrawAsync(of, (to, id) => to.SendAsync(run with { Id = id }, FrameJson.Default.RunFrame, CancellationToken.None), patience, cancellationToken);
        }
    }
}
