using System.Text;

namespace GeoWps.Domain.Records.Words;

/// <summary>Finds the sentence of a record that shows best why it was found.</summary>
public static class HitSentence
{
    /// <summary>Before a word that was found.</summary>
    public const char Open = '\u0002';

    /// <summary>After it.</summary>
    public const char Close = '\u0003';

    /// <summary>UTF-16 units of what is shown, roughly.</summary>
    private const int Shown = 240;

    /// <summary>Of a text, what is looked through: a page of ten long documents has to come at once.</summary>
    private const int Searched = 200_000;

    /// <returns><see langword="null"/> where no part has one of the words as it is written (it may be in an id, or far back).</returns>
    public static string? Of(CatalogueRecord record, string? text, SearchText search) =>
        In(record.Description, search) ?? In(text, search) ?? In(string.Join(", ", record.Keywords), search) ?? In(record.Title, search);

    /// <returns>The sentence with most of what is asked for, each hit between <see cref="Open"/> and <see cref="Close"/>; long ones are cut (<c>…</c>).</returns>
    public static string? In(string? text, SearchText search)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        text = (text.Length > Searched ? text[..Searched] : text).Replace(Open, ' ').Replace(Close, ' ');
        var hits = Hits(text, search);
        if (hits.Count == 0)
        {
            return null;
        }

        var best = (Start: 0, End: 0, Units: 0);
        for (var i = 0; i < hits.Count;)
        {
            var (start, end) = SentenceAt(text, hits[i].Start);
            var units = new HashSet<int>();
            for (; i < hits.Count && hits[i].Start < end; i++)
            {
                units.Add(hits[i].Unit);
            }

            if (units.Count > best.Units)
            {
                best = (start, end, units.Count);
            }
        }

        return Mark(text, best.Start, best.End, hits);
    }

    private static List<(int Start, int End, int Unit)> Hits(string text, SearchText search)
    {
        SearchUnit[] units = [.. search.Alternatives.SelectMany(units => units)];
        Word[] words = [.. WordBreaker.Break(text)];
        var hits = new List<(int Start, int End, int Unit)>();
        for (var at = 0; at < words.Length; at++)
        {
            for (var unit = 0; unit < units.Length; unit++)
            {
                if (Fits(words, at, units[unit]))
                {
                    var last = units[unit].IsBegin && words[at + units[unit].Words.Count - 1].Part == WordPart.Pair
                        ? words[at].Start + (char.IsHighSurrogate(text[words[at].Start]) ? 2 : 1)
                        : words[at + units[unit].Words.Count - 1].End;
                    hits.Add((words[at].Start, last, unit));
                }
            }
        }

        return hits;
    }

    private static bool Fits(Word[] words, int at, SearchUnit unit)
    {
        if (at + unit.Words.Count > words.Length)
        {
            return false;
        }

        for (var i = 0; i < unit.Words.Count; i++)
        {
            var (word, asked) = (words[at + i].Text, unit.Words[i]);
            if (unit.IsBegin && i == unit.Words.Count - 1 ? !word.StartsWith(asked, StringComparison.Ordinal) : word != asked)
            {
                return false;
            }
        }

        return true;
    }

    private static (int Start, int End) SentenceAt(string text, int at)
    {
        var start = at;
        while (start > 0 && !Ends(text, start - 1))
        {
            start--;
        }

        var end = at;
        while (end < text.Length && !Ends(text, end))
        {
            end++;
        }

        return (start, Math.Min(end + 1, text.Length));
    }

    private static bool Ends(string text, int at) => text[at] switch
    {
        '\n' or '\r' or '\u3002' or '\uff01' or '\uff1f' or '\u2029' => true,
        '.' or '!' or '?' => at + 1 == text.Length || char.IsWhiteSpace(text[at + 1]),
        _ => false,
    };

    private static string Mark(string text, int start, int end, List<(int Start, int End, int Unit)> hits)
    {
        var shown = new StringBuilder();
        if (end - start > Shown)
        {
            // Some words before the first hit, and whole words at both ends where there are spaces.
            var first = hits.First(hit => hit.Start >= start).Start;
            var from = Math.Max(start, first - (Shown / 4));
            if (from > start)
            {
                var space = text.IndexOf(' ', from, first - from);
                start = space >= 0 ? space + 1 : char.IsLowSurrogate(text[from]) ? from + 1 : from;
                shown.Append('\u2026');
            }
        }

        var isCut = end - start > Shown;
        var stop = isCut ? start + Shown : end;
        if (isCut)
        {
            var space = text.LastIndexOf(' ', stop - 1, Shown / 4);
            stop = space > start ? space : char.IsLowSurrogate(text[stop]) ? stop - 1 : stop;
        }

        var at = start;
        foreach (var (from, to, _) in hits)
        {
            if (from < at && to > at && at > start && shown[^1] == Close)
            {
                // Hits that overlap, as pairs do, are shown as one.
                shown.Length--;
                shown.Append(text, at, Math.Min(to, stop) - at).Append(Close);
                at = Math.Min(to, stop);
            }
            else if (from >= at && from < stop)
            {
                shown.Append(text, at, from - at).Append(Open).Append(text, from, Math.Min(to, stop) - from).Append(Close);
                at = Math.Min(to, stop);
            }
        }

        if (at < stop)
        {
            shown.Append(text, at, stop - at);
        }

        return shown.Append(isCut ? "\u2026" : "").ToString().Trim();
    }
}
