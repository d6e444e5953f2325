using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Ports;

/// <summary>Sees to it that of the nodes that share the kept tiles one makes a metatile, and the others wait for it.</summary>
public interface ITileLocks
{
    /// <summary>
    /// Waits until it is this node's turn to make a metatile, or another has made it. A turn has a lease by one clock for all, which is renewed until it ends: of a node
    /// that dies only the lease is waited for. Where the turns can't be asked for, every node has one.
    /// </summary>
    /// <param name="since">What another has made for so long is as good as made anew; zero: only one's own will do.</param>
    /// <param name="anew">At once, and from whoever has it: that one may have begun with older data, and what it stores is refused from now on.</param>
    /// <returns><see langword="null"/>: another has made and stored it.</returns>
    Task<TileTurn?> TakeAsync(TilesetKey tileset, MetaTile tiles, TimeSpan since, bool anew, CancellationToken cancellationToken);
}

/// <summary>The right to store what was made. Who has lost it (the lease ran out and another came; the tiles were emptied) finds what it stores refused.</summary>
public abstract class TileTurn
{
    /// <summary>Lets the next one go on, without being waited for. To be called once.</summary>
    /// <param name="made">Whether it was made and stored: those who wait take that; else they make it themselves.</param>
    public abstract void End(bool made);
}
