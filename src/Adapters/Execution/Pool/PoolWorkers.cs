using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Execution.Pool;

/// <summary>Workers in processes of their own, forked from one template: <c>Python:Execution=Pool</c>.</summary>
internal sealed partial class PoolWorkers(
    PythonOptions options,
    ExecutionFolders folders,
    JobLimits limits,
    TimeProvider clock,
    ILogger<PoolWorkers> logger) : IWorkers, IDrawers
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Healthy = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WorkerRoster _roster = new(options, clock);
    private WorkerSocket? _socket;
    private Template? _template;
    private Task _serving = Task.CompletedTask;

    public int Count => options.Workers;

    public string WorkFolder => folders.Work;

    public Task Ready => _ready.Task;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var sandbox = new Sandbox(options, folders);
        var inSandbox = await sandbox.ProbeAsync(cancellationToken);
        LogStarting(options.Workers, inSandbox ? "without network, in a sandbox" : "without a sandbox");
        _socket = WorkerSocket.Listen(folders.Work);
        _serving = Task.WhenAll(AcceptAsync(_socket, _stop.Token), SuperviseAsync(sandbox.Template(_socket.Path, _socket.Folder, inSandbox), _stop.Token));
    }

    public async Task<JsonElement> CatalogueAsync(CancellationToken cancellationToken)
    {
        var frame = await _roster.InspectAsync(
            worker => worker.Ask((to, id) => to.SendAsync(new CatalogueFrame(id), FrameJson.Default.CatalogueFrame, CancellationToken.None), null).Answer,
            cancellationToken);
        return frame is { Op: "catalogue" } ? frame.Whole : throw new InvalidOperationException($"QGIS gave no catalogue: {frame?.Message ?? "its process ended"}");
    }

    public async Task<TrialAnswer> TryAsync(string kind, string file, CancellationToken cancellationToken) => TrialAnswer.Of(await _roster.InspectAsync(
        worker => worker.Ask((to, id) => to.SendAsync(new TryFrame(id, kind, file), FrameJson.Default.TryFrame, CancellationToken.None), null).Answer,
        cancellationToken,
        again: false));

    public async Task<IReadOnlyList<Mistake>> CheckAsync(IReadOnlyList<CheckItem> items, bool trusted, CancellationToken cancellationToken)
    {
        var frame = await _roster.InspectAsync(
            worker => worker.Ask((to, id) => to.SendAsync(new CheckFrame(id, trusted, items), FrameJson.Default.CheckFrame, CancellationToken.None), null).Answer,
            cancellationToken);
        return frame is { Op: "checked" }
            ? [.. frame.Mistakes.Select(WorkerRunner.Mistake)]
            : throw new InvalidOperationException($"QGIS could not check the request: {frame?.Message ?? "its process ended"}");
    }

    public async Task<WorkerOutcome> RunAsync(WorkerRun run, CancellationToken cancellationToken)
    {
        if (await _roster.TakeAsync(cancellationToken) is not { } worker)
        {
            return WorkerRoster.NoWorker;
        }

        try
        {
            return await new WorkerRunner(limits, clock, ExitOfAsync).RunAsync(worker, run, cancellationToken);
        }
        finally
        {
            await _roster.GiveBackAsync(worker);
        }
    }

    public async Task<ReceivedFrame?> DrawAsync(string of, Func<FrameConnection, long, ValueTask> send, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        try
        {
            var worker = await _roster.TakeDrawerAsync(of, either.Token);
            var answer = worker.Ask(send, null).Answer;
            _ = FinishAsync(worker, of, patience);
            return await answer.WaitAsync(either.Token);
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
        await _roster.DisposeAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket?.Dispose();
    }

    /// <summary>A drawing goes on when nobody waits for it any more, but not for ever.</summary>
    private async Task FinishAsync(Worker worker, string of, TimeSpan patience)
    {
        var idle = worker.Idle;
        if (await Task.WhenAny(idle, Task.Delay(patience, clock)) != idle && worker.Kill())
        {
            LogTooLong(of);
            await idle.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _roster.GiveBackDrawerAsync(worker, of);
    }

    private async Task<WorkerExit?> ExitOfAsync(Worker worker) => _template is { } template ? await template.ExitAsync(worker.OwnId) : null;

    /// <summary>Starts a template again whenever it ends, more slowly each time that it did not live for long.</summary>
    private async Task SuperviseAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.Zero;
        while (!cancellationToken.IsCancellationRequested)
        {
            var since = clock.GetTimestamp();
            try
            {
                await ServeTemplateAsync(start, cancellationToken);
                LogTemplateEnded();
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is InvalidOperationException or InvalidDataException or IOException or System.ComponentModel.Win32Exception)
            {
                LogTemplateFailed(error.Message);
            }

            pause = clock.GetElapsedTime(since) > Healthy ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Clamp(pause.TotalSeconds * 2, 1, LongestPause.TotalSeconds));
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeTemplateAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        var process = Process.Start(start) ?? throw new InvalidOperationException("Python was not started.");
        await using var template = new Template(process, clock, logger);
        _template = template;
        template.ReadErrors();
        process.StandardInput.Close();
        try
        {
            await template.WaitUntilReadyAsync(StartPatience, cancellationToken);
            _roster.Fill(template.ForkAsync);
            await template.ListenAsync(_roster.Exited, cancellationToken);
        }
        finally
        {
            _roster.Empty();
            _template = null;
        }
    }

    private async Task AcceptAsync(WorkerSocket socket, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                _ = GreetAsync(await socket.AcceptAsync(cancellationToken), cancellationToken);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException error)
            {
                LogNotAccepted(error);
                await Task.Delay(TimeSpan.FromMilliseconds(100), clock, CancellationToken.None);
            }
        }
    }

    private async Task GreetAsync(Socket socket, CancellationToken cancellationToken)
    {
        try
        {
            var connection = FrameConnection.Of(socket);
            switch (await connection.ReceiveAsync(cancellationToken))
            {
                case { Op: "ready", Protocol: Protocol.Version } ready when _template is { } template:
                    LogReady(ready.Qgis ?? "?", ready.Gdal ?? "?", ready.Python ?? "?");
                    template.Connected(connection);
                    _ready.TrySetResult();
                    break;
                case { Op: "hello", Role: "worker", Protocol: Protocol.Version } hello:
                    var worker = new Worker(connection, ProcessSignals.PeerOf(socket), hello.Pid);
                    _roster.Add(worker, worker.ListenAsync(cancellationToken));
                    break;
                default:
                    await connection.DisposeAsync();
                    break;
            }
        }
        catch (Exception error) when (error is InvalidDataException or SocketException or OperationCanceledException)
        {
            socket.Dispose();
        }
    }

    [LoggerMessage(EventId = 3002, Level = LogLevel.Information, Message = "QGIS starts: {Workers} workers, {Walls}")]
    private partial void LogStarting(int workers, string walls);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Information, Message = "QGIS {Qgis} is ready (GDAL {Gdal}, Python {Python})")]
    private partial void LogReady(string qgis, string gdal, string python);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Error, Message = "The template of the QGIS workers ended, and its workers with it; it is started again")]
    private partial void LogTemplateEnded();

    [LoggerMessage(EventId = 3005, Level = LogLevel.Error, Message = "QGIS does not start: {Reason} It is tried again")]
    private partial void LogTemplateFailed(string reason);

    [LoggerMessage(EventId = 3700, Level = LogLevel.Warning, Message = "Drawing {Layer} takes too long; its process is replaced")]
    private partial void LogTooLong(string layer);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Warning, Message = "A QGIS worker could not connect")]
    private partial void LogNotAccepted(Exception error);
}
