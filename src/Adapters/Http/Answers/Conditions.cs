using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>Conditional requests: RFC 9110, clause 13.</summary>
internal static class Conditions
{
    /// <summary>Whether the client has what it asks for already (<c>If-None-Match</c>).</summary>
    public static bool NoneMatches(HttpRequest request, EntityTagHeaderValue tag)
    {
        var sent = request.Headers.IfNoneMatch;
        return sent.Count > 0
            && EntityTagHeaderValue.TryParseList(sent, out var tags)
            && tags.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false));
    }

    /// <summary>The same, or by time (<c>If-Modified-Since</c>) for a client that sends no tag.</summary>
    public static bool Unchanged(HttpRequest request, EntityTagHeaderValue tag, DateTimeOffset lastModified) =>
        request.Headers.IfNoneMatch.Count > 0
            ? NoneMatches(request, tag)
            : HeaderUtilities.TryParseDate(request.Headers.IfModifiedSince.ToString(), out var since)
                && lastModified.ToUnixTimeSeconds() <= since.ToUnixTimeSeconds();

    /// <summary>Whether a range may be answered: there is no <c>If-Range</c>, or it names exactly this content.</summary>
    public static bool RangeHolds(HttpRequest request, EntityTagHeaderValue tag, DateTimeOffset lastModified)
    {
        if (request.Headers.IfRange.Count == 0)
        {
            return true;
        }

        return RangeConditionHeaderValue.TryParse(request.Headers.IfRange.ToString(), out var condition)
            && (condition.EntityTag is { } named
                ? named.Compare(tag, useStrongComparison: true)
                : condition.LastModified is { } time && time.ToUnixTimeSeconds() == lastModified.ToUnixTimeSeconds());
    }
}
