using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Tiles;

/// <summary>Keeps the store until the server ends, and closes it then.</summary>
internal sealed class TileStoreHolder : IAsyncDisposable
{
    public ITileStore? Store { get; private set; }

    public void Hold(ITileStore store) => Store = store;

    public async ValueTask DisposeAsync()
    {
        if (Store is IAsyncDisposable store)
        {
            await store.DisposeAsync();
        }
    }
}
