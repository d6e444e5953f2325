using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace GeoWps.Domain.Files;

/// <summary>
/// Where a file or a folder is: names divided by <c>/</c>, without one at either end; the root has none. Two spellings that look the same are the same (Unicode NFC).
/// </summary>
/// <remarks>
/// Names may be of any script. None is <c>.</c> or <c>..</c>, has a slash, a backslash, a control character or half a character, begins or ends in white space, or ends in a dot
/// (systems that operators copy files to drop those). What would show in another direction or not at all (bidirectional controls, zero-width spaces) is refused, too: a name has to be what it looks like.
/// </remarks>
public sealed record FilePath
{
    /// <summary>UTF-8 bytes of one name, at most: what file systems take, less what stores add.</summary>
    public const int MaxNameBytes = 180;

    /// <summary>UTF-8 bytes of the whole, at most.</summary>
    public const int MaxBytes = 1_024;

    /// <summary>Names below each other, at most.</summary>
    public const int MaxDepth = 32;

    private FilePath(string text) => Text = text;

    public static FilePath Root { get; } = new("");

    /// <summary>As it is kept; empty for the root.</summary>
    public string Text { get; }

    public bool IsRoot => Text.Length == 0;

    /// <summary>The last name; empty for the root.</summary>
    public string Name => Text[(Text.LastIndexOf('/') + 1)..];

    /// <summary>The folder that it is in; the root is in itself.</summary>
    public FilePath Folder => Text.LastIndexOf('/') is >= 0 and var end ? new FilePath(Text[..end]) : Root;

    /// <param name="text">Decoded. Slashes at its ends are left out.</param>
    /// <param name="mistake">What is wrong, for whoever wrote it.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out FilePath? path, [NotNullWhen(false)] out string? mistake)
    {
        (path, mistake) = (null, null);
        var trimmed = text.Trim('/');
        if (trimmed.Length == 0)
        {
            path = Root;
            return true;
        }

        if (trimmed.Length > MaxBytes)
        {
            mistake = $"a path has at most {MaxBytes} bytes";
            return false;
        }

        if (HasHalves(trimmed))
        {
            mistake = "a name has half a character";
            return false;
        }

        var normal = Nfc.Normalize(trimmed);
        var names = normal.Split('/');
        mistake = Encoding.UTF8.GetByteCount(normal) > MaxBytes ? $"a path has at most {MaxBytes} bytes"
            : names.Length > MaxDepth ? $"a path has at most {MaxDepth} names"
            : names.Select(Judge).FirstOrDefault(wrong => wrong is not null);
        path = mistake is null ? new FilePath(normal) : null;
        return mistake is null;
    }

    /// <returns><see langword="null"/> where the whole would be too long, or <paramref name="name"/> is none.</returns>
    public FilePath? Under(string name) => TryParse(IsRoot ? name : $"{Text}/{name}", out var path, out _) && path.Folder == this ? path : null;

    /// <summary>Whether it lies below <paramref name="folder"/>, however deep.</summary>
    public bool IsBelow(FilePath folder) =>
        folder.IsRoot ? !IsRoot : Text.Length > folder.Text.Length && Text[folder.Text.Length] == '/' && Text.StartsWith(folder.Text, StringComparison.Ordinal);

    /// <summary>The same place after <paramref name="from"/>, which it is or lies below, has become <paramref name="to"/>.</summary>
    public FilePath Moved(FilePath from, FilePath to) => new(to.Text + Text[from.Text.Length..]);

    public override string ToString() => Text;

    private static string? Judge(string name)
    {
        if (name.Length == 0)
        {
            return "a path has an empty name";
        }

        if (name is "." or "..")
        {
            return "a name is '.' or '..'";
        }

        if (char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1]) || name[^1] == '.')
        {
            return "a name begins or ends in white space, or ends in a dot";
        }

        return name.EnumerateRunes().Any(IsHidden) ? "a name has a backslash, or a character that can't be seen"
            : Encoding.UTF8.GetByteCount(name) > MaxNameBytes ? $"a name has at most {MaxNameBytes} bytes"
            : null;
    }

    // Joiners are kept: emoji and several scripts are written with them.
    private static bool IsHidden(Rune rune) => rune.Value is '\\' or 0x200B or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or 0xFEFF || Rune.IsControl(rune);

    private static bool HasHalves(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }
}
