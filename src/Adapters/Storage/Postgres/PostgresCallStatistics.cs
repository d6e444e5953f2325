using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Nodes;
using Marten;
using Npgsql;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>
/// Figures of calls that all gateways of a cluster read alike. Each writes a document of its own for each hour, with all that it has counted in it; reading adds them up.
/// To write one again does no harm, so that nothing is counted twice when an answer was lost.
/// </summary>
/// <param name="run">This run of this gateway.</param>
/// <param name="open">Opens the database, when it is asked for: a gateway starts and forwards without it.</param>
internal sealed class PostgresCallStatistics(string run, Func<CancellationToken, Task<PostgresDocuments>> open) : ICallStatistics, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>The hour told of last, as it was stored for certain.</summary>
    private StoredCalls? _last;

    public async Task AddAsync(IReadOnlyList<CallHour> figures, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var documents = await open(cancellationToken);
            foreach (var hour in figures.GroupBy(one => one.Hour).OrderBy(hour => hour.Key))
            {
                var before = await MineAsync(documents, hour.Key, cancellationToken);
                var next = StoredCalls.Of(before.Id, hour.Key, CallSums.Of([.. before.ToDomain(), .. hour]));

                // Should the answer be lost, what is told again is added to this, and not to what may be stored.
                _last = before;
                await documents.WriteAsync(
                    session =>
                    {
                        session.Store(next);
                        return Task.FromResult<IReadOnlyList<Message>?>([]);
                    },
                    messages: null,
                    mayRepeat: true,
                    cancellationToken);
                _last = next;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<IReadOnlyList<CallHour>> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var (first, end) = (from.ToUniversalTime(), to.ToUniversalTime());
        try
        {
            var documents = await open(cancellationToken);
            var found = await documents.ReadAsync(
                session => session.Query<StoredCalls>().Where(calls => calls.Hour >= first && calls.Hour < end).ToListAsync(cancellationToken), cancellationToken);
            return CallSums.Of(found.SelectMany(calls => calls.ToDomain()));
        }
        catch (Exception reason) when (reason is StorageUnavailableException or NpgsqlException)
        {
            throw new IOException("The figures of calls can't be reached: the database is away.", reason);
        }
    }

    public async Task ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var documents = await open(cancellationToken);
        var end = before.ToUniversalTime();
        await documents.WriteAsync(
            session =>
            {
                session.DeleteWhere<StoredCalls>(calls => calls.Hour < end);
                return Task.FromResult<IReadOnlyList<Message>?>([]);
            },
            messages: null,
            mayRepeat: true,
            cancellationToken);
    }

    public void Dispose() => _turn.Dispose();

    private async Task<StoredCalls> MineAsync(PostgresDocuments documents, DateTimeOffset hour, CancellationToken cancellationToken)
    {
        if (_last is { } last && last.Hour == hour)
        {
            return last;
        }

        var id = StoredCalls.IdOf(hour, run);
        return await documents.ReadAsync(session => session.LoadAsync<StoredCalls>(id, cancellationToken), cancellationToken) ?? StoredCalls.Of(id, hour, []);
    }
}
