using System.Diagnostics;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Domain.Jobs;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Workers;

public abstract partial class WorkersContract
{
    /// <summary>Until it is asked to stop; says when it has begun.</summary>
    protected const string Endless = "import time\nfeedback.pushInfo('begun')\nwhile not feedback.isCanceled():\n    time.sleep(0.01)";

    /// <summary>A caller waits for a second at most for a run to end that is asked to stop, and for less than this on a busy machine; before this, no run ends by its limit.</summary>
    private TimeSpan Promised => qgis.Limits.Timeout - TimeSpan.FromSeconds(2);

    [QgisFact]
    public async Task A_cancelled_run_ends_long_before_its_limit_and_the_next_one_begins()
    {
        using var cancel = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = qgis.RunAsync(
            "native:randompointsinextent",
            new JsonObject { ["EXTENT"] = RunningWorkers.Value("0,1,0,1 [EPSG:4326]"), ["POINTS_NUMBER"] = RunningWorkers.Value(300_000), ["TARGET_CRS"] = RunningWorkers.Value("EPSG:4326") },
            RunningWorkers.Output("OUTPUT", "application/flatgeobuf"),
            progress: _ => begun.TrySetResult(),
            cancellationToken: cancel.Token);
        (await Task.WhenAny(begun.Task, run)).ShouldBe(begun.Task, run.IsCompletedSuccessfully ? $"{run.Result}" : "");

        var since = Stopwatch.StartNew();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => run);
        since.Elapsed.ShouldBeLessThan(Promised);

        var next = Enumerable.Range(0, Workers.Count).Select(_ => qgis.BufferAsync()).ToArray();
        (await Task.WhenAll(next).WaitAsync(TimeSpan.FromSeconds(60))).ShouldAllBe(outcome => outcome is WorkerOutcome.Done);
    }

    [QgisFact]
    public async Task A_run_that_takes_too_long_fails_and_names_the_limit()
    {
        var failure = Failure(await qgis.PythonAsync(Endless));

        failure.Kind.ShouldBe(FailureKind.Time);
        failure.Message.ShouldContain($"{qgis.Limits.Timeout.TotalSeconds} seconds");
        (await qgis.BufferAsync()).ShouldBeOfType<WorkerOutcome.Done>();
    }

    [QgisFact]
    public async Task More_runs_than_there_are_workers_wait_and_may_be_cancelled_meanwhile()
    {
        using var stopOne = new CancellationTokenSource();
        using var stopOthers = new CancellationTokenSource();
        var busy = Enumerable.Range(0, Workers.Count).Select(i => qgis.Begin(Endless, i == 0 ? stopOne.Token : stopOthers.Token)).ToArray();
        await Task.WhenAll(busy.Select(run => run.Said));
        using var impatient = new CancellationTokenSource();
        var givesUp = qgis.BufferAsync(cancellationToken: impatient.Token);
        var waits = qgis.BufferAsync();

        await Task.Delay(500);
        waits.IsCompleted.ShouldBeFalse();
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => givesUp.WaitAsync(Promised));

        await stopOne.CancelAsync();
        (await waits).ShouldBeOfType<WorkerOutcome.Done>();
        busy.Skip(1).ShouldAllBe(run => !run.Outcome.IsCompleted);

        await stopOthers.CancelAsync();
        foreach (var run in busy)
        {
            await Should.ThrowAsync<OperationCanceledException>(() => run.Outcome);
        }
    }

    [QgisFact]
    public async Task A_check_does_not_wait_behind_a_run()
    {
        using var stop = new CancellationTokenSource();
        var busy = Enumerable.Range(0, Workers.Count).Select(_ => qgis.Begin(Endless, stop.Token)).ToArray();
        await Task.WhenAll(busy.Select(run => run.Said));

        await Workers.CheckAsync([new CheckItem("CRS", "crs", "EPSG:3857")], trusted: false, CancellationToken.None).WaitAsync(Promised);

        busy.ShouldAllBe(run => !run.Outcome.IsCompleted);
        await stop.CancelAsync();
        foreach (var run in busy)
        {
            await Should.ThrowAsync<OperationCanceledException>(() => run.Outcome);
        }
    }
}
