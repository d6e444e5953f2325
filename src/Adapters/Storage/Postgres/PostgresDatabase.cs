using System.Data.Common;
using System.Diagnostics;
using GeoWps.Application;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>
/// The one way to the cluster's database: a pool of connections, and statements that outlive a restart of the server. What a server refuses for the moment is tried
/// again with growing pauses for <see cref="Patience"/>; what was sent and not answered only where a repeat does no harm.
/// </summary>
internal sealed partial class PostgresDatabase : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly ILogger _logger;

    private PostgresDatabase(NpgsqlDataSource source, ILogger logger) => (Source, _logger) = (source, logger);

    /// <summary>How long a statement is tried again.</summary>
    public static TimeSpan Patience => TimeSpan.FromSeconds(10);

    public NpgsqlDataSource Source { get; }

    /// <summary>This run of this node, among those who use the database.</summary>
    public string Node { get; } = Guid.NewGuid().ToString("N")[..12];

    /// <summary>Waits for the server, at most <paramref name="patience"/>, and brings the schema up to date.</summary>
    /// <exception cref="StorageUnavailableException">It can't be reached, or is not allowed, or a newer program uses it.</exception>
    public static async Task<PostgresDatabase> OpenAsync(string connectionString, TimeSpan patience, ILogger logger, CancellationToken cancellationToken)
    {
        NpgsqlDataSource? source = null;
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString);
            builder.ApplicationName ??= "geowps";
            builder.MaxAutoPrepare = Math.Max(builder.MaxAutoPrepare, 60);
            source = NpgsqlDataSource.Create(builder);
            var database = new PostgresDatabase(source, logger);
            await database.UpgradeAsync(patience, cancellationToken);
            return database;
        }
        catch (Exception reason) when (reason is NpgsqlException or ArgumentException or TimeoutException or StorageUnavailableException)
        {
            if (source is not null)
            {
                await source.DisposeAsync();
            }

            throw reason as StorageUnavailableException
                ?? new StorageUnavailableException($"Storage:ConnectionString: PostgreSQL can't be used; {reason.Message.ReplaceLineEndings(" ")}", reason);
        }
    }

    /// <returns>What the first row says; <see langword="null"/> when there is none.</returns>
    public Task<T?> FirstAsync<T>(string sql, Func<DbDataReader, T> read, bool mayRepeat, CancellationToken cancellationToken, params (string Name, object? Value)[] values)
        where T : class => RunAsync(
            async connection =>
            {
                await using var command = Command(connection, sql, values);
                await using var row = await command.ExecuteReaderAsync(cancellationToken);
                return await row.ReadAsync(cancellationToken) ? read(row) : null;
            },
            mayRepeat,
            cancellationToken);

    public Task<List<T>> AllAsync<T>(string sql, Func<DbDataReader, T> read, bool mayRepeat, CancellationToken cancellationToken, params (string Name, object? Value)[] values) =>
        RunAsync(connection => AllAsync(connection, sql, read, cancellationToken, values), mayRepeat, cancellationToken);

    /// <summary>The same in the transaction of whoever calls.</summary>
    public static async Task<List<T>> AllAsync<T>(NpgsqlConnection connection, string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params (string Name, object? Value)[] values)
    {
        await using var command = Command(connection, sql, values);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var all = new List<T>();
        while (await row.ReadAsync(cancellationToken))
        {
            all.Add(read(row));
        }

        return all;
    }

    /// <returns>The rows changed.</returns>
    public Task<int> ExecuteAsync(string sql, bool mayRepeat, CancellationToken cancellationToken, params (string Name, object? Value)[] values) => RunAsync(
        async connection =>
        {
            await using var command = Command(connection, sql, values);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        },
        mayRepeat,
        cancellationToken);

    /// <returns>The first column of the first row; <see langword="null"/> when there is none, or nothing in it.</returns>
    public Task<object?> ValueAsync(string sql, bool mayRepeat, CancellationToken cancellationToken, params (string Name, object? Value)[] values) => RunAsync(
        async connection =>
        {
            await using var command = Command(connection, sql, values);
            return await command.ExecuteScalarAsync(cancellationToken) is var value and not DBNull ? value : null;
        },
        mayRepeat,
        cancellationToken);

    /// <summary>Runs work on a connection of its own; again when the server was away.</summary>
    /// <param name="mayRepeat">Whether it does no harm when the work was done and only its answer was lost. Without, it is only repeated when the server has said that it was not.</param>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, bool mayRepeat, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        for (var attempt = 0; ; attempt++)
        {
            var isOpen = false;
            try
            {
                await using var connection = await Source.OpenConnectionAsync(cancellationToken);
                isOpen = true;
                return await work(connection);
            }
            catch (NpgsqlException reason) when (reason.IsTransient && (mayRepeat || !isOpen || reason is PostgresException) && waited.Elapsed < Patience)
            {
                LogRepeated(attempt + 1, reason.Message);
                await Task.Delay(PauseAfter(attempt), cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync() => await Source.DisposeAsync();

    /// <summary>The text that all nodes have under a name; the first who asks makes it.</summary>
    public async Task<(string Value, bool IsNew)> AgreeAsync(string name, Func<string> make, CancellationToken cancellationToken)
    {
        var mine = make();
        await ExecuteAsync("INSERT INTO geowps.agreed (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING", true, cancellationToken, ("@name", name), ("@value", mine));
        var value = (string)(await ValueAsync("SELECT value FROM geowps.agreed WHERE name = @name", true, cancellationToken, ("@name", name)))!;
        return (value, value == mine);
    }

    internal static TimeSpan PauseAfter(int attempt) => Backoff.After(attempt, FirstPause, LongestPause, share: 0.5);

    internal static NpgsqlCommand Command(NpgsqlConnection connection, string sql, (string Name, object? Value)[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, Storable(value));
        }

        return command;
    }

    // PostgreSQL has no text with a NUL.
    private static object Storable(object? value) => value switch
    {
        null => DBNull.Value,
        string text => text.Replace('\0', '\ufffd'),
        string[] texts => Array.ConvertAll(texts, text => text.Replace('\0', '\ufffd')),
        _ => value,
    };

    private async Task UpgradeAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var connection = await Source.OpenConnectionAsync(cancellationToken);
                var (from, to) = await PostgresSchema.UpgradeAsync(connection, cancellationToken);
                if (from != to)
                {
                    LogUpgraded(from, to);
                }

                return;
            }
            catch (NpgsqlException reason) when (reason.IsTransient && waited.Elapsed < patience)
            {
                LogWaiting(patience - waited.Elapsed, reason.Message.ReplaceLineEndings(" "));
                await Task.Delay(PauseAfter(attempt + 1), cancellationToken);
            }
        }
    }

    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "The database in PostgreSQL was brought from schema version {From} to {To}")]
    private partial void LogUpgraded(int from, int to);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "Waiting for PostgreSQL (Storage:ConnectionString), {Patience} more at most: {Reason}")]
    private partial void LogWaiting(TimeSpan patience, string reason);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Debug, Message = "PostgreSQL was away; attempt {Attempt} is repeated: {Reason}")]
    private partial void LogRepeated(int attempt, string reason);
}
