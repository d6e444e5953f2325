namespace GeoWps.Adapters.Discovery;

/// <summary>Pauses between attempts: 0.25 s, then twice as long each time up to a limit, each a fifth more or less so that nodes do not come all at once.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);

    /// <param name="failures">In a row, at least one.</param>
    public static TimeSpan After(int failures, TimeSpan most)
    {
        var pause = First * Math.Pow(2, Math.Min(failures - 1, 16));
        return (pause < most ? pause : most) * (0.8 + (Random.Shared.NextDouble() * 0.4));
    }
}
