using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>What a client can read: RFC 9110, clause 12.5.1. What does not parse counts as not sent.</summary>
internal static class Accept
{
    /// <summary>Problems go out as <c>application/problem+json</c>; plain JSON only to a client that names that and not the former.</summary>
    public static string ForProblems(HttpRequest request)
    {
        var names = Read(request);
        return Names(names, Media.Json) && !Names(names, Media.ProblemJson) ? Media.Json : Media.ProblemJson;
    }

    /// <summary>The API definition goes out under its own name, but for a client that takes only plain JSON.</summary>
    public static string ForApiDefinition(HttpRequest request)
    {
        var names = Read(request);
        return Names(names, Media.Json) && Quality(names, Media.OpenApiType) == 0 ? Media.Json : Media.OpenApi;
    }

    /// <summary>It takes JSON and no text.</summary>
    public static bool OnlyJson(HttpRequest request)
    {
        var names = Read(request);
        return Quality(names, Media.Json) > 0 && Quality(names, Media.PlainText) == 0;
    }

    /// <summary>It would rather have <paramref name="one"/> than any of the others; without <c>Accept</c> it would not.</summary>
    public static bool Prefers(HttpRequest request, string one, params ReadOnlySpan<string> others)
    {
        var names = Read(request);
        var quality = Quality(names, one);
        foreach (var other in others)
        {
            if (Quality(names, other) >= quality)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Which of what is offered a client would rather have; the first of equals.</summary>
    /// <returns>Its position; <see langword="null"/> when it takes none.</returns>
    public static int? Best(HttpRequest request, IReadOnlyList<string> offered)
    {
        var (names, best, most) = (Read(request), (int?)null, 0.0);
        for (var at = 0; at < offered.Count; at++)
        {
            if (Quality(names, offered[at]) is var quality && quality > most)
            {
                (best, most) = (at, quality);
            }
        }

        return best;
    }

    /// <summary>Whether a client unpacks a coding: RFC 9110, clause 12.5.3. Nearly every client writes it the same way.</summary>
    /// <param name="coding"><c>gzip</c>, <c>br</c>.</param>
    public static bool Unpacks(HttpRequest request, string coding)
    {
        var accepted = request.Headers.AcceptEncoding;
        if (accepted.Count == 0)
        {
            return false;
        }

        var text = accepted.Count == 1 ? accepted[0]! : accepted.ToString();
        return !text.Contains("q=", StringComparison.Ordinal)
            ? text.Contains(coding, StringComparison.Ordinal) || text == "*"
            : StringWithQualityHeaderValue.TryParseList(accepted, out var list)
                && (list.FirstOrDefault(one => one.Value.Equals(coding, StringComparison.OrdinalIgnoreCase)) ?? list.FirstOrDefault(one => one.Value == "*")) is { } found
                && found.Quality != 0;
    }

    private static IList<MediaTypeHeaderValue> Read(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var names) ? names : [];

    private static bool Names(IList<MediaTypeHeaderValue> names, string mediaType) =>
        names.Any(name => name.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase) && name.Quality != 0);

    /// <summary>0 to 1: of the most exact range that holds the type.</summary>
    private static double Quality(IList<MediaTypeHeaderValue> names, string mediaType)
    {
        var (exactness, quality) = (-1, names.Count == 0 ? 1.0 : 0.0);
        var group = mediaType[..(mediaType.IndexOf('/', StringComparison.Ordinal) + 1)];
        foreach (var name in names)
        {
            var fits = name.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase) ? 2
                : name.MediaType.Equals(group + "*", StringComparison.OrdinalIgnoreCase) ? 1
                : name.MediaType is { Value: "*/*" or "*" } ? 0
                : -1;
            if (fits > exactness)
            {
                (exactness, quality) = (fits, name.Quality ?? 1.0);
            }
        }

        return quality;
    }
}
