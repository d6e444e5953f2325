namespace GeoWps.Application.Ports;

/// <summary>Keeps the documents of tile matrix sets that came with a layer, so that they are there after a start.</summary>
public interface IDefinedSets
{
    /// <summary>It is there whole, or not at all.</summary>
    void Keep(string id, byte[] json);

    void Remove(string id);
}
