using GeoWps.Application.Ports;
using GeoWps.Domain.Records;

namespace GeoWps.Application.Records;

/// <summary>
/// Keeps a source's records like the source: whatever changes something that is to be found tells it here. Telling it twice does no harm. What it stores has been updated at that moment, whatever
/// the thing's own time is: who asks for what is new since the newest record known misses nothing.
/// </summary>
public sealed class RecordKeeper(IRecordStore store, TimeProvider clock)
{
    /// <summary>Records that are stored in one commit.</summary>
    private const int Batch = 500;

    public Task PutAsync(CatalogueRecord record, CancellationToken cancellationToken) => store.PutAsync([record with { Updated = clock.GetUtcNow() }], cancellationToken);

    public Task RemoveAsync(string source, string localId, CancellationToken cancellationToken) => store.RemoveAsync(source, [localId], cancellationToken);

    /// <summary>Makes a source's records these: stores those whose <see cref="CatalogueRecord.Version"/> is another, and removes what is no more there.</summary>
    /// <param name="records">Each with a version; one without is there, and stays as it is known. Where nothing of the source is known yet, a record's own time is kept.</param>
    /// <param name="removes">Whether what is not among them goes.</param>
    /// <param name="complete">Gives the whole of a record that is to be stored. Where it can't, what is known stays, and else what came is stored until another time.</param>
    /// <returns>How many were stored, and how many were removed.</returns>
    public async Task<(int Stored, int Removed)> ReplaceAsync(
        string source, IAsyncEnumerable<CatalogueRecord> records, bool removes, CancellationToken cancellationToken, Func<CatalogueRecord, CancellationToken, Task<CatalogueRecord?>>? complete = null)
    {
        var known = new Dictionary<string, string?>(StringComparer.Ordinal);
        await foreach (var (localId, version) in store.VersionsAsync(source, cancellationToken))
        {
            known[localId] = version;
        }

        var isFirst = known.Count == 0;
        var (stored, changed) = (0, new List<CatalogueRecord>(Batch));
        await foreach (var listed in records.WithCancellation(cancellationToken))
        {
            var isKnown = known.Remove(listed.LocalId, out var version);
            if (isKnown && (listed.Version is null || listed.Version == version))
            {
                continue;
            }

            var whole = complete is null ? listed : await complete(listed, cancellationToken);
            if (whole is null && isKnown)
            {
                continue;
            }

            var record = whole ?? listed with { Version = null };
            changed.Add(isFirst && record.Updated is not null ? record : record with { Updated = clock.GetUtcNow() });
            if (changed.Count == Batch)
            {
                await store.PutAsync(changed, cancellationToken);
                stored += changed.Count;
                changed.Clear();
            }
        }

        await store.PutAsync(changed, cancellationToken);
        var removed = removes && known.Count > 0 ? await store.RemoveAsync(source, known.Keys, cancellationToken) : 0;
        return (stored + changed.Count, removed);
    }
}
