namespace GeoWps.Application.Ports;

/// <summary>Where the files of layers are.</summary>
public interface ILayerFolders
{
    /// <summary>The folder of one layer; it may not be there yet.</summary>
    /// <param name="layer">The layer's id.</param>
    string Of(string layer);
}
