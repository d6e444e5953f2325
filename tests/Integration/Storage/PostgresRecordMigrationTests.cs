using System.Globalization;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Records;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Records;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Integration.Storage;

/// <summary>A database of a version before, with rows in it, is brought to this one.</summary>
public sealed class PostgresRecordMigrationTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const string Ending = ".postgres";
    private const int Records = 12;
    private const int Facets = 19;
    private const int Geometries = 20;

    /// <summary>The first with records, and those from the last before facets on.</summary>
    public static TheoryData<int> Before => [.. OldRecords.Scripts(Ending).SkipLast(1).Select(script => script.Version).Where(version => version is Records or >= Facets - 1)];

    [PostgresTheory]
    [MemberData(nameof(Before))]
    public async Task Records_of_an_older_version_are_found_counted_compared_and_replaced(int version)
    {
        var connection = await server.CreateDatabaseAsync();
        await PostgresServer.RunAsync(connection, "CREATE SCHEMA geowps; CREATE TABLE geowps.schema_version (version integer NOT NULL PRIMARY KEY, name text NOT NULL, applied timestamptz NOT NULL DEFAULT now())");
        foreach (var (number, name, sql) in OldRecords.Scripts(Ending).Where(script => script.Version <= version))
        {
            await PostgresServer.RunAsync(connection, sql);
            await PostgresServer.RunAsync(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO geowps.schema_version (version, name) VALUES ({number}, '{name}')"));
        }

        await PostgresServer.RunAsync(connection, Rows(version));

        await using var database = await Databases.OpenAsync(connection);

        await OldRecords.ShouldBeWholeAsync(new PostgresRecordStore(database, Options.Create(new RecordsOptions())));
    }

    private static string Rows(int version) => string.Join(
        '\n',
        [
            .. OldRecords.Rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"""
                INSERT INTO geowps.records (record_id, source, local_id, type, title, title_key, title_length, title_words, words)
                VALUES ('old:{row.LocalId}', 'old', '{row.LocalId}', '{row.Type}', '{row.Title}', lower('{row.Title}'), 1, lower('{row.Title}')::tsvector, lower('{row.Title} water')::tsvector);
                INSERT INTO geowps.record_documents (record, document, weights, row_title, row_all)
                VALUES ({row.Id}, '{row.Document}', '\x{OldRecords.WeightsOf(row.Title, "water")}', lower(' {row.Title} '), lower(' {row.Title}  water '));
                """)),
            .. OldRecords.Values.Select(value => string.Create(CultureInfo.InvariantCulture, $"INSERT INTO geowps.record_values (record, name, value, key) VALUES ({value.Id}, '{value.Name}', '{value.Value}', lower('{value.Value}'));")),
            "INSERT INTO geowps.record_areas (record, west, south, east, north) VALUES (1, 0, 0, 10, 10), (2, 8, 8, 9, 9);",
            version < Facets ? "" : """
                INSERT INTO geowps.facet_values (name, value) SELECT DISTINCT name, value FROM geowps.record_values;
                INSERT INTO geowps.record_facets SELECT v.record, string_agg(c.code::text, ' ') FROM geowps.record_values v JOIN geowps.facet_values c ON c.name = v.name AND c.value = v.value GROUP BY v.record;
                """,
            version < Geometries ? "" : "INSERT INTO geowps.record_geometries SELECT record, document::json ->> 'GeometryJson' FROM geowps.record_documents WHERE document LIKE '%\"GeometryJson\":%';",
        ]);
}
