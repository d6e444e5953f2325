using System.Globalization;
using GeoWps.Application.Uploads;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Uploads;

/// <summary>The words of the protocol tus 1.0.0.</summary>
internal static class Tus
{
    public const string Version = "1.0.0";
    public const string Extensions = "creation,creation-with-upload,creation-defer-length,expiration,checksum,termination,concatenation";
    public const string BodyType = "application/offset+octet-stream";

    public const string ResumableHeader = "Tus-Resumable";
    public const string VersionHeader = "Tus-Version";
    public const string ExtensionHeader = "Tus-Extension";
    public const string MaxSizeHeader = "Tus-Max-Size";
    public const string AlgorithmHeader = "Tus-Checksum-Algorithm";
    public const string OffsetHeader = "Upload-Offset";
    public const string LengthHeader = "Upload-Length";
    public const string DeferHeader = "Upload-Defer-Length";
    public const string MetadataHeader = "Upload-Metadata";
    public const string ChecksumHeader = "Upload-Checksum";
    public const string ConcatHeader = "Upload-Concat";
    public const string ExpiresHeader = "Upload-Expires";
    public const string OverrideHeader = "X-HTTP-Method-Override";

    public const string Partial = "partial";
    public const string Final = "final";

    /// <summary>The one of the checksum extension: what came is not what the checksum says.</summary>
    public const int ChecksumMismatch = 460;

    /// <summary>Header names that pages of other origins have to see.</summary>
    public const string Exposed =
        "Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, Upload-Offset, Upload-Length, Upload-Defer-Length, Upload-Metadata, Upload-Concat, Upload-Expires, Content-Location";

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What can be done here; also of a refused version.</summary>
    public static void Describe(HttpResponse response, UploadLimit limit)
    {
        response.Headers[ResumableHeader] = Version;
        response.Headers[VersionHeader] = Version;
        response.Headers[ExtensionHeader] = Extensions;
        response.Headers[AlgorithmHeader] = string.Join(',', UploadChecksum.Algorithms);
        response.Headers[MaxSizeHeader] = Text(limit.MostBytes);
    }
}
