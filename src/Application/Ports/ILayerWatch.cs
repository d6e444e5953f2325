using GeoWps.Domain.Layers;

namespace GeoWps.Application.Ports;

/// <summary>Is told what becomes of layers, after it is stored: whoever keeps something that was made of them drops it then.</summary>
public interface ILayerWatch
{
    /// <summary>It is stored as it is now, whether tiles that were made of it stay or not.</summary>
    void Stored(Layer layer)
    {
    }

    /// <summary>Its data, or how its tiles are made of them, are others than before: no tile that was made is right.</summary>
    Task ChangedAsync(Layer layer, CancellationToken cancellationToken);

    /// <summary>It is gone. A layer that comes under the same id is another one.</summary>
    Task RemovedAsync(string id, CancellationToken cancellationToken);
}

/// <summary>For a node that keeps nothing.</summary>
public sealed class NoLayerWatch : ILayerWatch
{
    public Task ChangedAsync(Layer layer, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RemovedAsync(string id, CancellationToken cancellationToken) => Task.CompletedTask;
}
