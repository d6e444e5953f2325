using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Ports;

/// <summary>The tile matrix sets of this server, for who counts rows from the other end or writes a grid into a file.</summary>
public interface ITileGrids
{
    /// <returns><see langword="null"/> for an id that the server does not know.</returns>
    TileMatrixSet? Find(string id);
}
