using GeoWps.Application.Ports;
using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Schemes;

namespace GeoWps.Tests.Unit.Records;

/// <summary>Schemes and assigned codes in memory.</summary>
internal sealed class MemorySchemes : ISchemeStore
{
    private readonly SortedDictionary<string, ClassificationScheme> _schemes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<Classification>> _codes = [];
    private int _version;

    public Task PutAsync(ClassificationScheme scheme, CancellationToken cancellationToken)
    {
        _schemes[scheme.Id] = scheme;
        _version++;
        return Task.CompletedTask;
    }

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        _version++;
        return Task.FromResult(_schemes.Remove(id));
    }

    public Task<IReadOnlyList<ClassificationScheme>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ClassificationScheme>>([.. _schemes.Values]);

    public Task<string> VersionAsync(CancellationToken cancellationToken) => Task.FromResult($"{_version}");

    public Task AssignAsync(string recordId, IReadOnlyCollection<Classification> codes, CancellationToken cancellationToken)
    {
        _codes[recordId] = [.. codes.Select(code => code with { IsAssigned = true })];
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<string, IReadOnlyList<Classification>>> AssignedAsync(IReadOnlyCollection<string> recordIds, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, IReadOnlyList<Classification>>>(_codes.Where(one => recordIds.Contains(one.Key) && one.Value.Count > 0).ToDictionary());
}

/// <summary>Use in memory; can be made to fail.</summary>
internal sealed class MemoryUse : IUseStore
{
    public List<RecordUse> Added { get; } = [];

    public bool Fails { get; set; }

    public Task AddAsync(IReadOnlyCollection<RecordUse> uses, CancellationToken cancellationToken)
    {
        if (Fails)
        {
            throw new IOException("the database is away");
        }

        Added.AddRange(uses);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<RecordUse>> ReadAsync(UseQuery query, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RecordUse>>(
    [
        .. Added.GroupBy(use => (
                query.By.HasFlag(UseParts.Month) ? use.Month : "", query.By.HasFlag(UseParts.Record) ? use.Record : "", query.By.HasFlag(UseParts.Caller) ? use.Caller : ""))
            .Select(some => new RecordUse(some.Key.Item1, some.Key.Item2, some.Key.Item3, some.Aggregate(default(UseFigures), (sum, use) => sum + use.Figures)))
            .OrderBy(use => (use.Month, use.Record, use.Caller)).Skip(query.Offset).Take(query.Limit),
    ]);
}
