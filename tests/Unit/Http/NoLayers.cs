using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;

namespace GeoWps.Tests.Unit.Http;

/// <summary>A node that has published nothing.</summary>
internal sealed class NoLayers : ILayerStore, ILayerFiles
{
    public ValueTask<Layer?> FindAsync(string id, CancellationToken cancellationToken) => new(default(Layer));

    public Task<bool> TryAddAsync(Layer layer, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<bool> TryReplaceAsync(Layer next, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<IReadOnlyList<Layer>> ListAsync(string? after, int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Layer>>([]);

    public Task<long> CountAsync(CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task<string> DigestAsync(CancellationToken cancellationToken) => Task.FromResult("");

    public Task<IReadOnlyList<Layer>> ExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Layer>>([]);

    public Task<LayerUse> TemporaryAsync(CancellationToken cancellationToken) => Task.FromResult(new LayerUse(0, 0));

    public LayerDraft Begin() => throw new NotSupportedException();

    public string PathOf(string layer, string path) => throw new NotSupportedException();

    public void Doubt(string layer, string folder)
    {
    }

    public Task<int> SweepAsync(TimeSpan age, Func<string, CancellationToken, ValueTask<Layer?>> find, CancellationToken cancellationToken) => Task.FromResult(0);
}
