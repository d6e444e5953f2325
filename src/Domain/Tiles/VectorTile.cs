namespace GeoWps.Domain.Tiles;

/// <summary>Vector tiles as bytes (Mapbox Vector Tile 2.1): a sequence of layers, each with a name of its own.</summary>
public static class VectorTile
{
    /// <summary>
    /// Several layers in one tile, in the order given: their tiles one after another (Protocol Buffers: what is repeated may be concatenated). The layers must have
    /// different names (2.1, 4.1).
    /// </summary>
    /// <param name="tiles">Not packed; empty ones add nothing.</param>
    public static byte[] Join(IReadOnlyList<ReadOnlyMemory<byte>> tiles)
    {
        var joined = new byte[tiles.Sum(tile => tile.Length)];
        var at = 0;
        foreach (var tile in tiles)
        {
            tile.CopyTo(joined.AsMemory(at));
            at += tile.Length;
        }

        return joined;
    }
}
