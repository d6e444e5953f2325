using System.ComponentModel.DataAnnotations;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>Section <c>Seeding</c>: making and removing tiles by the job.</summary>
public sealed class SeedingOptions
{
    public const string Section = "Seeding";

    /// <summary>Metatiles that all seeding and exporting of this node makes at once; 0: as many as there are processors. Default: 0.</summary>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>Whether seeding, truncating and exporting need no administrator's token. Default: false.</summary>
    public bool Anyone { get; set; }

    /// <summary>How often a metatile is tried again before its tiles count as failed, or end an export. Default: 3.</summary>
    [Range(0, 20)]
    public int Retries { get; set; } = 3;

    /// <summary>Which share of the tiles may fail before the job does, 0 to 1. Default: 0.1.</summary>
    [Range(0d, 1d)]
    public double FailedShare { get; set; } = 0.1;

    /// <summary>Lines that a list of changed tiles may have. Default: 1,000,000.</summary>
    [Range(1, 100_000_000)]
    public int ListedTiles { get; set; } = 1_000_000;

    /// <summary>Jobs by the clock, a line each: <c>NAME: MINUTE HOUR DAY MONTH WEEKDAY {"operation": "reseed", "layer": …}</c>; times are UTC. Default: none.</summary>
    public string[] Schedules { get; set; } = [];

    internal int MostThreads => Threads > 0 ? Threads : Environment.ProcessorCount;
}
