namespace GeoWps.Application;

/// <summary>Pauses between attempts, never quite the same for all: those who failed together do not come again together.</summary>
public static class Backoff
{
    // Far beyond any limit, and short of what a TimeSpan holds.
    private const int MostSteps = 16;

    /// <param name="before">Pauses there were before this one.</param>
    /// <param name="factor">By which each is longer than the one before.</param>
    /// <param name="share">By which it may be longer or shorter than that.</param>
    public static TimeSpan After(int before, TimeSpan first, TimeSpan most, double factor = 2, double share = 0.2)
    {
        var pause = first * Math.Pow(factor, Math.Min(before, MostSteps));
        return Spread(pause < most ? pause : most, share);
    }

    /// <param name="share">By which it may be longer or shorter.</param>
    public static TimeSpan Spread(TimeSpan pause, double share = 0.2) => pause * (1 - share + (2 * share * Random.Shared.NextDouble()));
}
