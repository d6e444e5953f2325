using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>Whether a resource is sent as JSON or as a page: what <c>f</c> says, else what <c>Accept</c> prefers; JSON where it does not matter.</summary>
internal static class Representation
{
    public const string Html = "html";
    public const string Json = "json";

    public static bool IsPage(HttpRequest request) => request.Query["f"].ToString() switch
    {
        Html => true,
        "" => Accept.Prefers(request, Media.HtmlType, Media.Json, Media.ProblemJson, Media.OpenApiType, Media.GeoJson),
        _ => false,
    };

    /// <returns>What is wrong with <c>f</c>, or <see langword="null"/>.</returns>
    public static Mistake? Wrong(HttpRequest request) =>
        request.Query["f"].ToString() is var format && format is "" or Html or Json ? null : new Mistake("f", $"must be json or html (got {format})");
}
