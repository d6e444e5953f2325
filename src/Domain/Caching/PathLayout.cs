namespace GeoWps.Domain.Caching;

/// <summary>In which folders the files of tiles lie.</summary>
public enum PathLayout
{
    /// <summary>GeoWebCache's: <c>layer/set_04/03_05/0024_0041.png</c>; rows from the bottom.</summary>
    Default,

    /// <summary><c>layer/set/4/24/41.png</c>; rows from the bottom (Tile Map Service).</summary>
    Tms,

    /// <summary><c>layer/set/4/24/41.png</c>; rows from the top.</summary>
    Xyz,
}
