namespace GeoWps.Application.Ports;

/// <summary>
/// Reads all features of a collection (OGC API - Features) as one GeoJSON FeatureCollection. The collections of other servers come through the one fetcher;
/// who keeps collections of this server reads them from its store and leaves the rest to that.
/// </summary>
public interface ICollectionReader
{
    /// <summary>Writes them as a stream.</summary>
    /// <param name="items">The address of the collection's items, with the parameters that choose among them.</param>
    /// <param name="maxBytes">What may be fetched, all pages together.</param>
    /// <returns>How much was fetched, and the collection's id as a file's name.</returns>
    Task<FetchOutcome> CopyAsync(string items, Stream destination, long maxBytes, CancellationToken cancellationToken);

    /// <summary>The same; who keeps collections of this server reads those.</summary>
    /// <param name="baseAddress">Under which the caller reached the server, ending in a slash.</param>
    /// <param name="everyPage">A <c>limit</c> is a page's, and all pages are wanted; else it is how many features there are to be.</param>
    Task<FetchOutcome> CopyAsync(string items, string baseAddress, bool everyPage, Stream destination, long maxBytes, CancellationToken cancellationToken) =>
        CopyAsync(items, destination, maxBytes, cancellationToken);
}
