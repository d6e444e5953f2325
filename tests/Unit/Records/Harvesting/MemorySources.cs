using System.Collections.Concurrent;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Records.Harvesting;

/// <summary>Sources in memory.</summary>
internal sealed class MemorySources : IHarvestStore
{
    private readonly ConcurrentDictionary<string, HarvestSource> _all = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HarvestClaim> _claims = new(StringComparer.Ordinal);

    /// <summary>Whoever has a turn keeps it.</summary>
    public bool Renewed { get; set; }

    public Task<IReadOnlyList<HarvestSource>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<HarvestSource>>([.. _all.Values.OrderBy(source => source.Id, StringComparer.Ordinal)]);

    public Task<HarvestSource?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_all.GetValueOrDefault(id));

    public Task<bool> TryAddAsync(HarvestSource source, CancellationToken cancellationToken) => Task.FromResult(_all.TryAdd(source.Id, source));

    public Task<bool> PutAsync(HarvestSource source, CancellationToken cancellationToken)
    {
        var before = _all.GetValueOrDefault(source.Id);
        _all[source.Id] = source with { State = before?.State };
        return Task.FromResult(before is null);
    }

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_all.TryRemove(id, out _));

    public Task NoteAsync(string id, HarvestState state, CancellationToken cancellationToken)
    {
        _all[id] = _all[id] with { State = state };
        return Task.CompletedTask;
    }

    public Task<HarvestClaim?> TryClaimAsync(string id, string job, TimeSpan lease, CancellationToken cancellationToken)
    {
        var claim = _claims.GetOrAdd(id, _ => new HarvestClaim(job, default));
        return Task.FromResult(claim.Job == job ? null : Renewed ? claim with { Until = DateTimeOffset.UnixEpoch.AddTicks(Random.Shared.Next()) } : claim);
    }

    public Task ReleaseAsync(string id, string job, CancellationToken cancellationToken)
    {
        _claims.TryRemove(KeyValuePair.Create(id, new HarvestClaim(job, default)));
        return Task.CompletedTask;
    }
}
