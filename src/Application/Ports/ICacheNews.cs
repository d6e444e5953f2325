using GeoWps.Domain.Caching;

namespace GeoWps.Application.Ports;

/// <summary>What the nodes of a cluster tell each other of the cache they share: what was emptied, so that none has it in memory still.</summary>
public interface ICacheNews
{
    /// <summary>Tells all other nodes.</summary>
    Task TellAsync(CacheEmptied emptied, CancellationToken cancellationToken);

    /// <summary>Calls <paramref name="heard"/> for what others tell, until it is disposed of. After a gap in the connection everything counts as emptied.</summary>
    IDisposable Listen(Action<CacheEmptied> heard);
}

/// <param name="Layer">The layer; <see langword="null"/>: all, because news may have been lost.</param>
/// <param name="Selection">What of it; all of it when not given.</param>
public sealed record CacheEmptied(string? Layer, TileSelection? Selection = null);
