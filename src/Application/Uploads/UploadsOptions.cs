using System.ComponentModel.DataAnnotations;

namespace GeoWps.Application.Uploads;

/// <summary>Section <c>Uploads</c>: files that come in as many requests as it takes.</summary>
public sealed class UploadsOptions
{
    public const string Section = "Uploads";

    /// <summary>MiB that one upload may have; never more than a file may (<c>Files:MaxFileMb</c>). Default: 102,400 (100 GiB).</summary>
    [Range(1, 1_000_000_000)]
    public long MaxMb { get; set; } = 102_400;

    /// <summary>Hours after which an upload that nothing is added to is removed, with what came of it. Default: 168 (a week).</summary>
    [Range(1, 100_000)]
    public int ExpiryHours { get; set; } = 168;

    /// <summary>Uploads of one owner that are not finished, at most; all that come without a token count as one owner's. Default: 1,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxUnfinished { get; set; } = 1_000;

    internal long MaxBytes => MaxMb * 1024 * 1024;

    internal TimeSpan Life => TimeSpan.FromHours(ExpiryHours);
}
