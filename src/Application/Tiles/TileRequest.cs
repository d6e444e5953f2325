using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles;

/// <param name="Tileset">Of the layer and set that the address names.</param>
/// <param name="TileMatrix">The matrix's id.</param>
public readonly record struct TileRequest(LayerTileset Tileset, string TileMatrix, TileIndex Tile, TileFormat Format);

/// <summary>How a request for a tile ends. "Not there", "empty" and "failed" are three different things.</summary>
public abstract record TileAnswer
{
    private TileAnswer()
    {
    }

    /// <summary>A tile, which may be empty.</summary>
    /// <param name="FromCache">It was kept, and not made for this request.</param>
    public sealed record Found(StoredTile Tile, LayerTileset Tileset, int Level, TileFormat Format, bool FromCache) : TileAnswer;

    /// <summary>There is no such tile and there won't be one.</summary>
    public sealed record Absent(AbsentPart Part, string Name) : TileAnswer;

    /// <summary>It could not be made now.</summary>
    /// <param name="Message">Safe to show.</param>
    public sealed record Failed(string Message, TimeSpan? RetryAfter) : TileAnswer;
}

/// <summary>Which part of an address names nothing.</summary>
public enum AbsentPart
{
    Layer,
    TileMatrixSet,
    TileMatrix,

    /// <summary>Row or column lie outside what the data reach.</summary>
    Tile,

    /// <summary>The layer is not made in this format.</summary>
    Format,
}
