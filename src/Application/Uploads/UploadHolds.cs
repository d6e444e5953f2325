using System.Collections.Concurrent;
using GeoWps.Application.Ports;
using GeoWps.Domain.Uploads;
using Microsoft.Extensions.Hosting;

namespace GeoWps.Application.Uploads;

/// <summary>
/// Gives each upload to one request at a time, on whichever node. The newest wins, since it comes from a client that knows what it does: the one before, whose connection may
/// have been dead for long, keeps what came to it and lets go, within a moment on the same node and within <see cref="BetweenRenewals"/> on another one. That of a node that was
/// killed ends with its lease.
/// </summary>
public sealed class UploadHolds(IUploadStore store, IHostApplicationLifetime server, TimeProvider clock)
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan BetweenRenewals = TimeSpan.FromSeconds(1);

    /// <summary>How long a request waits for the one before. Longer than a lease.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<UploadId, UploadHold> _here = new();

    /// <returns>Dispose of it. <see langword="null"/> when the one before does not let go, or there is no such upload.</returns>
    public async Task<UploadHold?> TakeAsync(UploadId id, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            if (await TryTakeAsync(id, cancellationToken) is var (hold, outcome) && outcome != HoldOutcome.Taken)
            {
                return hold;
            }

            if (_here.TryGetValue(id, out var before))
            {
                before.Interrupt();
            }

            if (clock.GetElapsedTime(began) >= Patience)
            {
                return null;
            }

            await Task.Delay(Backoff.Spread(BetweenLooks), clock, cancellationToken);
        }
    }

    internal bool IsHeldHere(UploadId id) => _here.ContainsKey(id);

    /// <summary>Without waiting, and without interrupting anybody on this node.</summary>
    public async Task<(UploadHold? Hold, HoldOutcome Outcome)> TryTakeAsync(UploadId id, CancellationToken cancellationToken)
    {
        var holder = Guid.NewGuid().ToString("N");
        var outcome = await store.TryHoldAsync(id, holder, Lease, cancellationToken);
        if (outcome != HoldOutcome.Held)
        {
            return (null, outcome);
        }

        var hold = new UploadHold(id, holder, store, clock, left => _here.TryRemove(KeyValuePair.Create(left.Upload, left)), server.ApplicationStopping);
        _here[id] = hold;
        return (hold, outcome);
    }
}
