namespace GeoWps.Application.Ports;

/// <summary>
/// The one way out: fetches what a caller names by address. It knows what may be reached: http and https only; no loopback, private, link-local,
/// multicast or otherwise special address unless <c>Inputs:AllowedHosts</c> names the host, checked after the name is resolved, for the connection
/// that is then made, and again at each redirect; size and time bounded.
/// </summary>
public interface IReferenceFetcher
{
    /// <summary>Judges an address by its form and host alone, without a connection: for an early, cheap refusal.</summary>
    /// <returns>Why it is refused, or <see langword="null"/>.</returns>
    string? Refuse(string href);

    /// <summary>Writes the content to <paramref name="destination"/>. The fragment is not sent.</summary>
    Task<FetchOutcome> FetchAsync(FetchRequest request, Stream destination, long maxBytes, CancellationToken cancellationToken);
}

/// <summary>What is sent to get a content.</summary>
/// <param name="Headers">The caller's own; those that belong to the connection are left out, and none goes to another host.</param>
/// <param name="Body">Sent by POST; a body is sent to the first address only, not to where that redirects.</param>
public sealed record FetchRequest(string Href, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[]? Body)
{
    public FetchRequest(string href)
        : this(href, [], null)
    {
    }
}

public abstract record FetchOutcome
{
    private FetchOutcome()
    {
    }

    /// <param name="FileName">From the address or <c>Content-Disposition</c>, cleaned: letters, digits, <c>.</c>, <c>_</c>, <c>-</c>; may be empty.</param>
    public sealed record Fetched(long Length, string? ContentType, string FileName) : FetchOutcome
    {
        /// <summary>As it was sent.</summary>
        public string? ETag { get; init; }
    }

    /// <summary>It may not be reached, or could not be: the reason, safe to show.</summary>
    public sealed record Refused(string Message) : FetchOutcome
    {
        /// <summary>The answer was 304: it is as the caller's <c>If-None-Match</c> says.</summary>
        public bool IsUnchanged { get; init; }
    }
}

public static class ReferenceFetching
{
    /// <summary>What lies at an address.</summary>
    public static Task<FetchOutcome> FetchAsync(this IReferenceFetcher fetcher, string href, Stream destination, long maxBytes, CancellationToken cancellationToken) =>
        fetcher.FetchAsync(new FetchRequest(href), destination, maxBytes, cancellationToken);
}
