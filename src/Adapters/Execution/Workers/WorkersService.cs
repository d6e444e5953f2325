using Microsoft.Extensions.Hosting;

namespace GeoWps.Adapters.Execution.Workers;

/// <summary>Starts QGIS with the host and ends it with the host; nothing waits until QGIS is there.</summary>
internal sealed class WorkersService(IWorkers workers, ExecutionFolders folders) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Tidy(folders);
        return workers.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await workers.DisposeAsync();

    /// <summary>Makes the folders, empty.</summary>
    public static void Tidy(ExecutionFolders folders)
    {
        // What an earlier run of this node left; the data directory is ours alone.
        foreach (var left in Directory.Exists(folders.Work) ? Directory.EnumerateDirectories(folders.Work) : [])
        {
            PrivateFolder.Remove(left);
        }

        PrivateFolder.Make(folders.Work);
        folders.Make();
    }
}
