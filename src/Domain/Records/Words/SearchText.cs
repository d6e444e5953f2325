namespace GeoWps.Domain.Records.Words;

/// <summary>Words that follow each other, one or more.</summary>
/// <param name="Words">As they are stored.</param>
/// <param name="IsBegin">The last of them is the begin of a word.</param>
public sealed record SearchUnit(IReadOnlyList<string> Words, bool IsBegin)
{
    internal IReadOnlyList<uint> Hashes { get; } = [.. Words.Select(word => WordWeights.Hash(word))];
}

/// <summary>
/// What a caller typed, understood: words, all of which must be there; what stands in quotation marks in its order; commas between alternatives (OGC API - Records, parameter <c>q</c>). The last
/// word of an alternative may be the begin of one. Nothing that can be typed is a mistake.
/// </summary>
public sealed class SearchText
{
    /// <summary>What is asked for beyond is left out.</summary>
    public const int MaxUnits = 32;

    private const string Quotes = "\"\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d\uff02";

    // A begin of one letter is nearly everything; with two it is a hint.
    private const int ShortestBegin = 2;

    private SearchText(IReadOnlyList<IReadOnlyList<SearchUnit>> alternatives) => Alternatives = alternatives;

    /// <summary>One of these, each all of its units; none of them is empty.</summary>
    public IReadOnlyList<IReadOnlyList<SearchUnit>> Alternatives { get; }

    /// <returns><see langword="null"/> where no word is asked for.</returns>
    public static SearchText? Parse(string? text)
    {
        var alternatives = new List<IReadOnlyList<SearchUnit>>();
        var (units, left) = (new List<SearchUnit>(), MaxUnits);
        foreach (var (part, isQuoted, isEnd) in Parts(text ?? ""))
        {
            foreach (var unit in isQuoted ? Phrase(part) : Loose(part, isEnd))
            {
                if (left-- > 0)
                {
                    units.Add(unit);
                }
            }

            if (isEnd && units.Count > 0)
            {
                alternatives.Add([.. units.DistinctBy(unit => (string.Join(' ', unit.Words), unit.IsBegin))]);
                units.Clear();
            }
        }

        return alternatives.Count == 0 ? null : new SearchText(alternatives);
    }

    /// <summary>What is between quotation marks, and what is not. A mark that is not closed goes to the end.</summary>
    private static IEnumerable<(string Part, bool IsQuoted, bool IsEnd)> Parts(string text)
    {
        var (start, isQuoted) = (0, false);
        for (var at = 0; at <= text.Length; at++)
        {
            if (at == text.Length)
            {
                yield return (text[start..], isQuoted, true);
            }
            else if (Quotes.Contains(text[at], StringComparison.Ordinal))
            {
                // Nothing but space between here and the end: then the part before was the last.
                yield return (text[start..at], isQuoted, false);
                (start, isQuoted) = (at + 1, !isQuoted);
            }
            else if (text[at] is ',' && !isQuoted)
            {
                yield return (text[start..at], false, true);
                start = at + 1;
            }
        }
    }

    private static IEnumerable<SearchUnit> Loose(string text, bool isEnd)
    {
        // A row of a script without spaces is one unit: its pairs follow each other. Other words stand for themselves.
        var row = new List<string>();
        var all = WordBreaker.Break(text).ToArray();
        for (var i = 0; i < all.Length; i++)
        {
            switch (all[i].Part)
            {
                case WordPart.Pair:
                    row.Add(all[i].Text);
                    break;
                case WordPart.Last when row.Count > 0:
                    // It is the second half of the pair before.
                    yield return new SearchUnit([.. row], false);
                    row.Clear();
                    break;
                case WordPart.Last:
                    yield return new SearchUnit([all[i].Text], true);
                    break;
                default:
                    yield return new SearchUnit([all[i].Text], isEnd && i == all.Length - 1 && all[i].End == text.TrimEnd().Length && all[i].Text.Length >= ShortestBegin);
                    break;
            }
        }
    }

    private static IEnumerable<SearchUnit> Phrase(string text)
    {
        var all = WordBreaker.Break(text).ToArray();
        if (all.Length == 0)
        {
            yield break;
        }

        // The last character of a row says nothing more than the pair before it, except where another word follows.
        var isRest = all.Length > 1 && all[^1].Part == WordPart.Last && all[^2].Part == WordPart.Pair;
        yield return new SearchUnit([.. all.Take(isRest ? all.Length - 1 : all.Length).Select(word => word.Text)], all[^1].Part == WordPart.Last && !isRest);
    }
}
