using System.Text;

namespace GeoWps.Adapters.Execution.Staging;

/// <summary>Tables as text, which have no mark of their own: two lines that are divided in the same way.</summary>
internal static class TableText
{
    private const int LongestName = 100;

    private static readonly char[] Separators = [',', ';', '\t'];

    /// <param name="text">The beginning of it.</param>
    /// <returns>Whether a line of names is followed by one with as many values.</returns>
    public static bool Is(string text)
    {
        var end = EndOfLine(text, 0);
        if (end < 0)
        {
            return false;
        }

        var names = text[..end];
        var next = end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n' ? end + 2 : end + 1;
        var (lineEnd, isCut) = EndOfLine(text, next) is >= 0 and var found ? (found, false) : (text.Length, true);
        var values = text[next..lineEnd];
        return values.Length > 0 && SeparatorOf(names) is { } separator && HasNames(names, separator)
            && (Count(values, separator) == Count(names, separator) || (isCut && Count(values, separator) < Count(names, separator)));
    }

    /// <summary>One line, of names that could be those of columns: a table without rows.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line);
        return SeparatorOf(text) is { } separator && HasNames(text, separator);
    }

    private static char? SeparatorOf(string line) => Separators.Where(separator => Count(line, separator) > 0).Select(separator => (char?)separator).FirstOrDefault();

    /// <summary>Letters, digits, blanks and what people put into names; no path, address or option looks so.</summary>
    private static bool HasNames(string line, char separator) => line.Split(separator).Select(name => name.Trim().Trim('"')).All(name =>
        name.Length is > 0 and <= LongestName && (char.IsLetter(name[0]) || name[0] == '_')
        && name.All(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '_' or '-' or '.' or '(' or ')' or '%' or '°' or '²' or '³' or '²' or '³' or '/' or '[' or ']'));

    private static int Count(string line, char separator)
    {
        var (count, quoted) = (0, false);
        foreach (var letter in line)
        {
            quoted ^= letter == '"';
            count += !quoted && letter == separator ? 1 : 0;
        }

        return count;
    }

    /// <summary>A line break within quotes belongs to a value.</summary>
    private static int EndOfLine(string text, int from)
    {
        var quoted = false;
        for (var i = from; i < text.Length; i++)
        {
            quoted ^= text[i] == '"';
            if (!quoted && text[i] is '\n' or '\r')
            {
                return i;
            }
        }

        return -1;
    }
}
