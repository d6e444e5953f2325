using System.Collections.Concurrent;
using System.Diagnostics;
using GeoWps.Adapters.Execution.Workers;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Execution.Pool;

/// <summary>The process that initialises QGIS once and forks workers from itself.</summary>
internal sealed partial class Template(Process process, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    private const int MaxLine = 2000;
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<int, TaskCompletionSource<WorkerExit>> _exits = new();
    private readonly TaskCompletionSource<FrameConnection> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _outOfMemoryAt;
    private long _forks;

    /// <summary>Its stderr, which is that of all its workers too: a line at a time, for the log.</summary>
    public void ReadErrors()
    {
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>The connection on which it has said <c>ready</c>.</summary>
    public void Connected(FrameConnection connection) => _connected.TrySetResult(connection);

    /// <summary>Completes when it can fork.</summary>
    /// <exception cref="InvalidOperationException">It ended before, or took too long.</exception>
    public async Task WaitUntilReadyAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ended = process.WaitForExitAsync(stop.Token);
        var first = await Task.WhenAny(_connected.Task, ended, Task.Delay(patience, clock, stop.Token));
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (first != _connected.Task)
        {
            throw new InvalidOperationException(first == ended
                ? $"Python ended with code {process.ExitCode} before QGIS was ready."
                : $"QGIS was not ready after {patience.TotalSeconds} seconds.");
        }
    }

    public async Task ForkAsync(CancellationToken cancellationToken)
    {
        var connection = await _connected.Task;
        await connection.SendAsync(new ForkFrame(Interlocked.Increment(ref _forks)), FrameJson.Default.ForkFrame, cancellationToken);
    }

    /// <summary>Until it ends.</summary>
    public async Task ListenAsync(Action<int> exited, CancellationToken cancellationToken)
    {
        var connection = await _connected.Task.WaitAsync(cancellationToken);
        while (await connection.ReceiveAsync(cancellationToken) is { } frame)
        {
            if (frame.Op == "exited")
            {
                var saidSo = clock.GetElapsedTime(Interlocked.Read(ref _outOfMemoryAt)) < Recently;
                ExitOf(frame.Pid).TrySetResult(new WorkerExit(frame.Signal, frame.MaxRssKb, saidSo));
                exited(frame.Pid);
            }
        }
    }

    /// <summary>How a worker ended; it is told just after its socket has ended.</summary>
    public async Task<WorkerExit?> ExitAsync(int ownId)
    {
        try
        {
            return await ExitOf(ownId).Task.WaitAsync(TimeSpan.FromSeconds(1), clock);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            _exits.TryRemove(ownId, out _);
        }
    }

    /// <summary>Closes its socket, which ends it and its workers.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_connected.Task.IsCompletedSuccessfully)
        {
            await (await _connected.Task).DisposeAsync();
        }

        using (process)
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(_connected.Task.IsCompletedSuccessfully ? 3 : 0.05), clock))
        {
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private TaskCompletionSource<WorkerExit> ExitOf(int ownId) =>
        _exits.GetOrAdd(ownId, _ => new TaskCompletionSource<WorkerExit>(TaskCreationOptions.RunContinuationsAsynchronously));

    private void Note(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        if (line.Contains("bad_alloc", StringComparison.Ordinal) || line.Contains("MemoryError", StringComparison.Ordinal))
        {
            Interlocked.Exchange(ref _outOfMemoryAt, clock.GetTimestamp());
        }

        LogLine(line.Length > MaxLine ? line[..MaxLine] : line);
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Debug, Message = "QGIS: {Line}")]
    private partial void LogLine(string line);
}
