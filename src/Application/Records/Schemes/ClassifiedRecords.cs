using GeoWps.Application.Ports;
using GeoWps.Domain.Records;

namespace GeoWps.Application.Records.Schemes;

/// <summary>A store of records in which each has the operator's codes beside those of its source, however often its source stores it.</summary>
public sealed class ClassifiedRecords(IRecordStore records, ISchemeStore schemes) : IRecordStore
{
    public async Task PutAsync(IReadOnlyCollection<CatalogueRecord> stored, CancellationToken cancellationToken)
    {
        if (stored.Count == 0)
        {
            return;
        }

        var assigned = await schemes.AssignedAsync([.. stored.Select(record => record.Id).Distinct(StringComparer.Ordinal)], cancellationToken);
        await records.PutAsync([.. stored.Select(record => With(record, assigned.GetValueOrDefault(record.Id) ?? []))], cancellationToken);
    }

    public Task<int> RemoveAsync(string source, IReadOnlyCollection<string> localIds, CancellationToken cancellationToken) => records.RemoveAsync(source, localIds, cancellationToken);

    public Task RemoveAllAsync(string source, CancellationToken cancellationToken) => records.RemoveAllAsync(source, cancellationToken);

    public Task<CatalogueRecord?> FindAsync(string id, CancellationToken cancellationToken) => records.FindAsync(id, cancellationToken);

    public IAsyncEnumerable<(string LocalId, string? Version)> VersionsAsync(string source, CancellationToken cancellationToken) => records.VersionsAsync(source, cancellationToken);

    public Task<RecordPage> SearchAsync(RecordQuery query, CancellationToken cancellationToken) => records.SearchAsync(query, cancellationToken);

    public Task<RecordChanges?> ChangesAsync(RecordQuery caller, string? since, int most, CancellationToken cancellationToken) => records.ChangesAsync(caller, since, most, cancellationToken);

    private static CatalogueRecord With(CatalogueRecord record, IReadOnlyList<Classification> assigned) =>
        assigned.Count == 0 && !record.Classifications.Any(code => code.IsAssigned)
            ? record
            : record with { Classifications = [.. record.Classifications.Where(code => !code.IsAssigned).Concat(assigned).DistinctBy(code => (code.Scheme, code.Code))] };
}
