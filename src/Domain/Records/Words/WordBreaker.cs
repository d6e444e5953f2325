using System.Globalization;
using System.Text;

namespace GeoWps.Domain.Records.Words;

/// <summary>A word as it is searched for, and where it stands.</summary>
/// <param name="Text">Folded; letters, marks and digits only.</param>
/// <param name="Start">UTF-16 units from the text's begin.</param>
/// <param name="End">After its last unit.</param>
/// <param name="Part">Of which kind it is.</param>
public readonly record struct Word(string Text, int Start, int End, WordPart Part);

public enum WordPart
{
    /// <summary>Of a script that puts spaces between words.</summary>
    Whole,

    /// <summary>Two characters next to each other, of a script that does not.</summary>
    Pair,

    /// <summary>The last character of such a row, or the only one.</summary>
    Last,
}

/// <summary>
/// Breaks text into words, the same for what is stored and what is searched, and for every database. Scripts that write words apart: letters, marks and digits next to each other are a word.
/// Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese: each character with the one after it, and the last by itself; so each part of a row is a row of words, and each
/// single character the begin of one.
/// </summary>
public static class WordBreaker
{
    /// <summary>UTF-16 units of a word that are looked at.</summary>
    public const int MaxLength = 64;

    public static IEnumerable<Word> Break(string text)
    {
        // The row of characters that is being read: each as it is compared, and where it stands.
        var row = new List<(Rune Folded, int Start, int End)>();
        var isClose = false;
        for (var at = 0; at < text.Length;)
        {
            var length = Folding.Read(text.AsSpan(at), out var one, out var more);
            var end = at + length;
            if (more is null)
            {
                if (Belongs(one, row.Count > 0, out var close) && (row.Count == 0 || close == isClose))
                {
                    row.Add((one, at, end));
                    isClose = close;
                }
                else
                {
                    foreach (var word in Words(row, isClose))
                    {
                        yield return word;
                    }

                    row.Clear();
                    if (Belongs(one, false, out isClose))
                    {
                        row.Add((one, at, end));
                    }
                }
            }
            else
            {
                foreach (var part in more.EnumerateRunes())
                {
                    if (!Belongs(part, row.Count > 0, out var close) || (row.Count > 0 && close != isClose))
                    {
                        foreach (var word in Words(row, isClose))
                        {
                            yield return word;
                        }

                        row.Clear();
                    }

                    if (Belongs(part, row.Count > 0, out close))
                    {
                        row.Add((part, at, end));
                        isClose = close;
                    }
                }
            }

            at = end;
        }

        foreach (var word in Words(row, isClose))
        {
            yield return word;
        }
    }

    /// <summary>A text as it is compared where case and marks do not count.</summary>
    public static string Fold(string text) => Folding.Fold(text);

    private static IEnumerable<Word> Words(List<(Rune Folded, int Start, int End)> row, bool isClose)
    {
        if (row.Count == 0)
        {
            yield break;
        }

        if (!isClose)
        {
            var word = new StringBuilder(row.Count);
            foreach (var (folded, _, _) in row)
            {
                if (word.Length + folded.Utf16SequenceLength > MaxLength)
                {
                    break;
                }

                word.Append(folded.ToString());
            }

            yield return new Word(word.ToString(), row[0].Start, row[^1].End, WordPart.Whole);
            yield break;
        }

        for (var i = 0; i < row.Count - 1; i++)
        {
            yield return new Word(row[i].Folded.ToString() + row[i + 1].Folded, row[i].Start, row[i + 1].End, WordPart.Pair);
        }

        yield return new Word(row[^1].Folded.ToString(), row[^1].Start, row[^1].End, WordPart.Last);
    }

    private static bool Belongs(Rune one, bool isWithin, out bool isClose)
    {
        isClose = false;
        if (one.IsAscii)
        {
            return Rune.IsLetterOrDigit(one);
        }

        isClose = IsClose(one.Value);
        return Rune.GetUnicodeCategory(one) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => true,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => true,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => isWithin,
            _ => false,
        };
    }

    private static bool IsClose(int value) => value switch
    {
        >= 0x0E00 and <= 0x0EFF => true, // Thai, Lao
        >= 0x1000 and <= 0x109F => true, // Burmese
        >= 0x1100 and <= 0x11FF => true, // letters of Korean
        >= 0x1780 and <= 0x17FF => true, // Khmer
        >= 0x2E80 and <= 0x2FDF => true, // radicals
        >= 0x3005 and <= 0x3007 => true,
        >= 0x3041 and <= 0x31FF => true, // kana, bopomofo
        >= 0x3400 and <= 0x4DBF => true,
        >= 0x4E00 and <= 0x9FFF => true,
        >= 0xAC00 and <= 0xD7A3 => true, // Korean
        >= 0xF900 and <= 0xFAFF => true,
        >= 0x20000 and <= 0x3FFFF => true,
        _ => false,
    };
}
