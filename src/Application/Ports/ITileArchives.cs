using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Ports;

/// <summary>Tiles in one file, to give away and to take in. Both formats have the grid of <c>WebMercatorQuad</c> only.</summary>
public interface ITileArchives
{
    /// <summary>
    /// Writes an archive as tiles come, in any order; what is in memory does not grow with them. It appears under its name in one step, over what was there,
    /// and nothing is left behind when it fails.
    /// </summary>
    /// <param name="path">Of the file; its folder has room for the tiles twice.</param>
    /// <param name="tiles">Each at most once. Empty ones are left out: readers of archives know an absent tile only.</param>
    /// <exception cref="TileArchiveException">A tile is not what the description says.</exception>
    Task<TileArchiveSummary> WriteAsync(
        TileArchiveKind kind, string path, TileArchiveDescription description, IAsyncEnumerable<ArchivedTile> tiles, CancellationToken cancellationToken);

    /// <summary>Looks at an MBTiles or PMTiles file.</summary>
    /// <exception cref="TileArchiveException">It is none, or none that can be a layer.</exception>
    Task<TileArchiveDescription> InspectAsync(string path, CancellationToken cancellationToken);

    /// <summary>All tiles of an MBTiles file, by level, column and row.</summary>
    /// <exception cref="TileArchiveException">It is none, or a tile is damaged.</exception>
    IAsyncEnumerable<ArchivedTile> ReadAsync(string path, CancellationToken cancellationToken);
}

public enum TileArchiveKind
{
    /// <summary>MBTiles 1.3, a SQLite file.</summary>
    MbTiles,

    /// <summary>PMTiles 3, a file that is read by ranges.</summary>
    PmTiles,
}

/// <summary>What an archive says of itself.</summary>
/// <param name="Name">The layer's title.</param>
/// <param name="Extent">Longitude and latitude, degrees.</param>
/// <param name="MinZoom">When inspected, that of the tiles that are there.</param>
/// <param name="MaxZoom">Likewise.</param>
public sealed record TileArchiveDescription(string Name, TileFormat Format, Extent Extent, int MinZoom, int MaxZoom)
{
    public TileArchiveKind Kind { get; init; }

    public string? Description { get; init; }

    public string? Attribution { get; init; }

    /// <summary>What a vector tile has inside; empty for pictures.</summary>
    public IReadOnlyList<TileArchiveLayer> Layers { get; init; } = [];

    public long? TileCount { get; init; }
}

/// <param name="Id">Its name inside the tile.</param>
/// <param name="GeometryType">As <see cref="LayerContents.GeometryType"/>; <see langword="null"/> when mixed or unknown.</param>
public sealed record TileArchiveLayer(string Id, string? Description, int MinZoom, int MaxZoom, IReadOnlyList<LayerField> Fields, string? GeometryType = null);

/// <param name="Level">The zoom.</param>
/// <param name="Tile">Rows from the north.</param>
public readonly record struct ArchivedTile(int Level, TileIndex Tile, ReadOnlyMemory<byte> Content, TileEncoding Encoding);

/// <param name="Tiles">Addressed.</param>
/// <param name="Contents">Different ones, stored once each.</param>
/// <param name="Bytes">Of the file.</param>
public sealed record TileArchiveSummary(long Tiles, long Contents, long Bytes);

/// <param name="message">Safe to show: no path.</param>
public sealed class TileArchiveException(string message, Exception? cause = null) : Exception(message, cause);
