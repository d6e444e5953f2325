using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>
/// What nodes tell each other, over <c>LISTEN</c> and <c>NOTIFY</c>: one connection of this node listens, and what it tells is sent by the bundle. A piece of news is a line
/// <c>node kind rest</c> of less than 8,000 bytes: names and numbers, what they are about is read. The node <c>-</c> is the database itself, whose news are for all.
/// </summary>
internal sealed partial class PostgresNews : IAsyncDisposable
{
    /// <summary>PostgreSQL allows 7,999.</summary>
    public const int MostBytes = 7_900;

    /// <summary>The kind of news that stands for all those that were lost.</summary>
    public const string Gap = "gap";

    /// <summary>Tells a <see cref="Line"/> when its transaction is committed: for news that a transaction owes.</summary>
    public const string Statement = $"SELECT pg_notify('{Channel}', ?)";

    private const string Channel = "geowps";
    private const int MostAtOnce = 500;
    private const int MostWaiting = 20_000;

    private static readonly TimeSpan BetweenSigns = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<object, Action<string, string>> _listeners = new();
    private readonly Channel<(string Line, TaskCompletionSource? Sent)> _outgoing =
        System.Threading.Channels.Channel.CreateBounded<(string, TaskCompletionSource?)>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PostgresDatabase _database;
    private readonly ILogger _logger;
    private readonly Task _running;
    private int _lost;

    public PostgresNews(PostgresDatabase database, ILogger logger)
    {
        (_database, _logger) = (database, logger);
        _running = Task.WhenAll(Task.Run(KeepListeningAsync), Task.Run(KeepSendingAsync));
    }

    /// <summary>Completes when news are heard for the first time.</summary>
    public Task Ready => _listening.Task;

    /// <summary>Tells all other nodes, some time soon. With too much to tell, they are told that something was left out.</summary>
    public void Tell(string kind, string rest)
    {
        if (!_outgoing.Writer.TryWrite((Line(kind, rest), null)))
        {
            Volatile.Write(ref _lost, 1);
        }
    }

    /// <summary>Tells all other nodes; returns when it was sent.</summary>
    public async Task TellAsync(string kind, string rest, CancellationToken cancellationToken)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _outgoing.Writer.WriteAsync((Line(kind, rest), sent), cancellationToken);
        await sent.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Calls <paramref name="heard"/> with kind and rest, one after the other, until it is disposed of.</summary>
    public IDisposable Listen(Action<string, string> heard)
    {
        var key = new object();
        _listeners[key] = heard;
        return new Listening(_listeners, key);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    /// <summary>A piece of news of this node's.</summary>
    public string Line(string kind, string rest) => $"{_database.Node} {kind} {rest}";

    private async Task KeepListeningAsync()
    {
        for (var attempt = 0; !_stopping.IsCancellationRequested; attempt++)
        {
            try
            {
                await using var connection = await _database.Source.OpenConnectionAsync(_stopping.Token);
                connection.Notification += (_, news) => Hear(news.Payload);
                await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
                {
                    await listen.ExecuteNonQueryAsync(_stopping.Token);
                }

                if (!_listening.TrySetResult())
                {
                    Call(Gap, "");
                }

                attempt = 0;
                while (true)
                {
                    if (!await connection.WaitAsync(BetweenSigns, _stopping.Token))
                    {
                        // A server that went without a word is found out.
                        await using var sign = new NpgsqlCommand("SELECT 1", connection) { CommandTimeout = 5 };
                        await sign.ExecuteNonQueryAsync(_stopping.Token);
                    }
                }
            }
            catch (Exception reason) when (!_stopping.IsCancellationRequested && reason is NpgsqlException or IOException or TimeoutException)
            {
                LogAway(reason.Message);
                await Task.Delay(PostgresDatabase.PauseAfter(attempt), _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task KeepSendingAsync()
    {
        var batch = new List<(string Line, TaskCompletionSource? Sent)>();
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(_stopping.Token))
            {
                while (batch.Count < MostAtOnce && _outgoing.Reader.TryRead(out var next))
                {
                    batch.Add(next);
                }

                if (Interlocked.Exchange(ref _lost, 0) != 0)
                {
                    batch.Add((Line(Gap, ""), null));
                }

                await SendAsync([.. batch.Select(each => each.Line).Distinct(StringComparer.Ordinal)]);
                batch.ForEach(each => each.Sent?.TrySetResult());
                batch.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            batch.ForEach(each => each.Sent?.TrySetCanceled());
            _outgoing.Writer.Complete();
            while (_outgoing.Reader.TryRead(out var left))
            {
                left.Sent?.TrySetCanceled();
            }
        }
    }

    private async Task SendAsync(string[] lines)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await _database.ExecuteAsync($"SELECT pg_notify('{Channel}', line) FROM unnest(@lines) WITH ORDINALITY AS given (line, number) ORDER BY number", mayRepeat: true, _stopping.Token, ("@lines", lines));
                return;
            }
            catch (NpgsqlException reason)
            {
                LogNotTold(reason.Message);
                await Task.Delay(PostgresDatabase.PauseAfter(attempt), _stopping.Token);
            }
        }
    }

    private void Hear(string line)
    {
        if (line.Split(' ', 3) is [var node, var kind, var rest] && node != _database.Node)
        {
            Call(kind, rest);
        }
    }

    private void Call(string kind, string rest)
    {
        foreach (var heard in _listeners.Values)
        {
            try
            {
                heard(kind, rest);
            }
            catch (Exception reason)
            {
                // One listener's bug must not make the others deaf.
                LogNotHeard(reason, kind);
            }
        }
    }

    private sealed class Listening(ConcurrentDictionary<object, Action<string, string>> listeners, object key) : IDisposable
    {
        public void Dispose() => listeners.TryRemove(key, out _);
    }

    [LoggerMessage(EventId = 2121, Level = LogLevel.Warning, Message = "News of other nodes are not heard: PostgreSQL is away ({Reason}); trying again")]
    private partial void LogAway(string reason);

    [LoggerMessage(EventId = 2122, Level = LogLevel.Warning, Message = "Other nodes could not be told what happened here ({Reason}); trying again")]
    private partial void LogNotTold(string reason);

    [LoggerMessage(EventId = 2123, Level = LogLevel.Error, Message = "News of kind {Kind} could not be heard")]
    private partial void LogNotHeard(Exception reason, string kind);
}
