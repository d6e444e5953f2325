using GeoWps.Domain.Tiles;

namespace GeoWps.Domain.Caching;

/// <summary>All tiles of a layer in one tile matrix set and format: what is kept, measured and emptied together.</summary>
/// <param name="Layer">The layer's id.</param>
/// <param name="TileMatrixSet">The set's id.</param>
/// <param name="Format">The format's name.</param>
public sealed record TilesetKey(string Layer, string TileMatrixSet, TileFormat Format);

/// <summary>One tile.</summary>
/// <param name="Level">Position of the matrix in its set, from 0.</param>
/// <param name="Tile">Its canonical index (<see cref="TileMatrix.Canonical"/>).</param>
public readonly record struct TileKey(TilesetKey Tileset, int Level, TileIndex Tile);

/// <summary>Some tiles of one tileset.</summary>
/// <param name="Level">Position of the matrix; all of them when it is not given.</param>
/// <param name="Ranges">Which of that level; all of it when not given. Only together with a level.</param>
public sealed record TileSelection(TilesetKey Tileset, int? Level = null, IReadOnlyList<TileRange>? Ranges = null);
