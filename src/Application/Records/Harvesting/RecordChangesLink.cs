namespace GeoWps.Application.Records.Harvesting;

/// <summary>How a node tells those who harvest it what has changed since a state: a link of its catalogue, and the members of what is there beside those of a FeatureCollection.</summary>
public static class RecordChangesLink
{
    /// <summary>An extension relation type (RFC 8288, clause 2.1.2): the standards have none for it.</summary>
    public const string Relation = "urn:geowps:rel:record-changes";

    /// <summary>The parameter with the state.</summary>
    public const string Since = "since";

    /// <summary>What to ask with next time.</summary>
    public const string State = "state";

    /// <summary>How many records the caller sees in all.</summary>
    public const string Total = "numberTotal";

    /// <summary>Ids.</summary>
    public const string Removed = "removed";

    /// <summary>Changes, and removals, in one answer: who has missed more reads all of it as quickly.</summary>
    public const int Most = 5_000;
}
