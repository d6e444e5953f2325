using System.Runtime.CompilerServices;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Domain.Nodes;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoWps.Adapters.Discovery.Postgres;

/// <summary>
/// Nodes are rows with a heartbeat. Who comes and who goes is pushed by <c>NOTIFY</c>; a poll each beat, beneath, sees who fell silent. Three beats without one, and a node is not known any
/// more.
/// </summary>
internal sealed partial class PostgresNodes(NodesDatabase database, TimeSpan beat, TimeProvider clock, ILogger<PostgresNodes> logger) : INodeRegistry
{
    private const int BeatsOfLife = 3;

    private TimeSpan Lifetime => beat * BeatsOfLife;

    public async Task<IAsyncDisposable> AnnounceAsync(NodeEntry self, CancellationToken cancellationToken) =>
        await Announcement.StartAsync(new Membership(database, self, Lifetime), beat, clock, logger, cancellationToken);

    public async IAsyncEnumerable<IReadOnlyList<NodeEntry>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        NpgsqlConnection? listening = null;
        var outage = new Outage(clock, Lifetime);
        IReadOnlyList<NodeEntry>? last = null;
        try
        {
            while (true)
            {
                IReadOnlyList<NodeEntry>? nodes = null;
                try
                {
                    if (listening is null)
                    {
                        listening = await database.ListenAsync(cancellationToken);
                    }
                    else
                    {
                        await listening.WaitAsync(beat, cancellationToken);
                    }

                    nodes = await NodesDatabase.ReadAsync(listening, Lifetime, outage.Grace, cancellationToken);
                    outage.End();
                }
                catch (Exception error) when (!cancellationToken.IsCancellationRequested)
                {
                    // Whatever it is: a watch only ends by cancellation.
                    if (outage.Begin() == 1)
                    {
                        LogUnanswered(NodesDatabase.IsAway(error) ? null : error, error.Message.ReplaceLineEndings(" "));
                    }

                    if (listening is { } broken)
                    {
                        listening = null;
                        await broken.DisposeAsync();
                    }
                }

                if (nodes is null)
                {
                    await Task.Delay(RegistryPause.After(outage.Failures, beat), clock, cancellationToken);
                }
                else if (!nodes.SameAs(last))
                {
                    last = nodes;
                    yield return nodes;
                }
            }
        }
        finally
        {
            if (listening is not null)
            {
                await listening.DisposeAsync();
            }
        }
    }

    /// <summary>
    /// While the database was away no node could beat; once it is back each has the time that passed, until it had time to beat again. Else a gateway would see all nodes go for a moment.
    /// </summary>
    private sealed class Outage(TimeProvider clock, TimeSpan lifetime)
    {
        private long? _since;
        private long? _until;

        public int Failures { get; private set; }

        public TimeSpan Grace => _since is { } since ? clock.GetElapsedTime(since) : TimeSpan.Zero;

        /// <returns>Failures in a row.</returns>
        public int Begin()
        {
            _since ??= clock.GetTimestamp();
            _until = null;
            return ++Failures;
        }

        public void End()
        {
            Failures = 0;
            if (_since is not null)
            {
                _until ??= clock.GetTimestamp();
                if (clock.GetElapsedTime(_until.Value) > lifetime)
                {
                    (_since, _until) = (null, null);
                }
            }
        }
    }

    private sealed class Membership(NodesDatabase database, NodeEntry self, TimeSpan lifetime) : IMembership
    {
        public Task KeepAsync(CancellationToken cancellationToken) => database.KeepAsync(self, lifetime, cancellationToken);

        public Task EndAsync(CancellationToken cancellationToken) => database.EndAsync(self.Id, cancellationToken);

        public bool IsAway(Exception error) => NodesDatabase.IsAway(error);
    }

    [LoggerMessage(EventId = 7040, Level = LogLevel.Warning, Message = "The database does not say which nodes there are; asking on: {Reason}")]
    private partial void LogUnanswered(Exception? error, string reason);
}
