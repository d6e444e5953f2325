using System.Collections.Frozen;
using System.Text;

namespace GeoWps.Domain.Records.Words;

/// <summary>
/// What characters are compared as: compatibility forms as the plain ones (Unicode NFKC: full-width letters, ligatures, circled digits), capital letters as small ones, letters with
/// marks as those without, digits of any script as 0 to 9. What distinguishes words stays: the vowel signs of Indic scripts, the voicing marks of kana.
/// </summary>
/// <remarks>A table of our own (<c>Folding.txt</c>, made of Unicode's data), so that each machine and each database compares alike; the framework has none in its invariant mode.</remarks>
internal static class Folding
{
    /// <summary>The marks of half-width kana: this one, and the next.</summary>
    private const int HalfVoiced = 0xFF9E;

    private const int HangulFirst = 0xAC00;
    private const int LeadFirst = 0x1100;
    private const int LeadLast = 0x1112;
    private const int VowelFirst = 0x1161;
    private const int VowelLast = 0x1175;
    private const int TailBase = 0x11A7;
    private const int TailLast = 0x11C2;
    private const int Vowels = 21;
    private const int Tails = 28;

    private static readonly string?[] _plane = new string?[0x10000];
    private static readonly FrozenDictionary<int, string> _beyond;
    private static readonly FrozenDictionary<(int, int), string> _pairs;

    /// <summary>What may be the second of a pair.</summary>
    private static readonly FrozenSet<int> _marks;

    static Folding()
    {
        using var reader = new StreamReader(typeof(Folding).Assembly.GetManifestResourceStream("Folding.txt")!, Encoding.UTF8);
        var (beyond, pairs) = (new Dictionary<int, string>(), new Dictionary<(int First, int Second), string>());
        while (reader.ReadLine() is { } line)
        {
            var end = line.IndexOf('\t', StringComparison.Ordinal);
            var folded = line[(end + 1)..];
            _ = Rune.DecodeFromUtf16(line.AsSpan(0, end), out var first, out var length);
            if (length < end)
            {
                _ = Rune.DecodeFromUtf16(line.AsSpan(length, end - length), out var second, out _);
                pairs.Add((first.Value, second.Value), folded);
            }
            else if (first.Value <= char.MaxValue)
            {
                _plane[first.Value] = folded;
            }
            else
            {
                beyond.Add(first.Value, folded);
            }
        }

        (_beyond, _pairs) = (beyond.ToFrozenDictionary(), pairs.ToFrozenDictionary());
        _marks = pairs.Keys.Select(pair => pair.Second).Append(HalfVoiced).Append(HalfVoiced + 1).ToFrozenSet();
    }

    /// <summary>Reads one character, with what belongs to it.</summary>
    /// <param name="one">Where <paramref name="more"/> is <see langword="null"/>: what it is compared as.</param>
    /// <param name="more">Where it is compared as none or several.</param>
    /// <returns>How many UTF-16 units it has in <paramref name="text"/>.</returns>
    public static int Read(ReadOnlySpan<char> text, out Rune one, out string? more)
    {
        more = null;
        if (text[0] < 0x80)
        {
            one = new Rune(text[0] is >= 'A' and <= 'Z' ? (char)(text[0] | 0x20) : text[0]);
            return 1;
        }

        // Half a character is read as U+FFFD, which is in no word.
        _ = Rune.DecodeFromUtf16(text, out one, out var length);
        if (Compose(text[length..], one, out var composed, out var taken))
        {
            one = composed;
            return length + taken;
        }

        // A letter and its mark, each as it is compared: half-width kana have marks of their own.
        if (text.Length > length && text[length] >= 0x80
            && Rune.DecodeFromUtf16(text[length..], out var mark, out var markLength) == System.Buffers.OperationStatus.Done
            && _marks.Contains(mark.Value)
            && (_pairs.TryGetValue((one.Value, mark.Value), out var pair) || _pairs.TryGetValue((Single(one).Value, Single(mark).Value), out pair)))
        {
            more = pair;
            length += markLength;
        }
        else
        {
            more = Of(one);
        }

        if (more is not null && IsOne(more, out var only))
        {
            (one, more) = (only, null);
        }

        return length;
    }

    /// <summary>A whole text, with its punctuation.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            at += Read(text.AsSpan(at), out var one, out var more);
            if (more is not null)
            {
                folded.Append(more);
            }
            else
            {
                folded.Append(one.ToString());
            }
        }

        return folded.ToString();
    }

    private static string? Of(Rune one) => one.Value <= char.MaxValue ? _plane[one.Value] : _beyond.GetValueOrDefault(one.Value);

    private static Rune Single(Rune one) => Of(one) is { } folded && IsOne(folded, out var single) ? single : one;

    private static bool IsOne(string text, out Rune one)
    {
        one = default;
        return text.Length > 0 && Rune.DecodeFromUtf16(text, out one, out var all) == System.Buffers.OperationStatus.Done && all == text.Length;
    }

    // Korean syllables that are written in their letters, as some systems name files: Unicode, 3.12.
    private static bool Compose(ReadOnlySpan<char> next, Rune lead, out Rune syllable, out int taken)
    {
        (syllable, taken) = (lead, 0);
        if (lead.Value is < LeadFirst or > LeadLast || next.IsEmpty || next[0] is < (char)VowelFirst or > (char)VowelLast)
        {
            return false;
        }

        var tail = next.Length > 1 && next[1] is > (char)TailBase and <= (char)TailLast ? next[1] - TailBase : 0;
        syllable = new Rune(HangulFirst + ((((lead.Value - LeadFirst) * Vowels) + next[0] - VowelFirst) * Tails) + tail);
        taken = tail > 0 ? 2 : 1;
        return true;
    }
}
