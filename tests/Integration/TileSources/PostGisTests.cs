using System.Globalization;
using GeoWps.Adapters.TileSources;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using GeoWps.Tests.Integration.Fixtures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NetTopologySuite.Features;
using NetTopologySuite.IO.VectorTiles.Mapbox;
using Npgsql;

namespace GeoWps.Tests.Integration.TileSources;

public sealed class PostGisTests(PostGisData data) : IClassFixture<PostGisData>
{
    private IPostGisTables Tables => data.Services.GetRequiredService<IPostGisTables>();

    [PostgresFact]
    public async Task A_table_tells_what_it_is()
    {
        var found = await FoundAsync("My Maps.Towns");

        found.Source.ShouldBe(new LayerSource.PostGis("main", "My Maps.Towns", "geom", "fid", 4326));
        found.Contents.Kind.ShouldBe(LayerKind.Vector);
        found.Contents.Crs.ShouldBe(Crs.Wgs84);
        found.Contents.GeometryType.ShouldBe("Point");
        found.Contents.FeatureCount.ShouldBe(1000);
        found.Contents.Extent.MinX.ShouldBe(-180, 1);
        found.Contents.Extent.MaxY.ShouldBe(68, 1);
        found.Contents.Fields.ShouldBe(
        [
            new("fid", "integer"), new("Name", "string"), new("size", "integer"), new("height", "number"), new("capital", "boolean"),
            new LayerField("founded", "string", "date") { Range = Times("2020-01-02/2022-09-27") }, new LayerField("seen", "string", "date-time") { Range = Times("2020-01-01T12:00:00Z") },
            new("more", "string"),
        ]);

        static Domain.Time.TimeInterval Times(string text) => Domain.Time.TimeInterval.TryParse(text, out var times) ? times : throw new FormatException(text);
    }

    [PostgresTheory]
    [InlineData("view of towns", "Point", 99, 4326)]
    [InlineData("(SELECT * FROM areas WHERE name = ')' OR id < 11 -- )\n)", "Polygon", 10, 4326)]
    [InlineData("public.dutch", "Point", 2, 28992)]
    [InlineData("shapes", null, 2, 3857)]
    [InlineData("nothing", "Point", 0, 4326)]
    public async Task Views_and_queries_tell_as_much(string from, string? kind, long count, int srid)
    {
        var found = await FoundAsync(from);

        found.Contents.GeometryType.ShouldBe(kind);
        found.Contents.FeatureCount.ShouldBe(count);
        found.Source.Srid.ShouldBe(srid);
        found.Contents.Extent.IsEmpty.ShouldBe(count == 0);
        if (srid == 28992)
        {
            found.Contents.Extent.MinX.ShouldBe(4.88, 0.05);
            found.Contents.Extent.MaxY.ShouldBe(52.37, 0.05);
        }
    }

    [PostgresTheory]
    [InlineData("elsewhere", "areas", null, null, "connection: the settings have none of the name 'elsewhere'")]
    [InlineData("main", "nowhere", null, null, "from: the database has no such table")]
    [InlineData("main", "areas; DROP TABLE areas", null, null, "from: the database has no such table")]
    [InlineData("main", "(SELECT 1) x, (SELECT 2)", null, null, "from: must be a table")]
    [InlineData("main", "(SELECT 1; SELECT 2)", null, null, "from: must be a table")]
    [InlineData("main", "(SELECT geom FROM", null, null, "from: must be a table")]
    [InlineData("main", "(SELECT geom FROM areas WHERE)", null, null, "from: the database can't read the query")]
    [InlineData("main", "(SELECT writes() AS id, geom FROM areas)", null, null, "from: the query writes; it may only read")]
    [InlineData("main", "(SELECT 1 AS one)", null, null, "from: has no column of geometries")]
    [InlineData("main", "two", null, null, "geometryColumn: there are several: a, b")]
    [InlineData("main", "areas", "name", null, "geometryColumn: there is no column of geometries 'name'")]
    [InlineData("main", "areas", null, "key", "idColumn: there is no column 'key'")]
    [InlineData("main", "bare", null, null, "from: its geometries have no SRID")]
    public async Task What_can_not_be_a_layer_is_refused_with_the_place(string connection, string from, string? geometry, string? id, string message)
    {
        var refused = (await Tables.InspectAsync(connection, from, geometry, id, default)).ShouldBeOfType<PostGisInspection.Refused>();
        $"{refused.Place}: {refused.Message}".ShouldStartWith(message);
    }

