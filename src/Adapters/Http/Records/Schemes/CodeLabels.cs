using GeoWps.Application.Records.Schemes;
using GeoWps.Domain.Records;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Records.Schemes;

/// <summary>Labels of codes in the languages that a caller prefers.</summary>
internal sealed class CodeLabels(SchemeSet schemes, IReadOnlyList<string> languages)
{
    private const int MaxLanguages = 10;

    public static CodeLabels Of(SchemeSet schemes, HttpRequest request) => new(schemes, LanguagesOf(request));

    /// <summary>RFC 9110, clause 12.5.4; best first.</summary>
    public static IReadOnlyList<string> LanguagesOf(HttpRequest request) =>
    [
        .. request.GetTypedHeaders().AcceptLanguage.Where(one => one.Quality is not 0 && one.Value != "*").OrderByDescending(one => one.Quality ?? 1).Take(MaxLanguages)
            .Select(one => one.Value.ToString()),
    ];

    /// <returns><see langword="null"/> where there is none.</returns>
    public string? Of(string? scheme, string code) => schemes.Label(scheme, code, languages);

    /// <summary>The label of a facet's value, where the facet is of codes.</summary>
    public string? OfFacet(string facet, string value) => facet == RecordProperties.Classification ? Of(null, value)
        : facet.StartsWith(RecordProperties.SchemePrefix, StringComparison.Ordinal) ? Of(facet[RecordProperties.SchemePrefix.Length..], value)
        : null;
}
