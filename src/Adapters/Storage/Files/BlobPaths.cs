using System.Security.Cryptography;

namespace GeoWps.Adapters.Storage.Files;

/// <summary>
/// Where things lie below the blob folder. A blob <c>a/b.gpkg</c> is two files in the folder <c>a</c>: its record <c>b.gpkg~</c> and the content that
/// the record names, <c>0123456789abcdef~b.gpkg</c> (ETag first, so that programs still see the extension).
/// </summary>
/// <remarks>
/// The record is what makes it a blob, so that replacing both is one rename. What lies below <c>files/</c> has a third name, its own, <c>b.gpkg</c>, for people and programs that look
/// into the folder; the store itself never reads it.
/// </remarks>
internal sealed class BlobPaths(string root)
{
    private const char Mark = '~';
    private const string ShownPrefix = "files/";

    public string Root { get; } = root;

    /// <summary>What is being written, or deleted; nothing in it is of any worth after a restart. No key leads here: leading dots are escaped.</summary>
    public string Temporary { get; } = Path.Combine(root, ".tmp");

    public string Record(string key)
    {
        var (folder, name) = Locate(key);
        return Path.Combine(folder, name + Mark);
    }

    public string Content(string key, string eTag)
    {
        var (folder, name) = Locate(key);
        return Path.Combine(folder, $"{eTag}{Mark}{name}");
    }

    /// <summary>The content under the key's own name; <see langword="null"/> for keys that are not shown so.</summary>
    public string? Shown(string key)
    {
        if (!key.StartsWith(ShownPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        var (folder, name) = Locate(key);
        return Path.Combine(folder, name);
    }

    /// <summary>The last segment of a key, as a file's name.</summary>
    public static string NameOf(string key) => BlobKey.Escape(key.AsSpan(key.LastIndexOf('/') + 1));

    /// <param name="segments">Whole segments, divided by slashes; empty for the root.</param>
    public string Folder(string segments)
    {
        var path = Root;
        if (segments.Length > 0)
        {
            foreach (var range in segments.AsSpan().Split('/'))
            {
                path = Path.Combine(path, BlobKey.Escape(segments.AsSpan(range)));
            }
        }

        return path;
    }

    /// <returns>The last segment of the key whose record has this file name; <see langword="null"/> for any other file.</returns>
    public static string? SegmentOfRecord(string fileName) => fileName[^1] == Mark ? BlobKey.Unescape(fileName[..^1]) : null;

    public string NewTemporary() => Path.Combine(Temporary, NewName());

    /// <summary>A name that was never given before: 64 random bits.</summary>
    public static string NewName() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    private (string Folder, string Name) Locate(string key)
    {
        BlobKey.Require(key);
        var slash = key.LastIndexOf('/');
        return (Folder(slash < 0 ? "" : key[..slash]), BlobKey.Escape(key.AsSpan(slash + 1)));
    }
}