    [PostgresFact]
    public async Task A_database_that_is_not_there_is_not_a_mistake_of_the_caller_and_its_secrets_stay_here()
    {
        await using var services = PostGisData.ServicesOf(("Sources:Connections:gone", $"Host=127.0.0.1;Port={FreePorts.Next()};Username=me;Password=very-secret;Timeout=2"));
        var told = (await services.GetRequiredService<IPostGisTables>().InspectAsync("gone", "areas", null, null, default)).ShouldBeOfType<PostGisInspection.Unavailable>();
        told.Message.ShouldBe("the database does not answer");
        services.GetRequiredService<IPostGisTables>().Connections.ShouldBe(["gone"]);
    }

    [PostgresTheory]
    [InlineData("My Maps.Towns", 0, 0, 0)]
    [InlineData("My Maps.Towns", 3, 4, 0)]
    [InlineData("areas", 0, 0, 0)]
    [InlineData("areas", 2, 0, 0)]
    [InlineData("areas", 4, 4, 4)]
    public async Task All_tiles_of_a_metatile_are_what_a_statement_for_each_gives(string table, int level, int column, int row)
    {
        var layer = await LayerAsync(table, tiles => tiles with { Simplification = 0 });
        var made = await MakeAsync(layer, Grids.WebMercatorQuad, level, column, row, 4);

        var source = (LayerSource.PostGis)layer.Source;
        var name = table.Contains(' ', StringComparison.Ordinal) ? "\"My Maps\".\"Towns\"" : table;
        foreach (var tile in made)
        {
            var extent = Grids.WebMercatorQuad.Matrices[level].ExtentOf(tile.Tile);
            // Where the plane has no place for a pole the statement has to cut by itself.
            var expected = await ScalarAsync<byte[]>($"""
                SELECT ST_AsMVT(x, 'layer', 4096, 'g', 'i') FROM (SELECT {source.IdColumn} AS i, ST_AsMVTGeom(ST_Transform(ST_Intersection(geom, ST_MakeEnvelope(-180, -88, 180, 88, 4326)), 3857), b, 4096, 64, true) AS g
                FROM {name}, (SELECT ST_MakeEnvelope({Text(extent.MinX)}, {Text(extent.MinY)}, {Text(extent.MaxX)}, {Text(extent.MaxY)}, 3857) AS b) AS e
                ORDER BY 1) AS x WHERE g IS NOT NULL
                """);
            var (ours, theirs) = (Read(tile.Content, tile.Tile, level), Read(expected, tile.Tile, level));
            ours.Select(feature => feature.Id).ShouldBe(theirs.Select(feature => feature.Id));
            foreach (var (a, b) in ours.Zip(theirs))
            {
                // A step of the grid, in degrees.
                a.Feature.Geometry.EnvelopeInternal.MinX.ShouldBe(b.Feature.Geometry.EnvelopeInternal.MinX, 361.0 / 4096 / (1 << level));
                a.Feature.Geometry.EnvelopeInternal.MaxY.ShouldBe(b.Feature.Geometry.EnvelopeInternal.MaxY, 361.0 / 4096 / (1 << level));
                a.Feature.Geometry.Area.ShouldBe(b.Feature.Geometry.Area, 0.02 * b.Feature.Geometry.Area + 1e-3);
            }
        }

        made.Sum(tile => Read(tile.Content, tile.Tile, level).Count).ShouldBeGreaterThan(0);
    }

