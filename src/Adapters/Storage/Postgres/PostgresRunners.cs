using System.Collections.Concurrent;
using System.Text.Json;
using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>
/// Who runs what, in rows with a beat by the database's clock (<c>007-runners.sql</c>). What a node runs is a document by the hash of its content: nodes that run the same
/// share one, and each reads it once.
/// </summary>
internal sealed partial class PostgresRunners(PostgresDatabase database, PostgresNews news, TimeProvider clock, ILogger<PostgresRunners> logger) : IRunners
{
    private const string Came = "runners";
    private const string Asked = "check";
    private const string Answered = "checked";
    private const bool Repeat = true;

    /// <summary>A run finds what a question that takes longer would have.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlyList<RunnerLane>> _known = new(StringComparer.Ordinal);
    private readonly Lock _listening = new();
    private IDisposable? _answers;
    private (IReadOnlyList<RunnerLane>? Lanes, string Document, string Hash) _own = (null, "", "");

    /// <summary>As <c>geowps.runner_life</c> says.</summary>
    public TimeSpan Life => TimeSpan.FromSeconds(15);

    public async Task KeepAsync(string name, IReadOnlyList<RunnerLane> lanes, CancellationToken cancellationToken)
    {
        if (!ReferenceEquals(_own.Lanes, lanes))
        {
            var (document, hash) = StoredCatalogue.Write(lanes);
            _own = (lanes, document, hash);
        }

        if (await database.ValueAsync("SELECT geowps.keep_runner(@node, @name, @hash)", Repeat, cancellationToken, ("@node", database.Node), ("@name", name), ("@hash", _own.Hash)) is true)
        {
            return;
        }

        (string Lane, string Process)[] takes = [.. lanes.SelectMany(lane => (lane.Catalogue?.Processes.Keys ?? (IEnumerable<string>)[""]).Select(process => (lane.Lane, process)))];
        await database.ExecuteAsync(
            "SELECT geowps.put_runner(@node, @name, @hash, @format, @document, @lanes, @processes)",
            Repeat,
            cancellationToken,
            ("@node", database.Node),
            ("@name", name),
            ("@hash", _own.Hash),
            ("@format", StoredCatalogue.Format),
            ("@document", _own.Document),
            ("@lanes", Array.ConvertAll(takes, one => one.Lane)),
            ("@processes", Array.ConvertAll(takes, one => one.Process)));
    }

    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (await database.ExecuteAsync("DELETE FROM geowps.runners WHERE node = @node", Repeat, cancellationToken, ("@node", database.Node)) > 0)
        {
            news.Tell(Came, database.Node);
        }
    }

    public async Task<IReadOnlyList<Runner>> ListOthersAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        var rows = await database.AllAsync(
            """
            SELECT r.name, r.catalogue FROM geowps.runners r JOIN geowps.catalogues c ON c.hash = r.catalogue
            WHERE r.node <> @node AND c.format = @format AND r.beat > geowps.now_ms() - geowps.runner_life() - @grace::bigint
            ORDER BY r.name, r.node
            """,
            row => (Name: row.GetString(0), Hash: row.GetString(1)),
            Repeat,
            cancellationToken,
            ("@node", database.Node),
            ("@format", StoredCatalogue.Format),
            ("@grace", (long)grace.TotalMilliseconds));
        var runners = new List<Runner>(rows.Count);
        foreach (var (name, hash) in rows)
        {
            if (await CatalogueAsync(hash, cancellationToken) is { } lanes)
            {
                runners.Add(new Runner(name, lanes));
            }
        }

        foreach (var gone in _known.Keys.Except(rows.Select(row => row.Hash)))
        {
            _known.TryRemove(gone, out _);
        }

        return runners;
    }

    public IDisposable Listen(Action heard) => news.Listen((kind, _) =>
    {
        if (kind is Came or PostgresNews.Gap)
        {
            heard();
        }
    });

    public async Task<IReadOnlyList<Mistake>?> AskAsync(string lane, string process, ExecuteRequest request, CancellationToken cancellationToken)
    {
        ListenForAnswers();
        var id = Guid.NewGuid().ToString("N");
        var answered = _waiting[id] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            // Told by the statement that stores it; what was left behind by others goes with it.
            await database.ExecuteAsync(
                """
                WITH old AS (DELETE FROM geowps.checks WHERE asked < geowps.now_ms() - 60000), question AS (
                    INSERT INTO geowps.checks (id, lane, process, asked, request) VALUES (@id, @lane, @process, geowps.now_ms(), @request) RETURNING id, lane, process)
                SELECT pg_notify('geowps', @node || ' check ' || id || ' ' || lane || ' ' || process) FROM question
                """,
                mayRepeat: false,
                cancellationToken,
                ("@id", id),
                ("@lane", lane),
                ("@process", process),
                ("@request", StoredQuestion.Write(request)),
                ("@node", database.Node));
            await Task.WhenAny(answered.Task, Task.Delay(Patience, clock, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            return await database.ValueAsync("DELETE FROM geowps.checks WHERE id = @id RETURNING answer", Repeat, cancellationToken, ("@id", id)) is string answer
                ? StoredQuestion.ReadAnswer(answer)
                : null;
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    public IDisposable Answer(Func<string, string, bool> has, Func<RunnerQuestion, CancellationToken, Task<IReadOnlyList<Mistake>>> answer) => news.Listen((kind, rest) =>
    {
        if (kind == Asked && rest.Split(' ', 3) is [var id, var lane, var process] && has(lane, process))
        {
            // Whoever hears news must not keep others waiting.
            _ = Task.Run(() => AnswerAsync(id, lane, process, answer));
        }
    });

    public async Task<UnclaimedJobs> LookAfterUnclaimedAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var failure = new JobFailure(FailureKind.Lost, $"No node of the cluster has offered its process for {patience.TotalMinutes:0} minutes.");
        var failed = await database.AllAsync(
            PostgresJobStatements.FailUnclaimable, JobRow.Read, Repeat, cancellationToken, ("@after", (long)patience.TotalMilliseconds), ("@failure", StoredJson.Write(failure)));
        var processes = await database.AllAsync("SELECT process FROM geowps.unclaimable ORDER BY process", row => row.GetString(0), Repeat, cancellationToken);
        return new UnclaimedJobs(processes, failed);
    }

    private async Task<IReadOnlyList<RunnerLane>?> CatalogueAsync(string hash, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(hash, out var known))
        {
            return known;
        }

        var document = (string?)await database.ValueAsync("SELECT document FROM geowps.catalogues WHERE hash = @hash", Repeat, cancellationToken, ("@hash", hash));
        try
        {
            return document is null ? null : _known[hash] = StoredCatalogue.Read(document, hash);
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            LogUnreadable(error, hash);
            return null;
        }
    }

    private async Task AnswerAsync(string id, string lane, string process, Func<RunnerQuestion, CancellationToken, Task<IReadOnlyList<Mistake>>> answer)
    {
        try
        {
            // One of all that hear it.
            if (await database.ValueAsync(
                "UPDATE geowps.checks SET taken = true WHERE id = @id AND NOT taken RETURNING request", mayRepeat: false, CancellationToken.None, ("@id", id)) is not string request)
            {
                return;
            }

            using var time = new CancellationTokenSource(Patience, clock);
            var mistakes = await answer(new RunnerQuestion(lane, process, StoredQuestion.Read(request)), time.Token);
            await database.ExecuteAsync(
                "UPDATE geowps.checks SET answer = @answer WHERE id = @id", Repeat, CancellationToken.None, ("@id", id), ("@answer", StoredQuestion.WriteAnswer(mistakes)));
            news.Tell(Answered, id);
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException or JsonException or InvalidOperationException)
        {
            LogNotAnswered(error, process);
        }
    }

    private void ListenForAnswers()
    {
        lock (_listening)
        {
            _answers ??= news.Listen((kind, rest) =>
            {
                if (kind == Answered && _waiting.TryGetValue(rest, out var waiting))
                {
                    waiting.TrySetResult();
                }
            });
        }
    }

    [LoggerMessage(EventId = 2190, Level = LogLevel.Warning, Message = "What another node runs ({Hash}) can't be read; it is left out")]
    private partial void LogUnreadable(Exception error, string hash);

    [LoggerMessage(EventId = 2191, Level = LogLevel.Warning, Message = "Another node's question about a request of {Process} was not answered; the run will")]
    private partial void LogNotAnswered(Exception error, string process);
}
