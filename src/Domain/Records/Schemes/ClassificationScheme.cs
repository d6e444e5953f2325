namespace GeoWps.Domain.Records.Schemes;

/// <summary>A classification scheme: codes with labels, some below others. SKOS calls it a concept scheme.</summary>
/// <param name="Labels">Its title by language (BCP 47; <see cref="Und"/> where none is said).</param>
/// <param name="Concepts">In the order in which they were loaded; no code is there twice, no one is below itself.</param>
public sealed record ClassificationScheme(string Id, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<Concept> Concepts)
{
    /// <summary>The language of a label that says none (BCP 47).</summary>
    public const string Und = "und";

    public const int MaxIdLength = 64;

    public const int MaxConcepts = 10_000;

    /// <summary>What an id must be, for a message.</summary>
    public static string IdRule { get; } = $"up to {MaxIdLength} letters a-z and A-Z, digits and -_., the first a letter or digit";

    /// <summary>Without a colon, which parts it from a code: <c>plan:C</c>.</summary>
    public static bool IsId(string id) =>
        id.Length is > 0 and <= MaxIdLength && char.IsAsciiLetterOrDigit(id[0]) && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}

/// <param name="Broader">The code above it; <see langword="null"/>: none.</param>
public sealed record Concept(string Code, IReadOnlyDictionary<string, string> Labels, string? Broader);