    [PostgresFact]
    public async Task Attributes_have_their_types_and_ids_are_ids()
    {
        var layer = await LayerAsync("My Maps.Towns", tiles => tiles with { Name = "towns" });
        var tile = (await MakeAsync(layer, Grids.WebMercatorQuad, 0, 0, 0, 1)).Single();

        var read = new MapboxTileReader().Read(new MemoryStream(tile.Content.ToArray()), new NetTopologySuite.IO.VectorTiles.Tiles.Tile(0, 0, 0));
        read.Layers.Single().Name.ShouldBe("towns");
        var (id, feature) = Read(tile.Content, tile.Tile, 0).Single(one => (string)one.Feature.Attributes["Name"] == "town 10");
        id.ShouldBe(10UL);
        feature.Attributes.GetNames().ShouldBe(["fid", "Name", "size", "height", "capital", "founded", "seen", "more"], ignoreOrder: true);
        Convert.ToInt64(feature.Attributes["size"], CultureInfo.InvariantCulture).ShouldBe(10);
        Convert.ToDouble(feature.Attributes["height"], CultureInfo.InvariantCulture).ShouldBe(2.5);
        feature.Attributes["capital"].ShouldBe(true);
        feature.Attributes["founded"].ShouldBe("2020-01-11");
        ((string)feature.Attributes["seen"]).ShouldStartWith("2020-01-01T12:00:00");
        feature.Attributes["more"].ShouldBe("{\"a\": 1}");

        var some = await LayerAsync("My Maps.Towns", tiles => tiles with { Attributes = ["Name", "no such"] });
        Read((await MakeAsync(some, Grids.WebMercatorQuad, 0, 0, 0, 1)).Single().Content, default, 0)[0].Feature.Attributes.GetNames().ShouldBe(["Name"]);
    }

    [PostgresFact]
    public async Task A_tile_with_too_much_says_that_it_is_not_all()
    {
        var few = (await MakeAsync(await LayerAsync("My Maps.Towns", tiles => tiles with { MaxFeatures = 20 }), Grids.WebMercatorQuad, 0, 0, 0, 1)).Single();
        few.Notes.ShouldBe(TileNotes.Truncated);
        Read(few.Content, few.Tile, 0).Count.ShouldBe(20);

        var small = (await MakeAsync(await LayerAsync("My Maps.Towns", tiles => tiles with { MaxBytes = 5000 }), Grids.WebMercatorQuad, 0, 0, 0, 1)).Single();
        small.Notes.ShouldBe(TileNotes.Truncated);
        small.Content.Length.ShouldBeInRange(2000, 5000);

        var all = (await MakeAsync(await LayerAsync("My Maps.Towns"), Grids.WebMercatorQuad, 0, 0, 0, 1)).Single();
        all.Notes.ShouldBe(TileNotes.None);
        Read(all.Content, all.Tile, 0).Count.ShouldBe(1000);
    }

    [PostgresFact]
    public async Task What_is_too_small_is_left_out_before_the_last_matrix()
    {
        var layer = await LayerAsync("areas", tiles => tiles with { MinSize = 1200, MaxLevel = 4 });
        var one = Read((await MakeAsync(layer, Grids.WebMercatorQuad, 0, 0, 0, 1)).Single().Content, default, 0).Count;
        one.ShouldBeInRange(1, 30);
        var last = (await MakeAsync(layer, Grids.WebMercatorQuad, 4, 0, 0, 16)).SelectMany(tile => Read(tile.Content, tile.Tile, 4)).DistinctBy(feature => feature.Id).Count();
        last.ShouldBe(41);
    }

    [PostgresFact]
    public async Task Tiles_without_features_are_empty_and_say_whether_all_below_are()
    {
        var made = await MakeAsync(await LayerAsync("dutch"), Grids.WebMercatorQuad, 2, 0, 0, 4);
        made.Count.ShouldBe(16);
        var full = made.Where(tile => tile.Notes == TileNotes.None).ToArray();
        full.ShouldHaveSingleItem().Tile.ShouldBe(new TileIndex(2, 1));
        made.Where(tile => tile.Content.Length == 0).ShouldAllBe(tile => tile.Notes == (TileNotes.Empty | TileNotes.EmptyBelow));
    }

    [PostgresFact]
    public async Task Other_grids_are_served_from_the_same_table()
    {
        var pole = await MakeAsync(await LayerAsync("areas"), Grids.North, 1, 0, 0, 2);
        pole.SelectMany(tile => Read(tile.Content, tile.Tile, 1)).ShouldNotBeEmpty();
        var degrees = await MakeAsync(await LayerAsync("My Maps.Towns"), Grids.WorldCrs84Quad, 0, 0, 0, 2);
        degrees.Sum(tile => Read(tile.Content, tile.Tile, 0).Count).ShouldBeGreaterThanOrEqualTo(1000);
        var dutch = await MakeAsync(await LayerAsync("dutch"), Grids.WorldCrs84Quad, 0, 0, 0, 2);
        dutch.Sum(tile => Read(tile.Content, tile.Tile, 0).Count).ShouldBe(2);
        var arcs = await MakeAsync(await LayerAsync("shapes"), Grids.WebMercatorQuad, 2, 2, 1, 1);
        Read(arcs.Single().Content, arcs.Single().Tile, 2).Max(feature => feature.Feature.Geometry.NumPoints).ShouldBeGreaterThan(5);
    }

