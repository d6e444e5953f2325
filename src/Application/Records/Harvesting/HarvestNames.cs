namespace GeoWps.Application.Records.Harvesting;

internal static class HarvestNames
{
    public const string Process = "geowps:harvest";

    /// <summary>Inputs.</summary>
    public const string Source = "source";
    public const string MaxRemoved = "maxRemoved";

    /// <summary>Outputs.</summary>
    public const string Added = "added";
    public const string Changed = "changed";
    public const string Removed = "removed";
    public const string Same = "same";
    public const string Seconds = "seconds";

    /// <summary>Under which the times of a source are taken, beside those of seedings: no schedule's id has a slash.</summary>
    public static string ScheduleOf(string source) => $"harvest/{source}";
}
