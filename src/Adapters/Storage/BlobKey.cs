using System.Text;

namespace GeoWps.Adapters.Storage;

/// <summary>What may be a key: segments divided by <c>/</c>, each of 1 to 200 bytes, none of them <c>.</c> or <c>..</c>, no control character.</summary>
/// <remarks>Whoever lets callers choose keys checks them before; a wrong one here is a bug, so it throws.</remarks>
internal static class BlobKey
{
    /// <summary>The bytes (UTF-8) that one segment may have where characters that file names can't have everywhere count as three.</summary>
    public const int MostSegmentBytes = 200;

    private const int MostKeyBytes = 2_000;

    /// <summary>Escaped in file names: what other systems refuse, and <c>~</c>, which the store's own names have.</summary>
    private const string Escaped = "%~:*?\"<>|\\";

    public static void Require(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (Encoding.UTF8.GetByteCount(key) > MostKeyBytes)
        {
            throw Wrong($"A key has at most {MostKeyBytes} bytes.");
        }

        foreach (var range in key.AsSpan().Split('/'))
        {
            RequireSegment(key.AsSpan(range));
        }
    }

    /// <param name="prefix">Whole segments, each followed by its slash.</param>
    public static void RequirePrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (!prefix.EndsWith('/'))
        {
            throw Wrong("A prefix ends in a slash.");
        }

        Require(prefix[..^1]);
    }

    /// <summary>Two prefixes, of which the second does not begin with the first.</summary>
    public static void RequirePrefixes(string from, string to)
    {
        RequirePrefix(from);
        RequirePrefix(to);
        if (to.StartsWith(from, StringComparison.Ordinal))
        {
            throw Wrong("What is below a prefix can't go below itself.");
        }
    }

    /// <summary>A segment as a file's name, which <see cref="Unescape"/> reads back.</summary>
    public static string Escape(ReadOnlySpan<char> segment)
    {
        // A dot in front would hide the file, or clash with the store's own folder.
        if (segment[0] != '.' && segment.IndexOfAny(Escaped) < 0)
        {
            return segment.ToString();
        }

        var name = new StringBuilder(segment.Length + 8);
        for (var i = 0; i < segment.Length; i++)
        {
            if (IsEscaped(segment[i], i))
            {
                name.Append('%').Append(((int)segment[i]).ToString("X2", provider: null));
            }
            else
            {
                name.Append(segment[i]);
            }
        }

        return name.ToString();
    }

    public static string Unescape(string name) => name.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(name) : name;

    private static bool IsEscaped(char character, int position) =>
        Escaped.Contains(character, StringComparison.Ordinal) || (position == 0 && character == '.');

    private static void RequireSegment(ReadOnlySpan<char> segment)
    {
        if (segment.IsEmpty)
        {
            throw Wrong("A key has no empty segment, and no slash at its ends.");
        }

        if (segment is "." or "..")
        {
            throw Wrong("A key has no segment '.' or '..'.");
        }

        var bytes = 0;
        for (var i = 0; i < segment.Length; i++)
        {
            if (char.IsControl(segment[i]) || char.IsSurrogate(segment[i]) && !IsPair(segment, i))
            {
                throw Wrong("A key has no control characters and no half characters.");
            }

            bytes += IsEscaped(segment[i], i) ? 2 : 0;
        }

        if (bytes + Encoding.UTF8.GetByteCount(segment) > MostSegmentBytes)
        {
            throw Wrong($"A segment of a key has at most {MostSegmentBytes} bytes.");
        }
    }

    private static bool IsPair(ReadOnlySpan<char> text, int i) => char.IsHighSurrogate(text[i])
        ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])
        : i > 0 && char.IsHighSurrogate(text[i - 1]);

    // The key itself is not in the message: it may be somebody's file name.
    private static ArgumentException Wrong(string message) => new(message, "key");
}
