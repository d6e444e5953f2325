namespace GeoWps.Adapters.Storage.Stored;

/// <summary>How much of a log is kept.</summary>
internal static class JobLogLimits
{
    public const int MostLines = 10_000;

    /// <summary>The text of the last line of a log that had more.</summary>
    public const string LeftOut = "Further lines are left out.";
}
