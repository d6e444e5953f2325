using GeoWps.Application.Nodes;
using GeoWps.Domain.Nodes;
using Npgsql;

namespace GeoWps.Adapters.Discovery.Postgres;

/// <summary>The table of nodes; made, or brought up to date, by whoever uses it first.</summary>
internal sealed class NodesDatabase : IAsyncDisposable
{
    /// <summary>The scripts in their order; a database has the first so many of them.</summary>
    private static readonly string[] Scripts = ["001-nodes"];

    private const string Channel = "geowps_nodes";
    private const int MaxTurns = 5;

    private readonly SemaphoreSlim _preparing = new(1);
    private readonly NpgsqlDataSource _source;
    private volatile bool _prepared;

    public NodesDatabase(string connectionString) => _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
    {
        ApplicationName = "geowps nodes",
        Timeout = 5,
        CommandTimeout = 5,
        CancellationTimeout = 1000,
        MaxPoolSize = 8,
    });

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <summary>What goes by itself, or by the hand of the database's operator.</summary>
    public static bool IsAway(Exception error) => error is NpgsqlException or IOException or TimeoutException or NodesSchemaException;

    /// <summary>A connection that is told of changes.</summary>
    public async Task<NpgsqlConnection> ListenAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken);
        try
        {
            await RunAsync(connection, $"LISTEN {Channel}", cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task KeepAsync(NodeEntry node, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await RunAsync(
            connection, "SELECT geowps.keep_node($1, $2, $3, $4, $5, $6)", cancellationToken,
            node.Id, node.Name, node.Address.AbsoluteUri, node.Services.ToArray(), node.Version, lifetime);
    }

    public async Task EndAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await RunAsync(connection, "SELECT geowps.end_node($1)", cancellationToken, id);
    }

    /// <param name="grace">Added to each node's lifetime.</param>
    public static async Task<IReadOnlyList<NodeEntry>> ReadAsync(NpgsqlConnection connection, TimeSpan lifetime, TimeSpan grace, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, "SELECT id, name, address, services, version FROM geowps.known_nodes($1, $2)", lifetime, grace);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var nodes = new List<NodeEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (NodeAddress.TryParse(reader.GetString(2), out var address))
            {
                nodes.Add(new NodeEntry(reader.GetString(0), reader.GetString(1), address, await reader.GetFieldValueAsync<string[]>(3, cancellationToken)) { Version = reader.GetString(4) });
            }
        }

        return NodeLists.Ordered(nodes);
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (!_prepared)
        {
            await _preparing.WaitAsync(cancellationToken);
            try
            {
                for (var turn = 1; !_prepared; turn++)
                {
                    _prepared = await TryPrepareAsync(turn == MaxTurns, cancellationToken);
                }
            }
            finally
            {
                _preparing.Release();
            }
        }

        return await _source.OpenConnectionAsync(cancellationToken);
    }

    /// <returns>Whether it is prepared now; not when somebody with another lock made the same schema at the same moment, which only happens once.</returns>
    private async Task<bool> TryPrepareAsync(bool last, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

            // Nodes that start together would all make it; the lock is that of everything in this schema.
            await RunAsync(connection, "SELECT pg_advisory_xact_lock(7310246115)", cancellationToken);
            await RunAsync(connection, "CREATE SCHEMA IF NOT EXISTS geowps; CREATE TABLE IF NOT EXISTS geowps.nodes_schema (version integer NOT NULL)", cancellationToken);
            await using var read = Command(connection, "SELECT coalesce(max(version), 0) FROM geowps.nodes_schema");
            var version = (int)(await read.ExecuteScalarAsync(cancellationToken))!;
            if (version > Scripts.Length)
            {
                throw new NodesSchemaException($"the table of nodes is of a newer program (version {version}, this one knows {Scripts.Length})");
            }

            for (; version < Scripts.Length; version++)
            {
                await RunAsync(connection, ReadScript(Scripts[version]), cancellationToken);
                await RunAsync(connection, "INSERT INTO geowps.nodes_schema (version) VALUES ($1)", cancellationToken, version + 1);
            }

            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (PostgresException error) when (!last && error.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateSchema or PostgresErrorCodes.DuplicateTable)
        {
            return false;
        }
    }

    private static string ReadScript(string name)
    {
        using var reader = new StreamReader(typeof(NodesDatabase).Assembly.GetManifestResourceStream($"{name}.nodes")!);
        return reader.ReadToEnd();
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}

/// <summary>The table is of a program that this one does not know.</summary>
internal sealed class NodesSchemaException(string message) : Exception(message);
