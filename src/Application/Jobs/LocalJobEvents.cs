using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Application.Jobs;

/// <summary>Events within one node.</summary>
public sealed class LocalJobEvents : IJobEvents
{
    private const int Capacity = 256;

    private readonly ConcurrentDictionary<JobId, Channel<JobEvent>[]> _watchers = new();

    /// <summary>The jobs that somebody watches on this node.</summary>
    public ICollection<JobId> Watched => _watchers.Keys;

    public bool IsWatched(JobId id) => _watchers.ContainsKey(id);

    public void Publish(JobEvent jobEvent)
    {
        if (!_watchers.TryGetValue(jobEvent.Id, out var channels))
        {
            return;
        }

        foreach (var channel in channels)
        {
            channel.Writer.TryWrite(jobEvent);
        }
    }

    public IAsyncEnumerable<JobEvent> WatchAsync(JobId id, CancellationToken cancellationToken)
    {
        // Subscribed now and not at the first MoveNext: what happens between the two must not be missed.
        var channel = Channel.CreateBounded<JobEvent>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest });
        _watchers.AddOrUpdate(id, [channel], (_, others) => [.. others, channel]);

        // Who subscribed and never read would be kept for ever.
        var leaving = cancellationToken.Register(() => Remove(id, channel));
        return ReadAsync(id, channel, leaving, cancellationToken);
    }

    private async IAsyncEnumerable<JobEvent> ReadAsync(
        JobId id, Channel<JobEvent> channel, CancellationTokenRegistration leaving, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var jobEvent in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return jobEvent;
                if (jobEvent is JobEvent.Changed { Job.State.HasEnded: true })
                {
                    yield break;
                }
            }
        }
        finally
        {
            await leaving.DisposeAsync();
            Remove(id, channel);
        }
    }

    private void Remove(JobId id, Channel<JobEvent> channel)
    {
        while (_watchers.TryGetValue(id, out var channels))
        {
            var others = Array.FindAll(channels, other => other != channel);
            var done = others.Length == 0
                ? _watchers.TryRemove(KeyValuePair.Create(id, channels))
                : _watchers.TryUpdate(id, others, channels);
            if (done)
            {
                return;
            }
        }
    }
}
