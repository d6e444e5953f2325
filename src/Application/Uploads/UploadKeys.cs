using System.Globalization;
using System.Security.Cryptography;
using GeoWps.Domain.Uploads;

namespace GeoWps.Application.Uploads;

/// <summary>Under which keys the bytes of uploads lie in the blob store.</summary>
internal static class UploadKeys
{
    public const string Prefix = "uploads/";

    public const string ContentType = "application/octet-stream";

    public static string All(UploadId id) => $"{Prefix}{id}/";

    /// <summary>A key that was never given before: who was cut off and does not know it yet overwrites nothing.</summary>
    public static string NewPiece(UploadId id, long offset) =>
        $"{Prefix}{id}/{offset.ToString("x12", CultureInfo.InvariantCulture)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";

    /// <summary>All pieces put together.</summary>
    public static string Whole(UploadId id) => $"{Prefix}{id}/whole";
}
