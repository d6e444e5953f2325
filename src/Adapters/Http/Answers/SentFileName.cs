using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>How a file is called by whom it comes from: <c>Content-Disposition: …; filename=rivers.gpkg</c> (RFC 6266), the extended form before the plain one.</summary>
internal static class SentFileName
{
    /// <summary>Of the whole body.</summary>
    public static string? Of(HttpRequest request) =>
        ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition) ? Of(disposition) : null;

    /// <summary>Of a part of one.</summary>
    public static string? Of(ContentDispositionHeaderValue? disposition) =>
        (disposition?.FileNameStar.Value ?? HeaderUtilities.RemoveQuotes(disposition?.FileName ?? default).Value) is { Length: > 0 } name ? name : null;
}
