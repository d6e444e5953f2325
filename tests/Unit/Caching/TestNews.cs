using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Caching;

/// <summary>A cluster in one process.</summary>
internal sealed class TestNews : ICacheNews
{
    private readonly List<Action<CacheEmptied>> _listeners = [];

    public Task TellAsync(CacheEmptied emptied, CancellationToken cancellationToken)
    {
        _listeners.ForEach(listener => listener(emptied));
        return Task.CompletedTask;
    }

    public IDisposable Listen(Action<CacheEmptied> heard)
    {
        _listeners.Add(heard);
        return new Listening();
    }

    private sealed class Listening : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
