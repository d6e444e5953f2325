using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace GeoWps.Adapters.Http.Transport;

/// <summary>
/// How a request leaves the thread of the sockets for one where it may wait, with all that comes after it: until it is answered, what it reads of its
/// body comes to it on such a thread too.
/// </summary>
internal interface IHandover
{
    /// <summary>To be awaited: what follows runs on a thread of the pool.</summary>
    HandoverAwaitable Begin();

    /// <summary>The request is answered; the next one begins on the thread that reads it.</summary>
    void End();
}

/// <summary>The order in which a connection's reader runs: at once between requests, on the pool while a request is handed over.</summary>
/// <param name="loop">Whose thread must not wait.</param>
internal sealed class Handover(EpollLoop loop) : PipeScheduler, IHandover
{
    private volatile bool _isHandedOver;

    public HandoverAwaitable Begin()
    {
        _isHandedOver = true;
        return new HandoverAwaitable(loop.IsCurrent);
    }

    public void End() => _isHandedOver = false;

    public override void Schedule(Action<object?> action, object? state)
    {
        if (_isHandedOver)
        {
            System.Threading.ThreadPool.UnsafeQueueUserWorkItem(action, state, preferLocal: false);
        }
        else
        {
            action(state);
        }
    }
}

/// <summary>Goes on in the pool, or at once where it is there already.</summary>
internal readonly struct HandoverAwaitable(bool isNeeded) : ICriticalNotifyCompletion
{
    public bool IsCompleted => !isNeeded;

    public HandoverAwaitable GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(static action => action(), continuation, preferLocal: false);

    public void UnsafeOnCompleted(Action continuation) => ThreadPool.UnsafeQueueUserWorkItem(static action => action(), continuation, preferLocal: false);
}