    [PostgresFact]
    public async Task A_grid_that_PostGIS_does_not_know_is_refused_in_clear_words()
    {
        var layer = await LayerAsync("areas");
        (await Should.ThrowAsync<TileSourceException>(() => MakeAsync(layer, Grids.Of("x", new Crs("NONE", "1")), 0, 0, 0, 1))).Message.ShouldContain("NONE:1");
        var unknown = await Should.ThrowAsync<TileSourceException>(() => MakeAsync(layer, Grids.Of("x", new Crs("EPSG", "999999")), 0, 0, 0, 1));
        unknown.Message.ShouldBe("the database does not know the coordinate reference system");
        unknown.RetryAfter.ShouldBeNull();
    }

    [PostgresFact]
    public async Task A_query_makes_tiles_and_one_that_takes_too_long_ends()
    {
        var layer = await LayerAsync("(SELECT id, geom FROM areas WHERE id <= 5)", idColumn: "id");
        (await MakeAsync(layer, Grids.WebMercatorQuad, 0, 0, 0, 1)).Sum(tile => Read(tile.Content, tile.Tile, 0).Count).ShouldBe(5);

        await using var hasty = PostGisData.ServicesOf(("Sources:Connections:main", data.Connection), ("Sources:QuerySeconds", "1"));
        var slow = layer with { Source = (LayerSource.PostGis)layer.Source with { From = "(SELECT id, geom, pg_sleep(10) FROM areas)" } };
        var late = await Should.ThrowAsync<TileSourceException>(() => MakeAsync(slow, Grids.WebMercatorQuad, 0, 0, 0, 1, hasty));
        late.Message.ShouldBe("the database took longer than 1 seconds");
        late.RetryAfter.ShouldNotBeNull();

        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Should.ThrowAsync<OperationCanceledException>(() => MakeAsync(slow, Grids.WebMercatorQuad, 0, 0, 0, 1, cancellationToken: soon.Token));
        (await ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(10)%' AND pid <> pg_backend_pid()")).ShouldBe(0);
    }

    private static List<(ulong? Id, IFeature Feature)> Read(ReadOnlyMemory<byte> content, TileIndex tile, int level)
    {
        if (content.Length == 0)
        {
            return [];
        }

        var read = new MapboxTileReader().Read(new MemoryStream(content.ToArray()), new NetTopologySuite.IO.VectorTiles.Tiles.Tile(tile.Column, tile.Row, level), "geowps id");
        return [.. read.Layers.SelectMany(layer => layer.Features).Select(feature =>
        {
            var id = feature.Attributes.GetOptionalValue("geowps id") is { } value ? Convert.ToUInt64(value, CultureInfo.InvariantCulture) : (ulong?)null;
            feature.Attributes.DeleteAttribute("geowps id");
            return (id, feature);
        })];
    }

    private async Task<PostGisInspection.Found> FoundAsync(string from, string? idColumn = null) =>
        (await Tables.InspectAsync("main", from, null, idColumn, default)).ShouldBeOfType<PostGisInspection.Found>();

    private async Task<Layer> LayerAsync(string from, Func<LayerTiles, LayerTiles>? change = null, string? idColumn = null)
    {
        var found = await FoundAsync(from, idColumn);
        return new Layer
        {
            Id = "layer",
            Title = "Layer",
            Source = found.Source,
            Contents = found.Contents,
            Tiles = change?.Invoke(new LayerTiles()) ?? new LayerTiles(),
            Created = DateTimeOffset.UnixEpoch,
            Updated = DateTimeOffset.UnixEpoch,
        };
    }

    private async Task<IReadOnlyList<MadeTile>> MakeAsync(
        Layer layer, TileMatrixSet set, int level, int column, int row, int size, IServiceProvider? services = null, CancellationToken cancellationToken = default)
    {
        var source = (services ?? data.Services).GetServices<ITileSource>().Single(one => one.Makes(layer, TileFormat.Mvt));
        var tiles = MetaTile.Of(set.Matrices[level], level, new TileIndex(column, row), size);
        var made = await source.MakeAsync(layer, set, tiles, TileFormat.Mvt, cancellationToken);
        made.Count.ShouldBe((int)tiles.Range.Count);
        return made;
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(data.Connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
