using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Ports;

/// <summary>Makes tiles of the layers of some kinds of sources: all that ties the cache to data.</summary>
public interface ITileSource
{
    /// <summary>Whether it makes this layer's tiles in this format.</summary>
    bool Makes(Layer layer, TileFormat format);

    /// <summary>Tiles a side of the metatiles that it wants to be asked for: one where each tile is a read of its own.</summary>
    int MetaTileOf(Layer layer) => layer.Tiles.MetaTile;

    /// <summary>The same where all tiles of a level are made and nobody waits for a single one: what is read at once may be more.</summary>
    /// <param name="tiles">As many as the layer has at that level.</param>
    int MetaTileOf(Layer layer, long tiles) => MetaTileOf(layer);

    /// <summary>
    /// Makes all tiles of a metatile by one read. Every tile of its range gets an answer: the bytes unpacked (this server packs them), or a note that it is empty.
    /// </summary>
    /// <exception cref="TileSourceException">The data can't be read now, or are not what the layer says. Nothing is kept then.</exception>
    Task<IReadOnlyList<MadeTile>> MakeAsync(Layer layer, TileMatrixSet set, MetaTile tiles, TileFormat format, CancellationToken cancellationToken);
}

/// <param name="Content">In the format asked for, not packed, unless <paramref name="Encoding"/> says so (another server's tile is passed on as it came).</param>
public sealed record MadeTile(TileIndex Tile, ReadOnlyMemory<byte> Content, TileNotes Notes, TileEncoding Encoding = TileEncoding.Identity);

/// <summary>A tile could not be made: neither empty nor absent.</summary>
/// <param name="message">Safe to show: no path, no connection.</param>
/// <param name="retryAfter">Whether asking again later may help, and when.</param>
public sealed class TileSourceException(string message, Exception? cause = null, TimeSpan? retryAfter = null) : Exception(message, cause)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
