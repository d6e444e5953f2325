using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles.Seeding;

public enum SeedOperation
{
    /// <summary>Makes what is missing or too old.</summary>
    Seed,

    /// <summary>Makes everything anew; a tile stays until its successor is there.</summary>
    Reseed,

    /// <summary>Removes.</summary>
    Truncate,
}

/// <summary>What is to be done to which tiles of a layer.</summary>
/// <param name="TileMatrixSets">Ids; all of the layer's when empty.</param>
/// <param name="TileMatrices">Ids; all within the zooms when empty.</param>
/// <param name="Formats">The layer's own when empty; for a truncate all there are.</param>
/// <param name="MinZoom">Position of the first matrix.</param>
/// <param name="MaxZoom">Position of the last matrix.</param>
/// <param name="Threads">Metatiles at once, at most; <see langword="null"/>: as many as the node makes.</param>
/// <param name="Rate">Tiles a second, at most; <see langword="null"/>: as many as it can.</param>
public sealed record SeedWish(
    SeedOperation Operation,
    string Layer,
    IReadOnlyList<string> TileMatrixSets,
    IReadOnlyList<string> TileMatrices,
    IReadOnlyList<TileFormat> Formats,
    int? MinZoom,
    int? MaxZoom,
    SeedArea Area,
    int? Threads,
    double? Rate);

/// <summary>Where. Coordinates are longitude and latitude, degrees.</summary>
public abstract record SeedArea
{
    private SeedArea()
    {
    }

    public sealed record Everywhere : SeedArea;

    /// <summary>One box, or the two halves of one that crosses the antimeridian.</summary>
    public sealed record Boxes(IReadOnlyList<Extent> Extents) : SeedArea;

    /// <param name="Rings">Pairs (longitude, latitude), of all polygons and their holes.</param>
    public sealed record Polygons(IReadOnlyList<double[]> Rings) : SeedArea;

    /// <summary>Tiles by their XYZ numbers, which are those of WebMercatorQuad; and what lies above and below them.</summary>
    public sealed record Listed(IReadOnlyList<TileMatrixLimits> Tiles) : SeedArea;

    /// <summary>It was given, and is too large to be read before the job runs.</summary>
    public sealed record Unread : SeedArea;
}
