using GeoWps.Domain.Caching;

namespace GeoWps.Application.Tiles.Caching;

/// <summary>When somebody began to make tiles: what was emptied since is not filled with what they made of older data.</summary>
public readonly struct TileTicket
{
    internal TileTicket(TilesetKey tileset, long began) => (Tileset, Began) = (tileset, began);

    public TilesetKey Tileset { get; }

    internal long Began { get; }
}
