using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>A database file: one writer, and as many readers as read at the same time. Readers see what has been committed when they begin.</summary>
internal sealed partial class SqliteDatabase : IDisposable
{
    private const int ReadersKept = 8;

    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly SqliteWriter _writer;
    private readonly string _path;
    private readonly string _schema;
    private readonly string _pragmas;
    private readonly ILogger _logger;
    private volatile bool _disposed;

    /// <exception cref="StorageUnavailableException">It can't be opened, or a newer program has written it.</exception>
    /// <param name="schema">The ending of its schema's scripts.</param>
    /// <param name="pragmas">For each connection.</param>
    public SqliteDatabase(string path, ILogger logger, string schema = SqliteSchema.Jobs, string pragmas = "")
    {
        (_path, _schema, _pragmas) = (path, schema, pragmas);
        _logger = logger;
        _writer = new SqliteWriter(Open(), logger);
    }

    /// <inheritdoc cref="SqliteWriter.WriteAsync{T}"/>
    public Task<T> WriteAsync<T>(bool durable, Func<SqliteSession, T> work, CancellationToken cancellationToken) =>
        _writer.WriteAsync(durable, work, cancellationToken);

    /// <summary>Reads on the caller's thread: SQLite has no other way, and what is read lies in memory nearly always.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var session = _readers.TryTake(out var idle) ? idle : new SqliteSession(_path, readOnly: true, _pragmas);
            try
            {
                return Task.FromResult(work(session));
            }
            finally
            {
                Return(session);
            }
        }
        catch (Exception reason)
        {
            return Task.FromException<T>(reason);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        DropReaders();

        // Last: the connection that closes last folds the WAL into the database.
        _writer.Dispose();
    }

    private void Return(SqliteSession session)
    {
        if (_disposed || _readers.Count >= ReadersKept)
        {
            session.Dispose();
            return;
        }

        _readers.Add(session);
        if (_disposed)
        {
            DropReaders();
        }
    }

    private void DropReaders()
    {
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private SqliteSession Open()
    {
        var name = Path.GetFileName(_path);
        SqliteSession? session = null;
        try
        {
            session = new SqliteSession(_path, readOnly: false, _pragmas);

            session.Run("PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864;");
            var (from, to) = SqliteSchema.Upgrade(session, name, _schema);
            if (from != to)
            {
                LogUpgraded(name, from, to);
            }

            return session;
        }
        catch (SqliteException reason)
        {
            session?.Dispose();
            throw new StorageUnavailableException($"Data:Directory: {name} can not be opened: {reason.Message}", reason);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "{Database}: schema version {From} is now {To}")]
    private partial void LogUpgraded(string database, long from, long to);
}
