using System.Collections.Concurrent;
using System.Data.Common;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>
/// Turns of nodes at something that one of them shall do, in <c>geowps.tile_turn</c>: a row with a lease by the database's clock, so that no connection is held and a node
/// that stands still is passed by. Who waits is woken by news, and looks again by itself each second.
/// </summary>
internal sealed partial class PostgresTurns : IAsyncDisposable
{
    private const string Kind = "turn";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenComplaints = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, string> _held = new();
    private readonly ConcurrentDictionary<Task, byte> _ending = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly PostgresDatabase _database;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly IDisposable _listening;
    private readonly Task _renewing;
    private long _lastComplaint;
    private int _taken;

    public PostgresTurns(PostgresDatabase database, PostgresNews news, TimeProvider clock, ILogger<PostgresTurns> logger)
    {
        (_database, _clock, _logger) = (database, clock, logger);
        _listening = news.Listen(Hear);
        _renewing = Task.Run(KeepRenewingAsync);
    }

    /// <summary>Who does not renew a turn for so long has lost it.</summary>
    public static TimeSpan Lease => TimeSpan.FromSeconds(5);

    /// <inheritdoc cref="ITileLocks.TakeAsync"/>
    /// <param name="tileset">What is emptied together with it; <see langword="null"/> for what is no tile.</param>
    /// <param name="level">Of the tileset.</param>
    public async Task<TileTurn?> TakeAsync(string key, TilesetKey? tileset, int level, TimeSpan since, bool anew, CancellationToken cancellationToken)
    {
        // Before it asks: no news of the end is missed.
        var woken = _waiting.GetOrAdd(key, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            var began = _clock.GetTimestamp();
            while (true)
            {
                switch (await AskAsync(key, tileset, level, since == TimeSpan.Zero ? since : since + _clock.GetElapsedTime(began), anew, cancellationToken))
                {
                    case { Outcome: "mine" } mine:
                        _held[mine.Number] = key;
                        Volatile.Write(ref _taken, 1);
                        return new PostgresTurn(this, key, mine.Number);
                    case { Outcome: "wait" } other:
                        await WaitAsync(woken.Task, other.Left, cancellationToken);
                        woken = _waiting.AddOrUpdate(
                            key,
                            _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
                            (_, now) => now.Task.IsCompleted ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : now);
                        break;
                    case { Outcome: "made" }:
                        return null;
                    default:
                        return new PostgresTurn(this, key, null);
                }
            }
        }
        finally
        {
            // Another one of this node who waits for the same is left with the slow look.
            _waiting.TryRemove(KeyValuePair.Create(key, woken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listening.Dispose();
        await _stopping.CancelAsync();
        await _renewing;
        await Task.WhenAll(_ending.Keys);
        _stopping.Dispose();
    }

    /// <returns><see langword="null"/> when the database can't say.</returns>
    private async Task<Answer?> AskAsync(string key, TilesetKey? tileset, int level, TimeSpan since, bool anew, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await using var connection = await _database.Source.OpenConnectionAsync(patience.Token);
            await using var command = PostgresDatabase.Command(
                connection,
                "SELECT outcome, turn, left_ms FROM geowps.take_turn(@key, @layer, @set, @format, @level, @lease, @since, @anew)",
                [
                    ("@key", key), ("@layer", tileset?.Layer ?? ""), ("@set", tileset?.TileMatrixSet ?? ""), ("@format", tileset?.Format.Name ?? ""), ("@level", level),
                    ("@lease", Lease), ("@since", since), ("@anew", anew),
                ]);
            await using var row = await command.ExecuteReaderAsync(patience.Token);
            return await row.ReadAsync(patience.Token) ? Answer.Of(row) : null;
        }
        catch (Exception reason) when (!cancellationToken.IsCancellationRequested && reason is NpgsqlException or TimeoutException or OperationCanceledException or InvalidOperationException)
        {
            Complain(reason);
            return null;
        }
    }

    private async Task WaitAsync(Task woken, TimeSpan left, CancellationToken cancellationToken)
    {
        var pause = left < TimeSpan.Zero ? TimeSpan.FromMilliseconds(20) : left + TimeSpan.FromMilliseconds(20);
        try
        {
            await woken.WaitAsync(pause < BetweenLooks ? pause : BetweenLooks, _clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Time for a look.
        }
    }

    private void End(string key, long number, bool made)
    {
        _held.TryRemove(number, out _);
        var ending = EndAsync(key, number, made);
        _ending[ending] = 0;
        _ = ending.ContinueWith(ended => _ending.TryRemove(ended, out byte _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task EndAsync(string key, long number, bool made)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await using var connection = await _database.Source.OpenConnectionAsync(patience.Token);
            await using var command = PostgresDatabase.Command(connection, "SELECT geowps.end_turn(@key, @number, @made)", [("@key", key), ("@number", number), ("@made", made)]);
            await command.ExecuteNonQueryAsync(patience.Token);
        }
        catch (Exception reason) when (reason is NpgsqlException or TimeoutException or OperationCanceledException or InvalidOperationException)
        {
            // Its lease ends.
            Complain(reason);
        }
    }

    private async Task KeepRenewingAsync()
    {
        using var beat = new PeriodicTimer(Lease / 4, _clock);
        var swept = _clock.GetTimestamp();
        try
        {
            while (await beat.WaitForNextTickAsync(_stopping.Token))
            {
                try
                {
                    if (!_held.IsEmpty)
                    {
                        await using var renew = _database.Source.CreateCommand("UPDATE geowps.tile_turn SET until = clock_timestamp() + $2 WHERE number = ANY ($1) AND key = ANY ($3)");
                        var held = _held.ToArray();
                        renew.Parameters.AddWithValue(Array.ConvertAll(held, turn => turn.Key));
                        renew.Parameters.AddWithValue(Lease);
                        renew.Parameters.AddWithValue(Array.ConvertAll(held, turn => turn.Value));
                        await renew.ExecuteNonQueryAsync(_stopping.Token);
                    }

                    if (_clock.GetElapsedTime(swept) > Kept && Interlocked.Exchange(ref _taken, 0) != 0)
                    {
                        swept = _clock.GetTimestamp();
                        await using var sweep = _database.Source.CreateCommand("DELETE FROM geowps.tile_turn WHERE coalesce(ended, until) < clock_timestamp() - $1");
                        sweep.Parameters.AddWithValue(Kept);
                        await sweep.ExecuteNonQueryAsync(_stopping.Token);
                    }
                }
                catch (Exception reason) when (reason is NpgsqlException or TimeoutException or InvalidOperationException)
                {
                    Complain(reason);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private void Hear(string kind, string rest)
    {
        if (kind == Kind && _waiting.TryGetValue(rest, out var woken))
        {
            woken.TrySetResult();
        }
    }

    private void Complain(Exception reason)
    {
        var (now, last) = (_clock.GetTimestamp(), Interlocked.Read(ref _lastComplaint));
        if ((last == 0 || _clock.GetElapsedTime(last, now) > BetweenComplaints) && Interlocked.CompareExchange(ref _lastComplaint, now, last) == last)
        {
            LogNoTurns(reason.Message.ReplaceLineEndings(" "));
        }
    }

    [LoggerMessage(EventId = 2130, Level = LogLevel.Warning, Message = "PostgreSQL does not say which node makes a tile; several may make it ({Reason})")]
    private partial void LogNoTurns(string reason);

    private sealed record Answer(string Outcome, long Number, TimeSpan Left)
    {
        public static Answer Of(DbDataReader row) =>
            new(row.GetString(0), row.IsDBNull(1) ? 0 : row.GetInt64(1), TimeSpan.FromMilliseconds(row.IsDBNull(2) ? 0 : row.GetInt32(2)));
    }

    /// <param name="number">What storing is allowed by; <see langword="null"/> when the database could not say whose turn it is.</param>
    internal sealed class PostgresTurn(PostgresTurns turns, string key, long? number) : TileTurn
    {
        public string Key => key;

        public long? Number => number;

        public override void End(bool made)
        {
            if (number is { } mine)
            {
                turns.End(key, mine, made);
            }
        }
    }
}
