using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>Files of layers where their paths say.</summary>
internal sealed class PlainFiles : ILayerFiles
{
    public LayerDraft Begin() => throw new NotSupportedException();

    public string PathOf(string layer, string path) => path;

    public void Doubt(string layer, string folder) => throw new NotSupportedException();

    public Task<int> SweepAsync(TimeSpan age, Func<string, CancellationToken, ValueTask<Layer?>> find, CancellationToken cancellationToken) => throw new NotSupportedException();
}
