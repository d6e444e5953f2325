using System.Globalization;

namespace GeoWps.Domain.Time;

/// <summary>The parameter <c>datetime</c>: an instant or an interval, either end open (<c>..</c> or nothing). Both ends are included.</summary>
/// <remarks>A time means all that its precision covers: a second without a fraction is the whole second, a date the whole day (UTC).</remarks>
public readonly record struct TimeInterval(DateTimeOffset? From, DateTimeOffset? To)
{
    private static readonly string[] Times = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK"];
    private static readonly string[] Fractions = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static bool TryParse(string text, out TimeInterval interval)
    {
        interval = default;
        var parts = text.Split('/');
        if (parts.Length == 1)
        {
            return TryInstant(text, out var start, out var end) && Set(start, end, out interval);
        }

        return parts.Length == 2
            && TryBound(parts[0], isEnd: false, out var from)
            && TryBound(parts[1], isEnd: true, out var to)
            && !(from > to)
            && Set(from, to, out interval);
    }

    /// <summary>RFC 3339, to the second below; <see langword="null"/> for an open end.</summary>
    public static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static bool Set(DateTimeOffset? from, DateTimeOffset? to, out TimeInterval interval)
    {
        interval = new TimeInterval(from, to);
        return true;
    }

    private static bool TryBound(string text, bool isEnd, out DateTimeOffset? bound)
    {
        bound = null;
        if (text is "" or "..")
        {
            return true;
        }

        if (!TryInstant(text, out var first, out var last))
        {
            return false;
        }

        bound = isEnd ? last : first;
        return true;
    }

    private static bool TryInstant(string text, out DateTimeOffset first, out DateTimeOffset last)
    {
        // A plus sign that was sent bare arrives as a space.
        text = text.ToUpperInvariant().Replace(' ', '+');
        var covers =
            TryExact(text, Fractions, out first) && text.Contains('.', StringComparison.Ordinal) ? TimeSpan.Zero
            : TryExact(text, Times, out first) ? TimeSpan.FromSeconds(1)
            : TryExact(text, ["yyyy-MM-dd"], out first) ? TimeSpan.FromDays(1)
            : (TimeSpan?)null;
        last = covers is { Ticks: > 0 } length ? first + length - TimeSpan.FromTicks(1) : first;
        return covers is not null;
    }

    private static bool TryExact(string text, string[] formats, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
