using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Results;

/// <summary>A part of some content, in bytes.</summary>
internal readonly record struct ByteRange(long Offset, long Length)
{
    public static ByteRange Whole(long length) => new(0, length);

    /// <summary>As <c>Content-Range</c>.</summary>
    public string HeaderOf(long whole) => string.Create(CultureInfo.InvariantCulture, $"bytes {Offset}-{Offset + Length - 1}/{whole}");

    public static string HeaderOfNone(long whole) => string.Create(CultureInfo.InvariantCulture, $"bytes */{whole}");

    /// <summary>Reads a <c>Range</c> of one part; what is no range of bytes, or several, is answered with the whole (RFC 9110, 14.2).</summary>
    /// <returns><see langword="null"/> when the range lies outside.</returns>
    public static ByteRange? Read(StringValues header, long length)
    {
        if (header.Count == 0
            || !RangeHeaderValue.TryParse(header.ToString(), out var parsed)
            || !parsed.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase)
            || parsed.Ranges.Count != 1)
        {
            return Whole(length);
        }

        var range = parsed.Ranges.First();
        if (range.From is not { } from)
        {
            var last = Math.Min(range.To ?? 0, length);
            return last == 0 ? null : new ByteRange(length - last, last);
        }

        return from >= length ? null : new ByteRange(from, Math.Min(range.To ?? (length - 1), length - 1) - from + 1);
    }
}
