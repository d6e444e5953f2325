using System.Runtime.CompilerServices;
using GeoWps.Domain.Tiles;

namespace GeoWps.Domain.Caching;

/// <summary>All tiles of a layer in one tile matrix set and format: what is kept, measured and emptied together.</summary>
/// <param name="Layer">The layer's id.</param>
/// <param name="TileMatrixSet">The set's id.</param>
/// <param name="Format">The format's name.</param>
/// <remarks>A hit looks one up: its hash is worked out once, and who keeps one for a layer is quickest.</remarks>
public sealed record TilesetKey(string Layer, string TileMatrixSet, TileFormat Format)
{
    private int _hash;

    // A copy is made before its changes: it has another hash.
    private TilesetKey(TilesetKey original) => (Layer, TileMatrixSet, Format) = (original.Layer, original.TileMatrixSet, original.Format);

    public bool Equals(TilesetKey? other) => ReferenceEquals(this, other)
        || (other is not null && GetHashCode() == other.GetHashCode() && Layer == other.Layer && TileMatrixSet == other.TileMatrixSet && Format.Name == other.Format.Name);

    public override int GetHashCode()
    {
        if (_hash == 0)
        {
            _hash = HashCode.Combine(Layer, TileMatrixSet, Format.Name) is not 0 and var hash ? hash : 1;
        }

        return _hash;
    }
}

/// <summary>One tile.</summary>
/// <param name="Level">Position of the matrix in its set, from 0.</param>
/// <param name="Tile">Its canonical index (<see cref="TileMatrix.Canonical"/>).</param>
public readonly record struct TileKey(TilesetKey Tileset, int Level, TileIndex Tile)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(TileKey other) => Tile.Column == other.Tile.Column && Tile.Row == other.Tile.Row && Level == other.Level && Tileset.Equals(other.Tileset);

    /// <summary>Neighbours are far from each other: the bits are mixed well (the finaliser of SplitMix64).</summary>
    public override int GetHashCode()
    {
        var bits = ((ulong)(uint)Tile.Column << 32 | (uint)Tile.Row) ^ ((ulong)(uint)Tileset.GetHashCode() * 0x9E3779B97F4A7C15) ^ ((ulong)(uint)Level << 58);
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return (int)(bits ^ (bits >> 31));
    }
}

/// <summary>Some tiles of one tileset.</summary>
/// <param name="Level">Position of the matrix; all of them when it is not given.</param>
/// <param name="Ranges">Which of that level; all of it when not given. Only together with a level.</param>
public sealed record TileSelection(TilesetKey Tileset, int? Level = null, IReadOnlyList<TileRange>? Ranges = null);
