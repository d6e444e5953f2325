namespace GeoWps.Adapters.Storage;

/// <summary>Which part of a content is opened.</summary>
internal static class BlobRange
{
    /// <summary>Cuts what was asked for to what there is; a part that begins behind the end is empty.</summary>
    public static (long Offset, long Length) Cut(long offset, long? length, long contentLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        var from = Math.Min(offset, contentLength);
        return (from, Math.Min(length ?? long.MaxValue, contentLength - from));
    }
}
