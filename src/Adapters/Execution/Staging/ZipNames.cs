using System.IO.Compression;
using System.Text;

namespace GeoWps.Adapters.Execution.Staging;

/// <summary>Looks at all that a zip file lists before anything of it is written.</summary>
internal static class ZipNames
{
    private const int LongestSegment = 200;
    private const int LongestName = 1000;
    private const int FileType = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;

    /// <returns>What is wrong with the first bad one; null when all are fine.</returns>
    public static string? Objection(IEnumerable<ZipArchiveEntry> entries)
    {
        var taken = new TakenNames();
        foreach (var entry in entries)
        {
            var name = entry.FullName;
            if (OfName(name) is { } ofName)
            {
                return $"holds a file {ofName}: {Shown(name)}";
            }

            if (IsSpecial(entry))
            {
                return $"holds a link or another special file: {Shown(name)}";
            }

            if (entry.IsEncrypted)
            {
                return $"holds an encrypted file: {Shown(name)}";
            }

            if (!taken.Add(name))
            {
                return $"holds two files of the same name: {Shown(name)}";
            }
        }

        return null;
    }

    private static string? OfName(string name)
    {
        if (name.Any(char.IsControl) || name.Contains('\\', StringComparison.Ordinal))
        {
            return "with a backslash or a control character in its name";
        }

        // Behind it QGIS reads options: a layer, a condition in SQL.
        if (name.Contains('|', StringComparison.Ordinal))
        {
            return "with a bar in its name";
        }

        if (name.StartsWith('/') || (name.Length > 1 && char.IsAsciiLetter(name[0]) && name[1] == ':'))
        {
            return "with an absolute path";
        }

        var segments = (name.EndsWith('/') ? name[..^1] : name).Split('/');
        return segments switch
        {
            _ when segments.Any(segment => segment is "" or "." or "..") => "with an empty or a dotted segment in its path",

            // File systems count bytes.
            _ when segments.Any(segment => Encoding.UTF8.GetByteCount(segment) > LongestSegment) => "whose name is too long",
            _ when Encoding.UTF8.GetByteCount(name) > LongestName => "whose path is too long",
            _ => null,
        };
    }

    /// <summary>Whatever packed it: the upper half holds a Unix mode on all systems or is zero.</summary>
    private static bool IsSpecial(ZipArchiveEntry entry) => ((entry.ExternalAttributes >> 16) & FileType) switch
    {
        0 or RegularFile => false,
        Folder => !entry.FullName.EndsWith('/'),
        _ => true,
    };

    private static string Shown(string name)
    {
        var shown = string.Concat(name.Take(LongestSegment).Select(character => char.IsControl(character) ? '?' : character));
        return shown.Length < name.Length ? shown + "…" : shown;
    }
}
