using System.Collections.Frozen;
using GeoWps.Domain.Records.Schemes;

namespace GeoWps.Application.Records.Schemes;

/// <summary>All schemes at one time: labels of codes, and what is below them.</summary>
public sealed class SchemeSet
{
    private readonly FrozenDictionary<(string Scheme, string Code), Concept> _concepts;
    private readonly ILookup<(string Scheme, string Broader), string> _below;

    public SchemeSet(IReadOnlyList<ClassificationScheme> schemes)
    {
        Schemes = schemes;
        _concepts = schemes.SelectMany(scheme => scheme.Concepts, (scheme, concept) => KeyValuePair.Create((scheme.Id, concept.Code), concept)).ToFrozenDictionary();
        _below = schemes.SelectMany(scheme => scheme.Concepts.Where(concept => concept.Broader is not null), (scheme, concept) => (Key: (scheme.Id, concept.Broader!), concept.Code))
            .ToLookup(one => one.Key, one => one.Code);
    }

    public static SchemeSet Empty { get; } = new([]);

    public IReadOnlyList<ClassificationScheme> Schemes { get; }

    public ClassificationScheme? Find(string id) => Schemes.FirstOrDefault(scheme => scheme.Id == id);

    public bool Has(string scheme, string code) => _concepts.ContainsKey((scheme, code));

    /// <summary>A code's label.</summary>
    /// <param name="scheme"><see langword="null"/>: of the first scheme that has the code.</param>
    /// <param name="languages">Those that are wanted, best first.</param>
    /// <returns><see langword="null"/> where no scheme has the code, or it has no label.</returns>
    public string? Label(string? scheme, string code, IReadOnlyList<string> languages)
    {
        foreach (var one in Schemes)
        {
            if ((scheme is null || one.Id == scheme) && _concepts.TryGetValue((one.Id, code), out var concept))
            {
                return Choose(concept.Labels, languages);
            }
        }

        return null;
    }

    /// <summary>Codes with all that are below them, in one scheme or in any; codes that no scheme has stay as they are.</summary>
    public IReadOnlyList<string> WithNarrower(string? scheme, IEnumerable<string> codes)
    {
        var (all, seen) = (new List<string>(codes.Distinct(StringComparer.Ordinal)), new HashSet<string>(StringComparer.Ordinal));
        string[] asked = [.. all];
        seen.UnionWith(all);
        foreach (var one in Schemes.Where(one => scheme is null || one.Id == scheme))
        {
            // Each scheme by itself: a code that two schemes have has in each what is below it there.
            var (open, met) = (new Queue<string>(asked), new HashSet<string>(asked, StringComparer.Ordinal));
            while (open.TryDequeue(out var code))
            {
                foreach (var narrower in _below[(one.Id, code)].Where(met.Add))
                {
                    open.Enqueue(narrower);
                    if (seen.Add(narrower))
                    {
                        all.Add(narrower);
                    }
                }
            }
        }

        return all;
    }

    /// <summary>The label in the language that is wanted most, else in English, else in whatever there is.</summary>
    public static string? Choose(IReadOnlyDictionary<string, string> labels, IReadOnlyList<string> languages)
    {
        foreach (var language in languages.Append("en"))
        {
            foreach (var (tag, label) in labels)
            {
                if (tag.Equals(language, StringComparison.OrdinalIgnoreCase) || tag.Split('-')[0].Equals(language.Split('-')[0], StringComparison.OrdinalIgnoreCase))
                {
                    return label;
                }
            }
        }

        return labels.TryGetValue(ClassificationScheme.Und, out var plain) ? plain : labels.Values.FirstOrDefault();
    }
}
