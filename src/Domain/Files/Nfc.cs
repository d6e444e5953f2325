using System.Collections.Frozen;
using System.Text;

namespace GeoWps.Domain.Files;

/// <summary>
/// Unicode's normal form C (UAX #15). The platform's own does nothing where the program runs without the data of languages, as this one does (<c>InvariantGlobalization</c>).
/// </summary>
internal static class Nfc
{
    // Hangul: The Unicode Standard, section 3.12.
    private const int FirstSyllable = 0xAC00, FirstLeading = 0x1100, FirstVowel = 0x1161, BeforeTrailing = 0x11A7;
    private const int Leading = 19, Vowels = 21, Trailing = 28, Syllables = Leading * Vowels * Trailing;

    private static readonly FrozenDictionary<Rune, Rune[]> _parts = Threes(UnicodeMappings.Pairs).Concat(Threes(UnicodeMappings.Excluded)).Concat(Groups(UnicodeMappings.Singles, 2)).ToFrozenDictionary(group => group[0], group => group[1..]);

    private static readonly FrozenDictionary<(Rune, Rune), Rune> _wholes = Threes(UnicodeMappings.Pairs).ToFrozenDictionary(group => (group[1], group[2]), group => group[0]);

    private static readonly FrozenDictionary<Rune, int> _classes = Classes().ToFrozenDictionary(pair => pair.Key, pair => pair.Value);

    /// <param name="text">Without halves of characters.</param>
    public static string Normalize(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var runes = new List<Rune>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune, runes);
        }

        Order(runes);
        return Compose(runes);
    }

    private static void Decompose(Rune rune, List<Rune> into)
    {
        var syllable = rune.Value - FirstSyllable;
        if (syllable is >= 0 and < Syllables)
        {
            into.Add(new Rune(FirstLeading + (syllable / (Vowels * Trailing))));
            into.Add(new Rune(FirstVowel + (syllable % (Vowels * Trailing) / Trailing)));
            if (syllable % Trailing is > 0 and var trailing)
            {
                into.Add(new Rune(BeforeTrailing + trailing));
            }
        }
        else if (_parts.TryGetValue(rune, out var parts))
        {
            foreach (var part in parts)
            {
                Decompose(part, into);
            }
        }
        else
        {
            into.Add(rune);
        }
    }

    /// <summary>Marks of different classes have one order; those of one class keep theirs.</summary>
    private static void Order(List<Rune> runes)
    {
        for (var i = 1; i < runes.Count; i++)
        {
            var (rune, place) = (runes[i], i);
            if (ClassOf(rune) is > 0 and var own)
            {
                for (; place > 0 && ClassOf(runes[place - 1]) > own; place--)
                {
                    runes[place] = runes[place - 1];
                }

                runes[place] = rune;
            }
        }
    }

    private static string Compose(List<Rune> runes)
    {
        var (result, starter, last) = (new List<Rune>(runes.Count), -1, 0);
        foreach (var rune in runes)
        {
            var own = ClassOf(rune);
            var isBlocked = result.Count - 1 > starter && last >= own;
            if (starter >= 0 && !isBlocked && WholeOf(result[starter], rune) is { } whole)
            {
                result[starter] = whole;
                continue;
            }

            if (own == 0)
            {
                starter = result.Count;
            }

            last = own;
            result.Add(rune);
        }

        var text = new StringBuilder(result.Count);
        foreach (var rune in result)
        {
            text.Append(rune.ToString());
        }

        return text.ToString();
    }

    private static Rune? WholeOf(Rune first, Rune second)
    {
        var (leading, vowel) = (first.Value - FirstLeading, second.Value - FirstVowel);
        if (leading is >= 0 and < Leading && vowel is >= 0 and < Vowels)
        {
            return new Rune(FirstSyllable + (((leading * Vowels) + vowel) * Trailing));
        }

        var (syllable, trailing) = (first.Value - FirstSyllable, second.Value - BeforeTrailing);
        return syllable is >= 0 and < Syllables && syllable % Trailing == 0 && trailing is > 0 and < Trailing ? new Rune(first.Value + trailing)
            : _wholes.TryGetValue((first, second), out var whole) ? whole
            : null;
    }

    private static int ClassOf(Rune rune) => rune.IsAscii ? 0 : _classes.GetValueOrDefault(rune);

    private static IEnumerable<Rune[]> Threes(string text) => Groups(text, 3);

    private static IEnumerable<Rune[]> Groups(string text, int size) => text.EnumerateRunes().ToArray().Chunk(size);

    private static IEnumerable<KeyValuePair<Rune, int>> Classes()
    {
        foreach (var group in UnicodeMappings.Classes.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var rune in group[1..].EnumerateRunes())
            {
                yield return KeyValuePair.Create(rune, (int)group[0]);
            }
        }
    }
}
