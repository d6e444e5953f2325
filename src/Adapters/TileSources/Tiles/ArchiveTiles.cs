using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.TileSources.Tiles;

/// <summary>Tiles out of an archive, whoever made it.</summary>
internal static class ArchiveTiles
{
    /// <exception cref="TileSourceException">It is not what the layer says.</exception>
    public static MadeTile Made(TileIndex tile, ReadOnlyMemory<byte> content, TileEncoding encoding, TileFormat format) => content.IsEmpty ? Empty(tile) : TileContent.Look(content, encoding) switch
    {
        (_, true) => Empty(tile),
        var (found, _) when found == format && (format.Compressible || encoding == TileEncoding.Identity) => new MadeTile(tile, content, TileNotes.None, encoding),
        _ => throw new TileSourceException($"the layer's file holds a tile that is not {format.Name}"),
    };

    private static MadeTile Empty(TileIndex tile) => new(tile, ReadOnlyMemory<byte>.Empty, TileNotes.Empty);
}
