namespace GeoWps.Domain.Uploads;

/// <summary>Bytes of an upload that lie together.</summary>
/// <param name="Offset">Of its first byte in the upload.</param>
/// <param name="Length">Bytes, at least one.</param>
/// <param name="Key">Of the blob that has them, and nothing else.</param>
public sealed record UploadPiece(long Offset, long Length, string Key);
