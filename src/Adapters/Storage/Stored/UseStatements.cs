using System.Data.Common;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>Statements on the table <c>record_use</c>, the same in every database.</summary>
/// <param name="schema">Before the table's name: nothing, or <c>geowps.</c></param>
internal sealed class UseStatements(string schema)
{
    public string Read(UseQuery query)
    {
        var (month, record, caller) = (Part(query, UseParts.Month, "month"), Part(query, UseParts.Record, "record"), Part(query, UseParts.Caller, "caller"));
        string[] by = [.. ((string[])[month, record, caller]).Where(part => part != "''")];
        var group = by.Length == 0 ? "HAVING count(*) > 0" : $"GROUP BY {string.Join(", ", by)} ORDER BY {string.Join(", ", by)}";
        return $"""
            SELECT {month}, {record}, {caller}, CAST(sum(opened) AS bigint), CAST(sum(downloaded) AS bigint), CAST(sum(searched) AS bigint), CAST(sum(shown) AS bigint)
            FROM {schema}record_use WHERE month >= @from AND month <= @to {group} LIMIT @limit OFFSET @offset
            """;
    }

    public static (string Name, object? Value)[] ValuesOf(UseQuery query) =>
        [("@from", query.From ?? ""), ("@to", query.To ?? "9999-99"), ("@limit", query.Limit), ("@offset", query.Offset)];

    public static RecordUse Of(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), new UseFigures(row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)));

    private static string Part(UseQuery query, UseParts part, string column) => (query.By & part) != 0 ? column : "''";
}
