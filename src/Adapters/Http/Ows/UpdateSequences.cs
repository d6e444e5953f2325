using System.Security.Cryptography;
using GeoWps.Adapters.Http.Jobs;
using GeoWps.Application.Editions;

namespace GeoWps.Adapters.Http.Ows;

/// <summary>What a caller gets who says which capabilities he has: 06-121r3, clause 7.3.4.</summary>
internal enum Freshness
{
    /// <summary>What he has is old.</summary>
    Whole,

    /// <summary>He has what there is.</summary>
    Unchanged,

    /// <summary>There has been none such.</summary>
    NoneSuch,
}

/// <summary>
/// <c>updateSequence</c> of capabilities: the time of the last change of what is offered, the same on all nodes. It is compared as text, so all are of one length.
/// </summary>
internal sealed class UpdateSequences(DocumentEditions editions)
{
    /// <param name="service">In a word.</param>
    /// <param name="content">All that capabilities tell of, but not how they are told to one caller.</param>
    public async ValueTask<string> CurrentAsync(string service, string content, CancellationToken cancellationToken) =>
        StatusInfo.Time(DateTimeOffset.FromUnixTimeMilliseconds(await editions.OfAsync(service, content, cancellationToken)));

    public async ValueTask<Freshness> JudgeAsync(string service, string current, string? known, CancellationToken cancellationToken) =>
        known is null || string.CompareOrdinal(known, current) < 0 ? Freshness.Whole
        : known == current ? Freshness.Unchanged
        // Another node has told him what this one has not seen yet: he gets what there is here.
        : await IsAnothersAsync(service, known, cancellationToken) ? Freshness.Whole
        : Freshness.NoneSuch;

    public static string Digest(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16));

    private async ValueTask<bool> IsAnothersAsync(string service, string known, CancellationToken cancellationToken) =>
        StatusInfo.TryTime(known, out var time) && await editions.HasReachedAsync(service, time.ToUnixTimeMilliseconds(), cancellationToken);
}
