using System.Text;
using GeoWps.Adapters.TileSources;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Tests.Integration.Fixtures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace GeoWps.Tests.Integration.Features;

public sealed class GeoPackageFeatureStoreTests : FeatureStoreContract, IAsyncLifetime
{
    private readonly Gdal _gdal = new();
    private readonly ServiceProvider _services = FeatureStores.Services();

    protected override IFeatureStore Store => _services.GetServices<IFeatureStore>().Single(store => store.Reads(Layer));

    protected override Layer Layer => FeatureStores.LayerOf(new LayerSource.GeoPackage(_gdal.PathOf("things.gpkg"), "things"), Fields);

    protected override Layer Missing => FeatureStores.LayerOf(new LayerSource.GeoPackage(_gdal.PathOf("things.gpkg"), "others"), Fields);

    [Fact]
    public async Task A_GeoPackage_keeps_the_contract()
    {
        _gdal.Vector(_gdal.Keep(Encoding.UTF8.GetBytes(Things), "geojson"), "things.gpkg", "GPKG", "-nln", "things", "-preserve_fid");

        await TheContractHolds();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _gdal.Dispose();
    }
}

public sealed class PostGisFeatureStoreTests : FeatureStoreContract, IAsyncLifetime
{
    private readonly PostgresServer _server = new();
    private ServiceProvider _services = null!;

    protected override IFeatureStore Store => _services.GetServices<IFeatureStore>().Single(store => store.Reads(Layer));

    protected override Layer Layer => FeatureStores.LayerOf(new LayerSource.PostGis("main", "things", "geom", "fid", 4326), [.. Fields, new LayerField("fid", "integer")]);

    protected override Layer Missing => FeatureStores.LayerOf(new LayerSource.PostGis("main", "others", "geom", "fid", 4326), Fields);

    public async Task InitializeAsync()
    {
        if (PostgresServer.WhyNot is not null)
        {
            return;
        }

        await _server.InitializeAsync();
        var connection = await _server.CreateDatabaseAsync("postgis");
        await PostgresServer.RunAsync(connection, $$"""
            CREATE TABLE things (fid int PRIMARY KEY, name text, size int, height numeric(8,2), capital bool, founded date, seen timestamptz, geom geometry(Geometry, 4326));
            INSERT INTO things SELECT (f->>'id')::int, f->'properties'->>'name', (f->'properties'->>'size')::int, (f->'properties'->>'height')::numeric, (f->'properties'->>'capital')::bool,
              (f->'properties'->>'founded')::date, (f->'properties'->>'seen')::timestamptz, ST_SetSRID(ST_GeomFromGeoJSON(NULLIF(f->>'geometry', 'null')), 4326)
              FROM json_array_elements($json${{Things}}$json$::json->'features') AS f;
            CREATE INDEX ON things USING gist (geom);
            """);
        _services = FeatureStores.Services(("Sources:Connections:main", connection));
    }

    public async Task DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    [PostgresFact]
    public async Task PostGIS_keeps_the_contract() => await TheContractHolds();

    [PostgresFact]
    public async Task A_table_that_nothing_tells_apart_has_no_features()
    {
        var layer = FeatureStores.LayerOf(new LayerSource.PostGis("main", "things", "geom", null, 4326), Fields);

        _services.GetServices<IFeatureStore>().ShouldAllBe(store => !store.Reads(layer));
        await Task.CompletedTask;
    }
}

internal static class FeatureStores
{
    public static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<ILayerFiles>(new PlainFiles());
        return services.AddTileSources(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build()).BuildServiceProvider();
    }

    public static Layer LayerOf(LayerSource source, IReadOnlyList<LayerField> fields) => new()
    {
        Id = "things",
        Title = "Things",
        Source = source,
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
        Contents = new LayerContents { Kind = LayerKind.Vector, Crs = Crs.Wgs84, Extent = Extent.World, FeatureCount = 5, Fields = fields },
    };
}
