using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Storage.Layers;

/// <summary>Files of the operator's, below the folders that the settings name and nowhere else: links are followed before they are judged.</summary>
internal sealed class OperatorFolders(IOptions<LayersOptions> options) : IOperatorFolders
{
    private const int MostLinks = 40;

    public (string? Path, string? Refusal) Find(string path) => Find(path, "file", (real, open) => Below(real, open) && File.Exists(real));

    public (string? Path, string? Refusal) FindFolder(string path) => Find(path, "folder", (real, open) => (real == open || Below(real, open)) && Directory.Exists(real));

    private static bool Below(string real, string open) => real.StartsWith(open.TrimEnd('/') + "/", StringComparison.Ordinal);

    private (string? Path, string? Refusal) Find(string path, string what, Func<string, string, bool> fits)
    {
        var folders = options.Value.Folders;
        if (folders.Length == 0)
        {
            return (null, "no folder is open for files: the setting Layers:Folders names those that are");
        }

        if (!Path.IsPathFullyQualified(path))
        {
            return (null, $"must be the whole path of a {what} below one of Layers:Folders");
        }

        var real = RealPath(Path.GetFullPath(path), MostLinks);
        return real is not null && Array.Exists(folders, folder => RealPath(Path.GetFullPath(folder), MostLinks) is { } open && fits(real, open))
            ? (real, null)
            : (null, $"there is no such {what} below one of Layers:Folders");
    }

    /// <returns><see langword="null"/> for links that lead nowhere.</returns>
    private static string? RealPath(string path, int links)
    {
        if (links == 0)
        {
            return null;
        }

        var real = Path.GetPathRoot(path)!;
        var parts = path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            real = Path.Combine(real, parts[i]);
            if (new FileInfo(real).LinkTarget is { } target)
            {
                var onwards = Path.Combine([Path.GetDirectoryName(real)!, target, .. parts[(i + 1)..]]);
                return RealPath(Path.GetFullPath(onwards), links - 1);
            }
        }

        return real;
    }
}
