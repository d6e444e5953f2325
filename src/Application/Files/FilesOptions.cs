using System.ComponentModel.DataAnnotations;

namespace GeoWps.Application.Files;

/// <summary>Section <c>Files</c>: how much may be stored.</summary>
public sealed class FilesOptions
{
    public const string Section = "Files";

    /// <summary>MiB of all files together; 0: no limit. Default: 0.</summary>
    [Range(0L, 1L << 40)]
    public long QuotaMb { get; set; }

    /// <summary>MiB of the files of one owner; 0: no limit. Those of nobody in particular count as one owner's. Default: 0.</summary>
    [Range(0L, 1L << 40)]
    public long OwnerQuotaMb { get; set; }

    /// <summary>MiB of one file, however it comes. Default: 102,400 (100 GiB).</summary>
    [Range(1L, 1L << 30)]
    public long MaxFileMb { get; set; } = 102_400;
}
