using System.Globalization;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Records;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Records;

/// <summary>A records.db of each version before, with rows in it, is brought to this one.</summary>
public sealed class SqliteRecordMigrationTests
{
    private const int Facets = 2;
    private const int Geometries = 3;

    public static TheoryData<int> Before => [.. OldRecords.Scripts(SqliteRecordsDatabase.Schema).SkipLast(1).Select(script => script.Version)];

    [Theory]
    [MemberData(nameof(Before))]
    public async Task Records_of_an_older_version_are_found_counted_compared_and_replaced(int version)
    {
        using var folder = new TemporaryFolder();
        await using (var old = new SqliteConnection($"Data Source={folder["records.db"]};Pooling=False"))
        {
            await old.OpenAsync();
            foreach (var (_, _, sql) in OldRecords.Scripts(SqliteRecordsDatabase.Schema).Where(script => script.Version <= version))
            {
                await RunAsync(old, sql);
            }

            await RunAsync(old, Rows(version));
            await RunAsync(old, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version}"));
        }

        using var database = new SqliteRecordsDatabase(SqliteRecordsDatabase.Open(folder["records.db"], NullLogger.Instance));

        await OldRecords.ShouldBeWholeAsync(new SqliteRecordStore(database, Options.Create(new RecordsOptions())));
    }

    private static string Rows(int version) => string.Join(
        '\n',
        [
            .. OldRecords.Rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"""
                INSERT INTO records (id, record_id, source, local_id, type, title, title_key)
                VALUES ({Id(row.Id)}, 'old:{row.LocalId}', 'old', '{row.LocalId}', '{row.Type}', '{row.Title}', lower('{row.Title}'));
                INSERT INTO record_documents (record, document) VALUES ({Id(row.Id)}, '{row.Document}');
                """)),
            .. OldRecords.Values.Select(value => string.Create(CultureInfo.InvariantCulture, $"INSERT INTO record_values (record, name, value, key) VALUES ({Id(value.Id)}, '{value.Name}', '{value.Value}', lower('{value.Value}'));")),
            string.Create(CultureInfo.InvariantCulture, $"""
                INSERT INTO record_weights VALUES ({Id(1)}, 'old:a', x'{OldRecords.WeightsOf("Bridges", "water")}'), ({Id(2)}, 'old:b', x'{OldRecords.WeightsOf("Towers", "water", "stone")}');
                INSERT INTO record_words (rowid, title, keywords, description, body, owner) VALUES ({Id(1)}, 'bridges', 'water', '', '', ''), ({Id(2)}, 'towers', 'water stone', '', '', '');
                INSERT INTO record_areas (id, min_x, max_x, min_y, max_y, record, west, east, south, north) VALUES (32, 0, 10, 0, 10, {Id(1)}, 0, 10, 0, 10), (64, 8, 9, 8, 9, {Id(2)}, 8, 9, 8, 9);
                UPDATE record_numbers SET next = 3;
                """),
            version < Facets ? "" : """
                INSERT INTO facet_values (name, value) SELECT DISTINCT name, value FROM record_values;
                INSERT INTO record_facets SELECT v.record, group_concat(c.code, ' ') FROM record_values v JOIN facet_values c ON c.name = v.name AND c.value = v.value GROUP BY v.record;
                """,
            version < Geometries ? "" : "INSERT INTO record_geometries SELECT record, json_extract(document, '$.GeometryJson') FROM record_documents WHERE json_extract(document, '$.GeometryJson') IS NOT NULL;",
        ]);

    // One word of a title in the upper bits.
    private static long Id(int number) => (1L << 40) | (long)number;

    private static async Task RunAsync(SqliteConnection connection, string sql)
    {
        await using var command = new SqliteCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
