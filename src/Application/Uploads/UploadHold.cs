using GeoWps.Application.Ports;
using GeoWps.Domain.Uploads;

namespace GeoWps.Application.Uploads;

/// <summary>One request's right to write to an upload, renewed until it is disposed of.</summary>
public sealed class UploadHold : IAsyncDisposable
{
    private readonly IUploadStore _store;
    private readonly TimeProvider _clock;
    private readonly Action<UploadHold> _left;
    private readonly CancellationTokenSource _interrupted;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewing;

    internal UploadHold(UploadId upload, string holder, IUploadStore store, TimeProvider clock, Action<UploadHold> left, CancellationToken stopping)
    {
        (Upload, Holder, _store, _clock, _left) = (upload, holder, store, clock, left);
        _interrupted = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Interrupted = _interrupted.Token;
        _renewing = Task.Run(RenewAsync, CancellationToken.None);
    }

    public UploadId Upload { get; }

    public string Holder { get; }

    /// <summary>Somebody else waits, or the server stops: what has come is kept, and no more is read.</summary>
    public CancellationToken Interrupted { get; }

    public void Interrupt()
    {
        try
        {
            _interrupted.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
        _left(this);
        _interrupted.Dispose();
        _ended.Dispose();
        try
        {
            await _store.ReleaseAsync(Upload, Holder, CancellationToken.None);
        }
        catch (Exception)
        {
            // The store is away. The lease ends by itself, and what the request itself has to say is more important.
        }
    }

    private async Task RenewAsync()
    {
        while (true)
        {
            await Task.Delay(UploadHolds.BetweenRenewals, _clock, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_ended.IsCancellationRequested)
            {
                return;
            }

            try
            {
                if (await _store.RenewAsync(Upload, Holder, UploadHolds.Lease, _ended.Token) != RenewOutcome.Held)
                {
                    Interrupt();
                }
            }
            catch (Exception)
            {
                // Asked again soon. Whoever writes without holding it any more is told by the store.
            }
        }
    }
}
