using GeoWps.Adapters.Execution.Pool;
using GeoWps.Application.Jobs;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Execution.Workers;

/// <summary>Has a worker do one run, within its limits of time and memory.</summary>
/// <param name="exitOf">How a worker's process ended, when its template tells in time.</param>
internal sealed class WorkerRunner(JobLimits limits, TimeProvider clock, Func<Worker, Task<WorkerExit?>> exitOf)
{
    /// <summary>What a run that is asked to stop has before it is killed.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private const int Abort = 6;
    private const int Kill = 9;

    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/>; the worker is idle again or dead, or, where it can't be killed, still busy.</exception>
    public async Task<WorkerOutcome> RunAsync(Worker worker, WorkerRun run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        worker.Runs++;
        using var time = new CancellationTokenSource(limits.Timeout, clock);
        await using var memory = MemoryWatch.Start(worker.ProcessId, limits.MaxMemoryMb, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token, memory.Exceeded);
        var (id, answer) = worker.Ask((connection, number) => connection.SendAsync(Frame(run, number), FrameJson.Default.RunFrame, CancellationToken.None), Notice(run));
        try
        {
            var end = await answer.WaitAsync(stop.Token);
            return end is null ? Lost(await exitOf(worker)) : Outcome(end);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await StopAsync(worker, id, answer, memory.Exceeded.IsCancellationRequested);
            cancellationToken.ThrowIfCancellationRequested();
            return memory.Exceeded.IsCancellationRequested ? TooMuchMemory() : TooLong();
        }
    }

    private RunFrame Frame(WorkerRun run, long id) =>
        new(id, run.Algorithm, run.Folder, run.Trusted, run.Parameters, run.Outputs, run.Context, limits.MaxMemoryMb);

    private static Action<ReceivedFrame> Notice(WorkerRun run) => frame =>
    {
        if (frame.Op == "progress")
        {
            run.Progress(frame.Percent);
        }
        else
        {
            run.Log(frame.Level ?? "info", frame.Text ?? "");
        }
    };

    private async Task StopAsync(Worker worker, long id, Task<ReceivedFrame?> answer, bool atOnce)
    {
        if (!atOnce)
        {
            await worker.CancelAsync(id);
            await WaitAsync(answer, Grace);
        }

        if (!answer.IsCompleted && worker.Kill())
        {
            await WaitAsync(answer, TimeSpan.FromSeconds(5));
        }
    }

    private async Task WaitAsync(Task answer, TimeSpan patience)
    {
        try
        {
            await answer.WaitAsync(patience, clock);
        }
        catch (TimeoutException)
        {
            // Its caller sees that it is not completed.
        }
    }

    private WorkerOutcome Outcome(ReceivedFrame end) => end switch
    {
        { Op: "done" } => new WorkerOutcome.Done(end.Results),
        { Op: "refused" } => new WorkerOutcome.Refused([.. end.Mistakes.Select(Mistake)]),
        { Op: "failed", Kind: "memory" } => TooMuchMemory(),
        { Op: "failed", Kind: "algorithm" } => new WorkerOutcome.Failed(new JobFailure(FailureKind.Algorithm, end.Message ?? "The algorithm failed.")),
        _ => new WorkerOutcome.Failed(new JobFailure(FailureKind.Internal, end.Message ?? "The server failed to run the algorithm; its log says more.")),
    };

    internal static Mistake Mistake(ReceivedMistake mistake) => new(mistake.Input ?? "", mistake.Message ?? "can't be used");

    /// <summary>A process that died for want of memory would do so again.</summary>
    private WorkerOutcome Lost(WorkerExit? exit)
    {
        var isNearLimit = exit is not null && exit.MaxRssKb > limits.MaxMemoryMb * 1024L * 9 / 10;
        return exit is { Signal: Abort, SaidOutOfMemory: true } || (isNearLimit && exit!.Signal is Abort or Kill)
            ? TooMuchMemory()
            : new WorkerOutcome.Lost(new JobFailure(FailureKind.Crash, "The process that ran the algorithm ended unexpectedly."));
    }

    private WorkerOutcome.Failed TooMuchMemory() =>
        new(new JobFailure(FailureKind.Memory, $"The algorithm needed more than {limits.MaxMemoryMb} MiB of memory."));

    private WorkerOutcome.Failed TooLong() =>
        new(new JobFailure(FailureKind.Time, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The algorithm ran longer than {limits.Timeout.TotalSeconds} seconds.")));
}

/// <summary>How a worker's process ended.</summary>
/// <param name="MaxRssKb">The most that it had in memory, in KiB.</param>
/// <param name="SaidOutOfMemory">It, or another worker about then, said so.</param>
internal sealed record WorkerExit(int? Signal, long MaxRssKb, bool SaidOutOfMemory);
