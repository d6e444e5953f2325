using System.Collections.Concurrent;
using Npgsql;

namespace GeoWps.Adapters.TileSources.PostGis;

/// <summary>The databases that the settings name. Each has a pool of its own, made when it is first used.</summary>
internal sealed class PostGisDatabases(IReadOnlyDictionary<string, string> connections, TimeSpan timeLimit) : IAsyncDisposable
{
    /// <summary>Where a connection string does not say: a server of a hundred connections serves others, too.</summary>
    private const int MaxPoolSize = 16;

    private readonly ConcurrentDictionary<string, Lazy<NpgsqlDataSource>> _sources = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What one statement may take.</summary>
    public TimeSpan TimeLimit => timeLimit;

    public IReadOnlyList<string> Names => [.. connections.Keys.Order(StringComparer.Ordinal)];

    /// <returns><see langword="null"/> when the settings have none of that name.</returns>
    public NpgsqlDataSource? Find(string name)
    {
        var known = connections.FirstOrDefault(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        return known.Value is null ? null : _sources.GetOrAdd(known.Key, _ => new Lazy<NpgsqlDataSource>(() => Open(known.Value))).Value;
    }

    /// <summary>Runs one statement in a transaction that can't write and has an end, all in one round trip.</summary>
    /// <param name="read">Reads the statement's rows.</param>
    public async Task<T> ReadAsync<T>(
        NpgsqlDataSource database, string sql, IReadOnlyList<object?> parameters, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            // The server's own limit comes first; this one is for a server that does not answer at all.
            Timeout = (int)timeLimit.TotalSeconds + 5,
            BatchCommands =
            {
                new NpgsqlBatchCommand("BEGIN READ ONLY"),
                new NpgsqlBatchCommand(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"SET LOCAL statement_timeout = {(long)timeLimit.TotalMilliseconds}")),
            },
        };
        var statement = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            statement.Parameters.Add(new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        }

        batch.BatchCommands.Add(statement);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await read(reader, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources.Values)
        {
            await source.Value.DisposeAsync();
        }
    }

    private static NpgsqlDataSource Open(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        settings.MaxPoolSize = settings.ContainsKey("Maximum Pool Size") ? settings.MaxPoolSize : MaxPoolSize;
        settings.ApplicationName ??= "GeoWps";
        return NpgsqlDataSource.Create(settings);
    }
}
