using System.Globalization;
using GeoWps.Tests.Integration.Fixtures;
using Npgsql;

namespace GeoWps.Tests.Integration.Cluster;

/// <summary>One change of a job's row.</summary>
/// <param name="At">By the database's clock, in milliseconds.</param>
/// <param name="Process">The worker's number at the system, while the job runs.</param>
/// <param name="LeaseEnd">Where a worker holds the job no more: until when it could have.</param>
internal sealed record JobChange(long At, string Job, string Status, int Attempt, int? Process, long? LeaseEnd)
{
    public bool IsEnd => Status is not ("accepted" or "running");
}

/// <summary>What the database says of all jobs, written down by itself with each change of a row, so that nothing is missed that was in between.</summary>
internal sealed class JobHistory
{
    private const string Begin =
        """
        CREATE TABLE public.history (number bigint GENERATED ALWAYS AS IDENTITY, at bigint NOT NULL, job text NOT NULL, status text NOT NULL, attempt integer NOT NULL, worker text, lease_end bigint);
        CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' OR (OLD.status, OLD.attempt, OLD.worker, OLD.outputs, OLD.failure, OLD.finished) IS DISTINCT FROM (NEW.status, NEW.attempt, NEW.worker, NEW.outputs, NEW.failure, NEW.finished) THEN
                INSERT INTO public.history (at, job, status, attempt, worker, lease_end)
                VALUES (floor(extract(epoch FROM clock_timestamp()) * 1000), NEW.id, NEW.status, NEW.attempt, NEW.worker, CASE WHEN TG_OP = 'UPDATE' AND NEW.worker IS NULL THEN OLD.lease_until END);
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER note AFTER INSERT OR UPDATE ON geowps.jobs FOR EACH ROW EXECUTE FUNCTION public.note();
        """;

    // What nobody would ever remove, and what is held although nobody works any more.
    private const string Left =
        """
        SELECT 'content without a name: ' || id FROM geowps.blob_content c
        WHERE NOT EXISTS (SELECT FROM geowps.blob b WHERE b.content = c.id) AND NOT EXISTS (SELECT FROM geowps.blob_doubt d WHERE d.content = c.id)
        UNION ALL SELECT 'piece without content: ' || content FROM geowps.blob_piece p WHERE NOT EXISTS (SELECT FROM geowps.blob_content c WHERE c.id = p.content)
        UNION ALL SELECT 'lease: ' || id FROM geowps.jobs WHERE lease_until IS NOT NULL
        UNION ALL SELECT 'result of no attempt that counts: ' || b.key FROM geowps.blob b JOIN geowps.jobs j ON j.id = split_part(b.key, '/', 2)
        WHERE b.key LIKE 'jobs/%' AND b.key NOT LIKE '%/request/%' AND (j.status <> 'successful' OR split_part(b.key, '/', 3) <> j.attempt::text)
        """;

    private readonly string _connection;

    private JobHistory(string connection) => _connection = connection + ";Pooling=false";

    public static async Task<JobHistory> BeginAsync(string connection)
    {
        await PostgresServer.RunAsync(connection, Begin);
        return new JobHistory(connection);
    }

    /// <summary>Oldest first.</summary>
    public Task<List<JobChange>> ReadAsync() => AllAsync("SELECT at, job, status, attempt, worker, lease_end FROM public.history ORDER BY number", row => new JobChange(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.IsDBNull(4) ? null : ProcessOf(row.GetString(4)), row.IsDBNull(5) ? null : row.GetInt64(5)));

    public async Task<List<JobChange>> OfAsync(string job) => (await ReadAsync()).FindAll(change => change.Job == job);

    /// <returns>The worker's number at the system; <see langword="null"/> when none runs the job.</returns>
    public async Task<int?> HolderAsync(string job) => (await OfAsync(job)).LastOrDefault()?.Process;

    /// <summary>Jobs that callers asked for; not the steps that these were made of.</summary>
    public Task<List<string>> JobsAsync() => AllAsync("SELECT id FROM geowps.jobs WHERE parent IS NULL", row => row.GetString(0));

    /// <summary>Keys of what lies in store for a job.</summary>
    public Task<List<string>> BlobsAsync(string job) => AllAsync($"SELECT key FROM geowps.blob WHERE key LIKE 'jobs/{job}/%'", row => row.GetString(0));

    /// <summary>What should not be there when no job runs.</summary>
    public Task<List<string>> LitterAsync() => AllAsync(Left, row => row.GetString(0));

    private static int ProcessOf(string worker) => int.Parse(worker.Split(':')[^2], CultureInfo.InvariantCulture);

    private async Task<List<T>> AllAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var connection = new NpgsqlConnection(_connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var row = await command.ExecuteReaderAsync();
        var all = new List<T>();
        while (await row.ReadAsync())
        {
            all.Add(read(row));
        }

        return all;
    }
}
