using System.Globalization;
using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>Tells without Python whether a kept catalogue may still be right: the installed QGIS, the operators' folders, our format.</summary>
internal static class CatalogueKey
{
    private const string Format = "3";

    private static readonly (string Folder, string Pattern)[] Installation =
    [
        ("/usr/lib", "libqgis_*.so*"),
        ("/usr/lib/x86_64-linux-gnu", "libqgis_*.so*"),
        ("/usr/lib/aarch64-linux-gnu", "libqgis_*.so*"),
        ("/usr/share/qgis/python/plugins", "*"),
        ("/usr/lib", "grass*"),
    ];

    public static string Of(ExecutionFolders folders)
    {
        var text = new StringBuilder(Format);
        foreach (var (folder, pattern) in Installation)
        {
            Add(text, folder, pattern, recurse: false);
        }

        return Hash(text.Append(OfFolders(folders)).ToString());
    }

    /// <summary>Changes with the name, size or time of any model or script; like QGIS, it looks into the folders below.</summary>
    public static string OfFolders(ExecutionFolders folders)
    {
        var text = new StringBuilder();
        foreach (var models in folders.AllModels)
        {
            Add(text, models, "*.model3", recurse: true);
        }

        foreach (var scripts in folders.AllScripts)
        {
            Add(text, scripts, "*.py", recurse: true);
        }

        return Hash(text.ToString());
    }

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private static void Add(StringBuilder text, string folder, string pattern, bool recurse)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var entry in Entries(folder, pattern, recurse).OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{entry.FullName} {entry.LastWriteTimeUtc.Ticks} {(entry as FileInfo)?.Length}");
        }
    }

    /// <summary>Linked files count, linked folders are not entered: they may lead round in a circle.</summary>
    private static FileSystemEnumerable<FileSystemInfo> Entries(string folder, string pattern, bool recurse) =>
        new(folder, (ref entry) => entry.ToFileSystemInfo(), new EnumerationOptions { RecurseSubdirectories = recurse, AttributesToSkip = FileAttributes.None })
        {
            ShouldIncludePredicate = (ref entry) => FileSystemName.MatchesSimpleExpression(pattern, entry.FileName, ignoreCase: true),
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
}
