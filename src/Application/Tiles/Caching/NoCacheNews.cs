using GeoWps.Application.Ports;

namespace GeoWps.Application.Tiles.Caching;

/// <summary>One node has nobody to tell.</summary>
internal sealed class NoCacheNews : ICacheNews, IDisposable
{
    public Task TellAsync(CacheEmptied emptied, CancellationToken cancellationToken) => Task.CompletedTask;

    public IDisposable Listen(Action<CacheEmptied> heard) => this;

    public void Dispose()
    {
    }
}
