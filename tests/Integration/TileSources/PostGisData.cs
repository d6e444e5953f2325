using GeoWps.Adapters.References;
using GeoWps.Adapters.TileSources;
using GeoWps.Application.Ports;
using GeoWps.Tests.Integration.Fixtures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace GeoWps.Tests.Integration.TileSources;

/// <summary>A database with tables of every kind, and a server's part that makes tiles of them by the connection <c>main</c>.</summary>
public sealed class PostGisData : IAsyncLifetime
{
    private const string Data = """
        CREATE SCHEMA "My Maps";
        CREATE TABLE "My Maps"."Towns" (fid serial PRIMARY KEY, "Name" text, size int8, height numeric(8,2), capital bool, founded date, seen timestamptz, raw bytea, more jsonb, geom geometry(Point, 4326));
        INSERT INTO "My Maps"."Towns" ("Name", size, height, capital, founded, seen, raw, more, geom)
          SELECT 'town ' || i, i, i / 4.0, i % 2 = 0, date '2020-01-01' + i, timestamptz '2020-01-01 12:00:00+00', 'x', '{"a": 1}', ST_SetSRID(ST_MakePoint((i * 37) % 360 - 180, (i * 17) % 170 - 85), 4326) FROM generate_series(1, 1000) AS i;
        CREATE INDEX ON "My Maps"."Towns" USING gist (geom);
        CREATE TABLE areas (id int PRIMARY KEY, name text, geom geometry(MultiPolygon, 4326));
        INSERT INTO areas SELECT i, 'area', ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(i * 3 - 60, i * 1.5 - 20), 4326), 1 + i / 20.0, 16)) FROM generate_series(1, 40) AS i;
        INSERT INTO areas VALUES (1000, 'Antarctica', ST_Multi(ST_MakeEnvelope(-180, -90, 180, -60, 4326)));
        CREATE INDEX ON areas USING gist (geom);
        CREATE TABLE dutch (id int PRIMARY KEY, geom geometry(Point, 28992));
        INSERT INTO dutch VALUES (1, ST_SetSRID(ST_MakePoint(155000, 463000), 28992)), (2, ST_SetSRID(ST_MakePoint(121000, 487000), 28992));
        CREATE TABLE shapes (geom geometry);
        INSERT INTO shapes VALUES ('SRID=3857;CIRCULARSTRING(0 0, 500000 500000, 1000000 0)'), ('SRID=3857;POINT(10 10)');
        CREATE TABLE bare (geom geometry);
        INSERT INTO bare VALUES ('POINT(1 1)');
        CREATE TABLE two (a geometry(Point, 4326), b geometry(Point, 4326));
        CREATE TABLE nothing (id int PRIMARY KEY, geom geometry(Point, 4326));
        CREATE VIEW "view of towns" AS SELECT fid, "Name", geom FROM "My Maps"."Towns" WHERE size < 100;
        CREATE FUNCTION writes() RETURNS int LANGUAGE sql VOLATILE AS 'INSERT INTO nothing VALUES (1) RETURNING 1';
        ANALYZE;
        """;

    private readonly PostgresServer _server = new();
    private ServiceProvider? _services;

    public IServiceProvider Services => _services!;

    public string Connection { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (PostgresServer.WhyNot is not null)
        {
            return;
        }

        await _server.InitializeAsync();
        Connection = await _server.CreateDatabaseAsync("postgis");
        await PostgresServer.RunAsync(Connection, Data);
        _services = ServicesOf(("Sources:Connections:main", Connection), ("Sources:QuerySeconds", "20"));
    }

    public async Task DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    internal static ServiceProvider ServicesOf(params (string Key, string Value)[] settings) => new ServiceCollection()
        .AddLogging()
        .AddSingleton<ILayerFiles, PlainFiles>()
        .AddReferences(ConfigurationOf(settings))
        .AddTileSources(ConfigurationOf(settings))
        .BuildServiceProvider();

    private static IConfiguration ConfigurationOf((string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
}
