using Microsoft.Extensions.Options;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>What all jobs of this node that make tiles have together: <c>Seeding:Threads</c> metatiles at once.</summary>
public sealed class TileThreads(IOptions<SeedingOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.Value.MostThreads);

    public int Most { get; } = options.Value.MostThreads;

    /// <summary>Waits for one; to be given back by <see cref="Release"/>.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _free.WaitAsync(cancellationToken);

    public void Release() => _free.Release();

    public void Dispose() => _free.Dispose();
}
