using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>
/// The one that writes: a thread that puts all writes that wait into one transaction (group commit), so that many callers share one flush to disk
/// and none ever finds the database busy.
/// </summary>
/// <remarks>
/// A transaction is flushed to disk when one of its writes asks for that, otherwise it is only handed to the operating system, which is enough for
/// the end of this process by any cause (WAL, <c>synchronous</c> FULL or NORMAL). A flush also carries what earlier transactions left unflushed.
/// </remarks>
internal sealed partial class SqliteWriter : IDisposable
{
    private const int MostInOneTransaction = 256;

    private readonly BlockingCollection<PendingWrite> _waiting = [];
    private readonly SqliteSession _session;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private bool? _flushes;

    /// <param name="session">Becomes the writer's own.</param>
    public SqliteWriter(SqliteSession session, ILogger logger)
    {
        _session = session;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "SQLite writer" };
        _thread.Start();
    }

    /// <param name="durable">Whether it has to survive a power cut.</param>
    /// <param name="work">May be called twice, the first time in a transaction that is rolled back.</param>
    public Task<T> WriteAsync<T>(bool durable, Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        var write = new PendingWrite<T>(work, durable, cancellationToken);
        try
        {
            _waiting.Add(write, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            return Task.FromException<T>(new ObjectDisposedException(nameof(SqliteWriter)));
        }

        return write.Done;
    }

    /// <summary>Ends after what waits is written.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _session.Dispose();
    }

    private void Run()
    {
        var batch = new List<PendingWrite>(MostInOneTransaction);
        foreach (var first in _waiting.GetConsumingEnumerable())
        {
            Gather(batch, first);
            while (batch.Count < MostInOneTransaction && _waiting.TryTake(out var next))
            {
                Gather(batch, next);
            }

            Commit(batch);
            batch.Clear();
        }
    }

    private static void Gather(List<PendingWrite> batch, PendingWrite write)
    {
        if (write.IsCancelled)
        {
            write.Cancel();
            return;
        }

        batch.Add(write);
    }

    private void Commit(List<PendingWrite> batch)
    {
        if (batch.Count < 2 || !TryCommitTogether(batch))
        {
            batch.ForEach(CommitAlone);
        }
    }

    private bool TryCommitTogether(List<PendingWrite> batch)
    {
        try
        {
            Transact(batch);
        }
        catch (Exception reason)
        {
            // One of them is broken. Which one shows when each is tried for itself, and the others do not suffer for it.
            LogBatchFailed(reason, batch.Count);
            return false;
        }

        batch.ForEach(write => write.Succeed());
        return true;
    }

    private void CommitAlone(PendingWrite write)
    {
        try
        {
            Transact([write]);
        }
        catch (Exception reason)
        {
            write.Fail(reason);
            return;
        }

        write.Succeed();
    }

    private void Transact(List<PendingWrite> batch)
    {
        Flush(batch.Exists(write => write.Durable));
        _session.Execute("BEGIN IMMEDIATE");
        try
        {
            foreach (var write in batch)
            {
                write.Run(_session);
            }

            _session.Execute("COMMIT");
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    private void Flush(bool flushes)
    {
        if (_flushes != flushes)
        {
            _session.Execute(flushes ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            _flushes = flushes;
        }
    }

    private void RollBack()
    {
        try
        {
            _session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // A full disk and the like roll back by themselves, and then there is nothing left to roll back.
        }
    }

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "A transaction of {Writes} writes failed; each is tried for itself")]
    private partial void LogBatchFailed(Exception reason, int writes);
}
