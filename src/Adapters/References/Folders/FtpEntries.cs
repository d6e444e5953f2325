using System.Globalization;
using System.Text.RegularExpressions;

namespace GeoWps.Adapters.References.Folders;

/// <summary>Lines of lists of folders.</summary>
internal static partial class FtpEntries
{
    private static readonly string[] _times = ["yyyyMMddHHmmss", "yyyyMMddHHmmss.f", "yyyyMMddHHmmss.ff", "yyyyMMddHHmmss.fff"];

    /// <summary>Of MLSD: RFC 3659, 7.</summary>
    /// <returns><see langword="null"/>: the folder itself, its parent, or no such line.</returns>
    public static RemoteEntry? OfFacts(string line)
    {
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0)
        {
            return null;
        }

        var facts = line[..blank].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(fact => fact.Split('=', 2)).Where(fact => fact.Length == 2)
            .DistinctBy(fact => fact[0], StringComparer.OrdinalIgnoreCase).ToDictionary(fact => fact[0], fact => fact[1], StringComparer.OrdinalIgnoreCase);
        var kind = facts.GetValueOrDefault("type")?.ToLowerInvariant();
        return kind is "cdir" or "pdir" || line.Length == blank + 1 ? null : new RemoteEntry(
            line[(blank + 1)..],
            kind switch { "file" => RemoteEntryKind.File, "dir" => RemoteEntryKind.Folder, _ => RemoteEntryKind.Other },
            long.TryParse(facts.GetValueOrDefault("size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0,
            Time(facts.GetValueOrDefault("modify")));
    }

    /// <summary>Of LIST, as Unix or Windows writes it; the time is not read, since it has no year, no seconds or no zone.</summary>
    /// <returns><see langword="null"/>: no line of a thing, or the folder itself or its parent.</returns>
    public static RemoteEntry? OfList(string line)
    {
        if (Unix().Match(line) is { Success: true } unix)
        {
            return unix.Groups["name"].Value is "." or ".." ? null : new RemoteEntry(
                unix.Groups["name"].Value,
                unix.Groups["kind"].Value switch { "-" => RemoteEntryKind.File, "d" => RemoteEntryKind.Folder, _ => RemoteEntryKind.Other },
                long.Parse(unix.Groups["size"].Value, CultureInfo.InvariantCulture),
                null);
        }

        return Windows().Match(line) is { Success: true } windows ? new RemoteEntry(
            windows.Groups["name"].Value,
            windows.Groups["size"].Success ? RemoteEntryKind.File : RemoteEntryKind.Folder,
            windows.Groups["size"].Success ? long.Parse(windows.Groups["size"].Value, CultureInfo.InvariantCulture) : 0,
            null) : null;
    }

    /// <summary>As MLSD and MDTM have it, UTC: RFC 3659, 2.3.</summary>
    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, _times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    [GeneratedRegex(@"^(?<kind>[-a-zA-Z])[-rwxsStTlL+.@]{9,11}\s+\d+\s+\S+\s+\S+\s+(?<size>\d{1,18})\s+\S+\s+\d+\s+[\d:]+ (?<name>.+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Unix();

    [GeneratedRegex(@"^\d\d-\d\d-\d{2,4}\s+\d\d:\d\d\s?([AP]M)?\s+(<DIR>|(?<size>\d{1,18}))\s+(?<name>.+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Windows();
}
