using System.Collections.Concurrent;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;

namespace GeoWps.Application.Layers;

/// <summary>
/// The layers, as every request asks for them: those asked for lately are in memory, and the answer is there at once. Every change goes through here, so that
/// nothing old is answered afterwards, and whoever watches layers is told.
/// </summary>
public sealed class LayerCatalogue : IDisposable
{
    /// <summary>Layers in memory, a few kilobytes each. With one more all are forgotten, which costs a look into the store each.</summary>
    private const int Most = 4096;

    private readonly ConcurrentDictionary<string, Layer> _known = new(StringComparer.Ordinal);
    private readonly ILayerStore _store;
    private readonly ILayerWatch _watch;
    private readonly TimeProvider _clock;
    private readonly IDisposable? _listening;
    private readonly Emptyings _emptyings = new();
    private int _count;
    private long _changes;
    private volatile Digested? _digest;

    /// <param name="news">What other nodes tell, where there are any.</param>
    public LayerCatalogue(ILayerStore store, ILayerWatch watch, TimeProvider clock, INodeNews? news = null)
    {
        (_store, _watch, _clock) = (store, watch, clock);
        _listening = news?.Listen(Hear);
    }

    /// <summary>Another number whenever a layer has changed: what was worked out of layers under the same number still holds.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>Completes at once for a layer that is known.</summary>
    /// <returns><see langword="null"/> when there is none, or its time is over.</returns>
    public ValueTask<Layer?> FindAsync(string id, CancellationToken cancellationToken) =>
        _known.TryGetValue(id, out var layer) ? new(Alive(layer)) : LookAsync(id, cancellationToken);

    /// <summary>What is stored, also when its time is over: for who wants to change it.</summary>
    public ValueTask<Layer?> FindStoredAsync(string id, CancellationToken cancellationToken) => _store.FindAsync(id, cancellationToken);

    /// <inheritdoc cref="ILayerStore.ExpiredAsync"/>
    public Task<IReadOnlyList<Layer>> ExpiredAsync(int limit, CancellationToken cancellationToken) => _store.ExpiredAsync(_clock.GetUtcNow(), limit, cancellationToken);

    /// <inheritdoc cref="ILayerStore.ListAsync"/>
    public Task<IReadOnlyList<Layer>> ListAsync(string? after, int limit, CancellationToken cancellationToken) => _store.ListAsync(after, limit, cancellationToken);

    /// <inheritdoc cref="ILayerStore.CountAsync"/>
    public Task<long> CountAsync(CancellationToken cancellationToken) => _store.CountAsync(cancellationToken);

    /// <summary>Asked of the store when a layer has changed.</summary>
    /// <inheritdoc cref="ILayerStore.DigestAsync"/>
    public async ValueTask<string> DigestAsync(CancellationToken cancellationToken)
    {
        var changes = Changes;
        if (_digest is { } known && known.Changes == changes)
        {
            return known.Digest;
        }

        var digest = await _store.DigestAsync(cancellationToken);
        _digest = new Digested(changes, digest);
        return digest;
    }

    /// <inheritdoc cref="ILayerStore.TemporaryAsync"/>
    public Task<LayerUse> TemporaryAsync(CancellationToken cancellationToken) => _store.TemporaryAsync(cancellationToken);

    /// <inheritdoc cref="ILayerStore.TryAddAsync"/>
    public async Task<bool> TryAddAsync(Layer layer, CancellationToken cancellationToken)
    {
        if (!await _store.TryAddAsync(layer, cancellationToken))
        {
            return false;
        }

        Keep(layer);
        _watch.Stored(layer);
        return true;
    }

    /// <inheritdoc cref="ILayerStore.TryReplaceAsync(Layer, CancellationToken)"/>
    /// <param name="tilesStay">Tiles that were made before are still right.</param>
    public async Task<bool> TryReplaceAsync(Layer next, bool tilesStay, CancellationToken cancellationToken)
    {
        using var emptying = tilesStay ? null : _emptyings.Begin();
        if (!await _store.TryReplaceAsync(next, before => Owed(before, next, emptying), cancellationToken))
        {
            Forget(next.Id);
            return false;
        }

        Keep(next);
        _watch.Stored(next);
        if (emptying is not null)
        {
            // It is stored: who hangs up now must not leave old tiles behind.
            await _watch.ChangedAsync(next, CancellationToken.None);
            emptying.Done();
        }

        return true;
    }

    /// <inheritdoc cref="ILayerStore.RemoveAsync(string, CancellationToken)"/>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        using var emptying = _emptyings.Begin();
        var removed = await _store.RemoveAsync(id, before => Owed(before, null, emptying), cancellationToken);
        Forget(id);
        if (removed)
        {
            await _watch.RemovedAsync(id, CancellationToken.None);
            emptying.Done();
        }

        return removed;
    }

    /// <summary>Drops what was made of a layer before a change, if that was not done after it.</summary>
    public async Task EmptyAsync(string id, string change, CancellationToken cancellationToken)
    {
        if (!await _emptyings.IsDoneAsync(change, cancellationToken))
        {
            await (await FindStoredAsync(id, cancellationToken) is { } layer ? _watch.ChangedAsync(layer, cancellationToken) : _watch.RemovedAsync(id, cancellationToken));
        }
    }

    public void Dispose() => _listening?.Dispose();

    private void Hear(NodeNews news)
    {
        switch (news)
        {
            case NodeNews.LayerChanged(var id):
                Forget(id);
                break;
            case NodeNews.Missed:
                Interlocked.Increment(ref _changes);
                _known.Clear();
                Volatile.Write(ref _count, 0);
                Interlocked.Increment(ref _changes);
                break;
        }
    }

    private static IReadOnlyList<Message> Owed(Layer before, Layer? next, Emptying? emptying) =>
    [
        .. emptying is null ? Array.Empty<Message>() : [new Message.TilesOutdated(before.Id, emptying.Change)],
        .. before.Source.Folder is { } folder && folder != next?.Source.Folder ? [new Message.DataOutdated(before.Id, folder)] : Array.Empty<Message>(),
    ];

    private Layer? Alive(Layer layer) => layer.Expires is { } end && end <= _clock.GetUtcNow() ? null : layer;

    private async ValueTask<Layer?> LookAsync(string id, CancellationToken cancellationToken)
    {
        var before = Interlocked.Read(ref _changes);
        if (await _store.FindAsync(id, cancellationToken) is not { } found)
        {
            return null;
        }

        MakeRoom();
        if (_known.TryAdd(id, found))
        {
            Interlocked.Increment(ref _count);
            if (Interlocked.Read(ref _changes) != before && _known.TryRemove(KeyValuePair.Create(id, found)))
            {
                // It was changed between look and keeping: whoever comes next looks again.
                Interlocked.Decrement(ref _count);
            }
        }

        return Alive(found);
    }

    private void Keep(Layer layer)
    {
        Interlocked.Increment(ref _changes);
        MakeRoom();
        _known[layer.Id] = layer;
        Interlocked.Increment(ref _count);

        // Once more: who looked between the two saw the old one.
        Interlocked.Increment(ref _changes);
    }

    private void Forget(string id)
    {
        Interlocked.Increment(ref _changes);
        _known.TryRemove(id, out _);
        Interlocked.Increment(ref _changes);
    }

    /// <summary>The count may be too high by what was replaced, never too low by more than who add at this moment.</summary>
    private void MakeRoom()
    {
        if (Volatile.Read(ref _count) >= Most)
        {
            _known.Clear();
            Volatile.Write(ref _count, 0);
        }
    }

    private sealed record Digested(long Changes, string Digest);
}
