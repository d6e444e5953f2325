using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;

namespace GeoWps.Application.Tiles.Caching;

/// <summary>When somebody began to make tiles: what was emptied since is not filled with what they made of older data.</summary>
public readonly struct TileTicket
{
    internal TileTicket(TilesetKey tileset, long began, TileTurn? turn) => (Tileset, Began, Turn) = (tileset, began, turn);

    public TilesetKey Tileset { get; }

    internal long Began { get; }

    /// <summary>Of a cluster, where one node makes them.</summary>
    internal TileTurn? Turn { get; }
}
