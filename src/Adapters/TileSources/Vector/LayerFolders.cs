using GeoWps.Application.Ports;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>The folder <c>layers</c> of the data directory has one of each layer.</summary>
internal sealed class LayerFolders(string data) : ILayerFolders
{
    private readonly string _root = Path.GetFullPath(Path.Combine(data, "layers"));

    public string Of(string layer) => Path.Combine(_root, layer);
}
