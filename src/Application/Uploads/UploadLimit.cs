using GeoWps.Application.Ports;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Uploads;

/// <summary>How large an upload may be: no more than it may be itself, and than the file may be that it becomes.</summary>
public sealed class UploadLimit(IOptions<UploadsOptions> options, IFinishedUploads files)
{
    public long MostBytes => Math.Min(options.Value.MaxBytes, files.MostBytes);

    /// <summary>Files may be less than uploads.</summary>
    public bool IsOfFiles => files.MostBytes < options.Value.MaxBytes;
}
