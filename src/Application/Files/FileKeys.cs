using GeoWps.Domain.Files;

namespace GeoWps.Application.Files;

/// <summary>Where files are in the blob store.</summary>
public static class FileKeys
{
    public const string Prefix = "files/";

    public static string Of(FilePath path) => Prefix + path.Text;

    /// <summary>Of all that is in a folder.</summary>
    public static string Below(FilePath folder) => folder.IsRoot ? Prefix : $"{Prefix}{folder.Text}/";
}
