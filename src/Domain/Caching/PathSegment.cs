using System.Globalization;
using System.Text;

namespace GeoWps.Domain.Caching;

/// <summary>Any text as one segment of a path, which every file system takes and which stands in an address as it is.</summary>
/// <remarks>Letters, digits, <c>-</c>, <c>_</c> and <c>.</c> stand for themselves, other bytes (UTF-8) as <c>~3A</c>. No segment begins with a dot: those names are the stores' own.</remarks>
public static class PathSegment
{
    /// <summary>Characters of the longest; file systems take 255 and stores add something.</summary>
    public const int MaxLength = 180;

    private static readonly string[] _devices = ["CON", "PRN", "AUX", "NUL", "COM", "LPT"];

    /// <returns>Different for different texts. One that would be too long is cut and ends in its hash; it can't be read back.</returns>
    public static string Of(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var name = Escape(text);
        return name.Length <= MaxLength ? name : $"{name[..(MaxLength - 34)]}~~{TileHash.Of(Encoding.UTF8.GetBytes(text)).ToString("x32", CultureInfo.InvariantCulture)}";
    }

    /// <returns><see langword="null"/> when it is none that <see cref="Of"/> makes, or one that was cut.</returns>
    public static string? Read(string segment)
    {
        var bytes = new List<byte>(segment.Length);
        for (var i = 0; i < segment.Length; i++)
        {
            if (segment[i] != '~')
            {
                bytes.Add((byte)segment[i]);
            }
            else if (i + 2 < segment.Length && byte.TryParse(segment.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        var text = Encoding.UTF8.GetString([.. bytes]);
        return text.Length > 0 && Of(text) == segment ? text : null;
    }

    private static string Escape(string text)
    {
        if (IsPlain(text))
        {
            return text;
        }

        var device = IsDevice(text);
        var name = new StringBuilder(text.Length + 8);
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < bytes.Length; i++)
        {
            var letter = (char)bytes[i];
            var plain = char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' || (letter == '.' && i > 0 && i < bytes.Length - 1);
            if (plain && !(device && i == 0))
            {
                name.Append(letter);
            }
            else
            {
                name.Append('~').Append(bytes[i].ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return name.ToString();
    }

    private static bool IsPlain(string text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return text[0] != '.' && text[^1] != '.' && !IsDevice(text);
    }

    // Windows takes them for devices, with any ending.
    private static bool IsDevice(string text)
    {
        var stem = text.Split('.')[0];
        return stem.Length is 3 or 4 && Array.Exists(_devices, device => stem.StartsWith(device, StringComparison.OrdinalIgnoreCase) && (stem.Length == 3 || char.IsAsciiDigit(stem[3])));
    }
}
