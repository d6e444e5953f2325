using System.Net.Sockets;
using System.Text.Json;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application.Jobs;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution.InProcess;

/// <summary>The one worker inside this process: <c>Python:Execution=InProcess</c>. Nothing can kill it: a run that does not obey keeps it busy.</summary>
internal sealed partial class EmbeddedWorkers(ExecutionFolders folders, JobLimits limits, TimeProvider clock, ILogger<EmbeddedWorkers> logger) : IWorkers, IDrawers
{
    /// <summary>GEOS and PROJ go deep; the runtime's own threads have 1.5 MB.</summary>
    private const int StackBytes = 16 * 1024 * 1024;

    /// <summary>What QGIS has to tidy up after itself. A run that does not obey keeps it from that.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Worker> _worker = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private WorkerSocket? _socket;
    private Thread? _thread;

    public int Count => 1;

    public string WorkFolder => folders.Work;

    public Task Ready => _worker.Task;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var path = LibPython.Find() ?? throw new OptionsValidationException(
            PythonOptions.Section, typeof(PythonOptions), ["Python:Execution: 'InProcess' is not possible here, there is no libpython3; allowed: Pool, None"]);
        _socket = WorkerSocket.Listen(folders.Work);
        _ = AcceptAsync(_socket);
        var library = LibPython.Load(path);
        LogStarting(Path.GetFileName(path));
        _thread = new Thread(() => Serve(library, _socket.Path), StackBytes) { IsBackground = true, Name = "QGIS" };
        _thread.Start();
        return Task.CompletedTask;
    }

    public async Task<JsonElement> CatalogueAsync(CancellationToken cancellationToken) =>
        await InspectAsync((to, id) => to.SendAsync(new CatalogueFrame(id), FrameJson.Default.CatalogueFrame, CancellationToken.None), cancellationToken)
            is { Op: "catalogue" } frame ? frame.Whole : throw new InvalidOperationException("QGIS gave no catalogue.");

    public async Task<TrialAnswer> TryAsync(string kind, string file, CancellationToken cancellationToken) => TrialAnswer.Of(
        await InspectAsync((to, id) => to.SendAsync(new TryFrame(id, kind, file), FrameJson.Default.TryFrame, CancellationToken.None), cancellationToken));

    /// <summary>While a job runs nothing is checked: the run does so itself, and would keep the caller waiting.</summary>
    public async Task<IReadOnlyList<Mistake>> CheckAsync(IReadOnlyList<CheckItem> items, bool trusted, CancellationToken cancellationToken)
    {
        if (!_worker.Task.IsCompletedSuccessfully || !await _turn.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return [];
        }

        var worker = await _worker.Task;
        var answer = worker.Ask((to, id) => to.SendAsync(new CheckFrame(id, trusted, items), FrameJson.Default.CheckFrame, CancellationToken.None), null).Answer;
        await ReleaseAsync(worker.Idle).WaitAsync(cancellationToken);
        return await answer is { } frame ? [.. frame.Mistakes.Select(WorkerRunner.Mistake)] : [];
    }

    public async Task<WorkerOutcome> RunAsync(WorkerRun run, CancellationToken cancellationToken)
    {
        var worker = await _worker.Task.WaitAsync(cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        if (worker.Ended.IsCompleted)
        {
            _turn.Release();
            return new WorkerOutcome.Failed(new JobFailure(FailureKind.Internal, "QGIS has ended in this process; the server has to be started again."));
        }

        try
        {
            return await new WorkerRunner(limits, clock, _ => Task.FromResult<WorkerExit?>(null)).RunAsync(worker, run, cancellationToken);
        }
        finally
        {
            if (!worker.Idle.IsCompleted)
            {
                LogBusy(run.Algorithm);
            }

            _ = ReleaseAsync(worker.Idle);
        }
    }

    /// <summary>Waits for a job that runs: there is one QGIS here.</summary>
    public async Task<ReceivedFrame?> DrawAsync(string of, Func<FrameConnection, long, ValueTask> send, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        try
        {
            return await InspectAsync(send, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    /// <summary>The host stops it when it stops, and its container once more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        if (_worker.Task.IsCompletedSuccessfully)
        {
            await (await _worker.Task).DisposeAsync();
        }

        _socket?.Dispose();

        // A process that ends under QGIS's feet may crash, and leaves QGIS's temporary files.
        if (_thread is { } thread && !await Task.Run(() => thread.Join(EndPatience)))
        {
            LogStillBusy();
        }
    }

    private async Task<ReceivedFrame?> InspectAsync(Func<FrameConnection, long, ValueTask> send, CancellationToken cancellationToken)
    {
        var worker = await _worker.Task.WaitAsync(cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        var answer = worker.Ask(send, null).Answer;
        await ReleaseAsync(worker.Idle).WaitAsync(cancellationToken);
        return await answer;
    }

    private async Task AcceptAsync(WorkerSocket listener)
    {
        try
        {
            var connection = FrameConnection.Of(await listener.AcceptAsync(_stop.Token));
            if (await connection.ReceiveAsync(_stop.Token) is { Op: "hello", Role: "embedded", Protocol: Protocol.Version } hello)
            {
                var worker = new Worker(connection, processId: null, hello.Pid);
                _ = worker.ListenAsync(_stop.Token);
                LogReady();
                _worker.TrySetResult(worker);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException or InvalidDataException)
        {
            _worker.TrySetException(new InvalidOperationException("QGIS did not start in this process.", error));
        }
    }

    private void Serve(LibPython python, string socket)
    {
        var arguments = $"{Literal(socket)}, {Literal(folders.Work)}, {Literals(folders.AllModels)}, {Literals(folders.AllScripts)}";
        var program = $"import sys\nsys.path.insert(0, {Literal(folders.Package)})\nfrom geowps_worker import embedded\nembedded.serve({arguments})\n";
        python.Run(program);
        if (!_stop.IsCancellationRequested)
        {
            LogEnded();
            _worker.TrySetException(new InvalidOperationException("QGIS did not start in this process; the log says more."));
        }
    }

    private static string Literals(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Literal))}]";

    /// <summary>JSON's strings are Python's.</summary>
    private static string Literal(string text) => JsonSerializer.Serialize(text, FrameJson.Default.String);

    /// <summary>Goes on when its caller does not wait for it. Who waits finds the turn free for the next question.</summary>
    private async Task ReleaseAsync(Task idle)
    {
        await idle.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _turn.Release();
    }

    [LoggerMessage(EventId = 3020, Level = LogLevel.Information, Message = "QGIS starts in this process ({Library}); a crash of it ends the server, and its memory is not limited")]
    private partial void LogStarting(string library);

    [LoggerMessage(EventId = 3021, Level = LogLevel.Information, Message = "QGIS is ready in this process")]
    private partial void LogReady();

    [LoggerMessage(EventId = 3022, Level = LogLevel.Error, Message = "QGIS in this process has ended; the server has to be started again")]
    private partial void LogEnded();

    [LoggerMessage(EventId = 3023, Level = LogLevel.Warning, Message = "A run of {Algorithm} does not obey and can't be killed in this process: the next job waits until it ends")]
    private partial void LogBusy(string algorithm);

    [LoggerMessage(EventId = 3024, Level = LogLevel.Warning, Message = "QGIS in this process is busy with a run that does not obey; the server ends without it")]
    private partial void LogStillBusy();
}
