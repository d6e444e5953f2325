using System.Globalization;
using System.Threading.Channels;
using GeoWps.Application.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>
/// Events of jobs on all nodes. Those of this node are here at once, and others are told; of what others tell only what somebody watches here is read. After a gap each job
/// that is watched is read again. Log lines of other nodes come when they are stored, about a second later.
/// </summary>
internal sealed partial class PostgresJobEvents : IJobEvents, IAsyncDisposable
{
    private const string ChangedKind = "job";
    private const string ProgressedKind = "progress";
    private const string LoggedKind = "logged";
    private const string Dismissed = "dismissed";

    private readonly LocalJobEvents _local = new();
    private readonly Channel<(string Kind, string About)> _heard = Channel.CreateUnbounded<(string, string)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly PostgresNews _news;
    private readonly IJobStore _jobs;
    private readonly ILogger _logger;
    private readonly IDisposable _listening;
    private readonly Task _reading;

    public PostgresJobEvents(PostgresNews news, IJobStore jobs, ILogger logger)
    {
        (_news, _jobs, _logger) = (news, jobs, logger);
        _reading = Task.Run(ReadAsync);
        _listening = news.Listen(Hear);
    }

    public void Publish(JobEvent jobEvent)
    {
        _local.Publish(jobEvent);
        switch (jobEvent)
        {
            case JobEvent.Changed(var job):
                _news.Tell(ChangedKind, job.Id.Value);
                break;
            case JobEvent.Progressed(var id, var percent):
                _news.Tell(ProgressedKind, string.Create(CultureInfo.InvariantCulture, $"{id} {percent:R}"));
                break;

            // Lines are told by the statement that stores them.
        }
    }

    public IAsyncEnumerable<JobEvent> WatchAsync(JobId id, CancellationToken cancellationToken) => _local.WatchAsync(id, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _listening.Dispose();
        await _stopping.CancelAsync();
        await _reading;
        _stopping.Dispose();
    }

    // Called by the one that listens, which must not wait.
    private void Hear(string kind, string rest)
    {
        if (kind == PostgresNews.Gap || (JobId.TryParse(rest.Split(' ', 2)[0], out var id) && _local.IsWatched(id)))
        {
            _heard.Writer.TryWrite((kind, rest));
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (var (kind, rest) in _heard.Reader.ReadAllAsync(_stopping.Token))
            {
                try
                {
                    await PassOnAsync(kind, rest, _stopping.Token);
                }
                catch (NpgsqlException reason)
                {
                    // Who watches finds the end with a look of its own.
                    LogNotRead(reason, kind);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task PassOnAsync(string kind, string rest, CancellationToken cancellationToken)
    {
        if (kind == PostgresNews.Gap)
        {
            foreach (var watched in _local.Watched)
            {
                await PublishAsync(watched, cancellationToken);
            }

            return;
        }

        var words = rest.Split(' ');
        if (!JobId.TryParse(words[0], out var id))
        {
            return;
        }

        switch (kind)
        {
            case ChangedKind or Dismissed:
                await PublishAsync(id, cancellationToken);
                break;
            case ProgressedKind when words.Length == 2 && double.TryParse(words[1], CultureInfo.InvariantCulture, out var percent):
                _local.Publish(new JobEvent.Progressed(id, percent));
                break;
            case LoggedKind when words.Length == 3 && int.TryParse(words[1], out var first) && int.TryParse(words[2], out var count):
                foreach (var entry in await _jobs.ReadLogAsync(id, first - 1, count, cancellationToken))
                {
                    _local.Publish(new JobEvent.Logged(id, entry));
                }

                break;
        }
    }

    private async Task PublishAsync(JobId id, CancellationToken cancellationToken)
    {
        if (await _jobs.FindAsync(id, cancellationToken) is { } job)
        {
            _local.Publish(new JobEvent.Changed(job));
        }
    }

    [LoggerMessage(EventId = 2131, Level = LogLevel.Warning, Message = "What another node told of a job ({Kind}) could not be read")]
    private partial void LogNotRead(Exception reason, string kind);
}
