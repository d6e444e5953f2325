using System.Diagnostics.CodeAnalysis;
using GeoWps.Domain.Caching;

namespace GeoWps.Application.Ports;

/// <summary>Keeps made tiles. It knows keys and bytes, no layers. Every implementation passes <c>TileStoreContract</c>.</summary>
/// <remarks>
/// A reader sees a tile whole or not at all; a writer that dies leaves the old tile or the new one. The hash of a tile is <see cref="TileHash"/>'s, and may
/// be worked out anew. Where identical tiles share one file, a tile may be up to a minute older than the one that was stored: never younger.
/// </remarks>
public interface ITileStore
{
    /// <summary>Whether other nodes find what this one stores.</summary>
    bool IsShared => false;

    /// <returns><see langword="null"/> when it is not kept.</returns>
    ValueTask<StoredTile?> FindAsync(TileKey key, CancellationToken cancellationToken);

    /// <summary>A tile that is at hand: for a thread that must not wait for a disk.</summary>
    /// <returns><see langword="false"/> when it is not kept, or has to be waited for.</returns>
    bool TryFindNow(in TileKey key, [NotNullWhen(true)] out StoredTile? tile)
    {
        tile = null;
        return false;
    }

    /// <summary>Stores some tiles of one tileset, over what was there; all that a metatile gave at once.</summary>
    Task PutAsync(IReadOnlyList<KeyValuePair<TileKey, StoredTile>> tiles, CancellationToken cancellationToken);

    /// <summary>The same, by who has the turn to make them (<see cref="ITileLocks"/>).</summary>
    /// <returns><see langword="false"/>: the turn was lost, and nothing was stored.</returns>
    async Task<bool> PutAsync(IReadOnlyList<KeyValuePair<TileKey, StoredTile>> tiles, TileTurn turn, CancellationToken cancellationToken)
    {
        await PutAsync(tiles, cancellationToken);
        return true;
    }

    /// <summary>Removes tiles. Without ranges its cost does not grow with their number.</summary>
    Task RemoveAsync(TileSelection selection, CancellationToken cancellationToken);

    /// <summary>Removes all tiles of a layer, in every set and format; as quick.</summary>
    Task RemoveLayerAsync(string layer, CancellationToken cancellationToken);

    /// <summary>What each tileset of a layer takes, or each of all.</summary>
    IAsyncEnumerable<TilesetUse> UseAsync(string? layer, CancellationToken cancellationToken);

    /// <summary>Waits until no other node evicts. What is over a quota is measured after it, so that two do not remove the same surplus twice.</summary>
    /// <returns>To be ended; <see langword="null"/> where there are no others.</returns>
    Task<TileTurn?> TakeEvictionAsync(CancellationToken cancellationToken) => Task.FromResult<TileTurn?>(null);

    /// <summary>Removes some of the tiles that were read least lately, with a bounded amount of work: whoever wants more calls again.</summary>
    /// <param name="layer">Of this layer; of all when <see langword="null"/>.</param>
    /// <param name="bytes">How much is to go, about.</param>
    /// <param name="isWanted">Tiles that stay although nobody reads them here: the memory level answers for them.</param>
    /// <returns>Bytes that went; 0 when there is nothing more to remove.</returns>
    Task<long> EvictAsync(string? layer, long bytes, Func<TileKey, bool> isWanted, CancellationToken cancellationToken) => Task.FromResult(0L);
}

/// <param name="Tiles">How many are kept.</param>
/// <param name="Bytes">That they take; what is stored once counts once.</param>
public sealed record TilesetUse(TilesetKey Tileset, long Tiles, long Bytes);
