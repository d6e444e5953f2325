using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>One page of the list of jobs.</summary>
internal static class PostgresJobList
{
    public static async Task<JobPage> ReadAsync(PostgresDatabase database, JobFilter filter, CancellationToken cancellationToken)
    {
        var created = filter.After is { } last
            ? await database.ValueAsync("SELECT created FROM geowps.jobs WHERE id = @id", mayRepeat: true, cancellationToken, ("@id", last.Value)) as long?
            : null;
        var query = new JobListQuery(filter, "geowps.jobs", "geowps.now_ms()", created);
        return await database.RunAsync(
            async connection =>
            {
                await using var command = PostgresDatabase.Command(connection, query.Sql, [.. query.Values]);
                await using var row = await command.ExecuteReaderAsync(cancellationToken);
                return JobListQuery.Read(row, filter.Limit);
            },
            mayRepeat: true,
            cancellationToken);
    }
}
