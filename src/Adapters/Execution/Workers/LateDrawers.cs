using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Execution.Workers;

/// <summary>QGIS on a node that runs no jobs: it starts with the first drawing, and never where nothing is drawn by it.</summary>
internal sealed partial class LateDrawers(Func<IWorkers> make, ExecutionFolders folders, ILogger<LateDrawers> logger) : IDrawers, IHostedService, IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private volatile IWorkers? _workers;
    private bool _stopped;

    public string WorkFolder => folders.Work;

    /// <summary>Tidies what an earlier run left.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        WorkersService.Tidy(folders);
        return Task.CompletedTask;
    }

    public async Task<ReceivedFrame?> DrawAsync(string of, Func<FrameConnection, long, ValueTask> send, TimeSpan patience, CancellationToken cancellationToken) =>
        await ((IDrawers)(_workers ?? await BeginAsync(cancellationToken))).DrawAsync(of, send, patience, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _starting.WaitAsync();
        try
        {
            _stopped = true;
            if (_workers is { } workers)
            {
                await workers.DisposeAsync();
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<IWorkers> BeginAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_workers is null)
            {
                if (_stopped)
                {
                    throw new InvalidOperationException("The node is stopping.");
                }

                LogBegins();
                var workers = make();
                await workers.StartAsync(CancellationToken.None);
                _workers = workers;
            }

            return _workers;
        }
        finally
        {
            _starting.Release();
        }
    }

    [LoggerMessage(EventId = 3030, Level = LogLevel.Information, Message = "The first map is drawn by QGIS")]
    private partial void LogBegins();
}
