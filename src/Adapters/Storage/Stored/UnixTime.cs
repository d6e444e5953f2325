namespace GeoWps.Adapters.Storage.Stored;

/// <summary>Times as they are stored: whole milliseconds since 1970. A bound is rounded to the side on which it lets the same milliseconds in.</summary>
internal static class UnixTime
{
    public static long Floor(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static long Ceiling(DateTimeOffset time) =>
        time.ToUnixTimeMilliseconds() + (time.UtcTicks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1);
}
