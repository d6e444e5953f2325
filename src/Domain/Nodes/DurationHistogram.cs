namespace GeoWps.Domain.Nodes;

/// <summary>
/// Durations in steps that grow by an eighth of a doubling (9 %), from a tenth of a millisecond to two hours; what is outside counts in the first or last step. Several
/// threads may add at once.
/// </summary>
public sealed class DurationHistogram
{
    private const double FirstMs = 0.1;
    private const int StepsPerDoubling = 8;

    /// <summary>26 doublings of a tenth of a millisecond are 1.9 hours.</summary>
    public const int Steps = 26 * StepsPerDoubling;

    private readonly long[] _counts = new long[Steps];

    public void Add(TimeSpan duration) => Interlocked.Increment(ref _counts[StepOf(duration.TotalMilliseconds)]);

    /// <param name="step">As <see cref="Counts"/> tells it.</param>
    public void Add(int step, long count) => Interlocked.Add(ref _counts[Math.Clamp(step, 0, Steps - 1)], count);

    /// <summary>Steps that hold something, in order.</summary>
    public IEnumerable<KeyValuePair<int, long>> Counts()
    {
        for (var step = 0; step < Steps; step++)
        {
            if (Interlocked.Read(ref _counts[step]) is > 0 and var count)
            {
                yield return new(step, count);
            }
        }
    }

    /// <summary>The upper end of the step in which the part of all durations lies that is <paramref name="quantile"/>, in milliseconds; 0 when there is none.</summary>
    /// <param name="quantile">0.95: as long as 95 of 100 take at most.</param>
    public double QuantileMs(double quantile)
    {
        var counts = Counts().ToArray();
        var left = (long)Math.Ceiling(counts.Sum(step => step.Value) * quantile);
        foreach (var (step, count) in counts)
        {
            left -= count;
            if (left <= 0)
            {
                return UpperMs(step);
            }
        }

        return 0;
    }

    /// <summary>The upper end of a step, in milliseconds.</summary>
    public static double UpperMs(int step) => FirstMs * Math.Pow(2, (step + 1) / (double)StepsPerDoubling);

    private static int StepOf(double ms) => ms <= FirstMs ? 0 : Math.Clamp((int)(Math.Log2(ms / FirstMs) * StepsPerDoubling), 0, Steps - 1);
}
