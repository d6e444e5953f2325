using GeoWps.Application.Ports;
using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Schemes;

namespace GeoWps.Application.Records.Schemes;

/// <summary>The schemes, kept in memory: whether another node has changed them is looked for every <see cref="Life"/>.</summary>
public sealed class SchemeBook(ISchemeStore store, IRecordStore records, TimeProvider clock) : IDisposable
{
    /// <summary>After how long what another node changed is seen.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(5);

    public const int MaxSchemes = 100;

    public const int MaxCodes = 100;

    private readonly SemaphoreSlim _reading = new(1);
    private volatile Read? _read;

    public ValueTask<SchemeSet> CurrentAsync(CancellationToken cancellationToken) =>
        _read is { } read && clock.GetUtcNow() - read.At < Life ? new ValueTask<SchemeSet>(read.Set) : new ValueTask<SchemeSet>(ReadAsync(cancellationToken));

    /// <returns><see langword="null"/>: there are <see cref="MaxSchemes"/> others; else whether it is new.</returns>
    public async Task<bool?> PutAsync(ClassificationScheme scheme, CancellationToken cancellationToken)
    {
        _read = null;
        var before = await CurrentAsync(cancellationToken);
        var isNew = before.Find(scheme.Id) is null;
        if (isNew && before.Schemes.Count >= MaxSchemes)
        {
            return null;
        }

        await store.PutAsync(scheme, cancellationToken);
        _read = null;
        return isNew;
    }

    /// <summary>Records keep the codes that they have.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        var was = await store.RemoveAsync(id, cancellationToken);
        _read = null;
        return was;
    }

    /// <summary>Makes these the operator's codes of a record, beside those of its source. They stay when its source makes the record anew.</summary>
    /// <returns>The record as it is now; <see langword="null"/>: there is none.</returns>
    public async Task<CatalogueRecord?> ClassifyAsync(string recordId, IReadOnlyCollection<Classification> codes, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(recordId, cancellationToken) is not { } record)
        {
            return null;
        }

        await store.AssignAsync(recordId, codes, cancellationToken);
        await records.PutAsync([record], cancellationToken);
        return await records.FindAsync(recordId, cancellationToken);
    }

    public void Dispose() => _reading.Dispose();

    private async Task<SchemeSet> ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var (now, before) = (clock.GetUtcNow(), _read);
            if (before is not null && now - before.At < Life)
            {
                return before.Set;
            }

            // The version first: what changes while they are read is read once more.
            var version = await store.VersionAsync(cancellationToken);
            var set = before?.Version == version ? before.Set : new SchemeSet(await store.ListAsync(cancellationToken));
            _read = new Read(version, set, now);
            return set;
        }
        finally
        {
            _reading.Release();
        }
    }

    private sealed record Read(string Version, SchemeSet Set, DateTimeOffset At);
}
