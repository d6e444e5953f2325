namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>A write that waits for its transaction. It is told how it went only after the commit.</summary>
internal abstract class PendingWrite(bool durable, CancellationToken cancellationToken)
{
    /// <summary>Whether it has to survive a power cut, not only the end of the process.</summary>
    public bool Durable { get; } = durable;

    public bool IsCancelled => CancellationToken.IsCancellationRequested;

    protected CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Does it. May be called again after a transaction that was rolled back.</summary>
    public abstract void Run(SqliteSession session);

    public abstract void Succeed();

    public abstract void Cancel();

    public abstract void Fail(Exception reason);
}

internal sealed class PendingWrite<T>(Func<SqliteSession, T> work, bool durable, CancellationToken cancellationToken)
    : PendingWrite(durable, cancellationToken)
{
    // Asynchronous: a caller's continuation must not run on the thread that all others wait for.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Done => _done.Task;

    public override void Run(SqliteSession session) => _result = work(session);

    public override void Succeed() => _done.SetResult(_result);

    public override void Cancel() => _done.SetCanceled(CancellationToken);

    public override void Fail(Exception reason) => _done.SetException(reason);
}
