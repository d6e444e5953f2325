using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>The media types that decide how something is written.</summary>
internal static class Media
{
    public const string Json = "application/json";
    public const string GeoJson = MediaTypes.GeoJson;
    public const string ProblemJson = "application/problem+json";
    public const string OpenApi = "application/vnd.oai.openapi+json;version=3.0";
    public const string OpenApiType = "application/vnd.oai.openapi+json";
    public const string HtmlType = "text/html";
    public const string Html = "text/html; charset=utf-8";
    public const string PlainText = "text/plain";
    public const string Utf8Text = "text/plain; charset=utf-8";
    public const string EventStream = "text/event-stream";

    /// <summary>
    /// A media type as a header has to have it (RFC 9110, clause 8.3.1): a parameter with a slash in it stands in quotes, which clients of WPS leave out.
    /// </summary>
    public static string Header(string mediaType) => string.Join("; ", mediaType.Split(';').Select(part => part.Trim()).Select((part, number) =>
        number > 0 && part.Split('=', 2) is [var name, var value] && !value.StartsWith('"') && value.AsSpan().IndexOfAny("/()<>@,:\\[]?{} \t") >= 0
            ? $"{name}=\"{value.Replace("\\", "", StringComparison.Ordinal)}\"" : part));

    /// <summary>Its content is JSON: it can stand in a JSON document as it is.</summary>
    public static bool IsJson(string mediaType) => MediaTypes.IsJson(mediaType);

    /// <summary>Its content is text: it can stand in a JSON document as a string. Everything else is binary.</summary>
    public static bool IsText(string mediaType) => MediaTypes.IsText(mediaType) || mediaType.Split(';')[0].TrimEnd().EndsWith("/xml", StringComparison.OrdinalIgnoreCase);
}
