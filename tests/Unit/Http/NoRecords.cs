using GeoWps.Application.Ports;
using GeoWps.Domain.Records;

namespace GeoWps.Tests.Unit.Http;

/// <summary>A catalogue in which is what a test puts there, and every search finds all of it.</summary>
internal sealed class NoRecords : IRecordStore
{
    private readonly List<CatalogueRecord> _records = [];

    public RecordQuery? Asked { get; private set; }

    public Task PutAsync(IReadOnlyCollection<CatalogueRecord> records, CancellationToken cancellationToken)
    {
        _records.RemoveAll(record => records.Any(other => other.Id == record.Id));
        _records.AddRange(records);
        return Task.CompletedTask;
    }

    public Task<int> RemoveAsync(string source, IReadOnlyCollection<string> localIds, CancellationToken cancellationToken) =>
        Task.FromResult(_records.RemoveAll(record => record.Source == source && localIds.Contains(record.LocalId)));

    public Task RemoveAllAsync(string source, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<CatalogueRecord?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_records.Find(record => record.Id == id));

    public IAsyncEnumerable<(string LocalId, string? Version)> VersionsAsync(string source, CancellationToken cancellationToken) => AsyncEnumerable.Empty<(string, string?)>();

    public Task<RecordChanges?> ChangesAsync(RecordQuery caller, string? since, int most, CancellationToken cancellationToken)
    {
        Asked = caller;
        return Task.FromResult(since is "forgotten" ? null : new RecordChanges("now", _records.Count, since is null ? [] : [.. _records], since is null ? [] : ["files:gone"]));
    }

    public Task<RecordPage> SearchAsync(RecordQuery query, CancellationToken cancellationToken)
    {
        Asked = query;
        return Task.FromResult(new RecordPage([.. _records.Skip(query.Offset).Take(query.Limit).Select(record => new FoundRecord(record, query.Text is null ? 0 : 0.5, query.Text is null ? null : "a \u0002<hit>\u0003 & more"))], _records.Count)
        {
            Facets = query.Facets.ToDictionary(name => name, name => (IReadOnlyList<(string, long)>)[("<value>", 3)]),
        });
    }
}
