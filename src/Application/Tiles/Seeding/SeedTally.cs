namespace GeoWps.Application.Tiles.Seeding;

/// <summary>What a seeding has come to, in tiles.</summary>
/// <param name="Made">That were made and kept.</param>
/// <param name="Kept">That were there and fresh.</param>
/// <param name="Empty">Of those made, without content.</param>
/// <param name="Failed">That could not be made, or not be kept.</param>
/// <param name="Bytes">Of those made.</param>
internal readonly record struct SeedTally(long Made, long Kept, long Empty, long Failed, long Bytes)
{
    public long Tiles => Made + Kept + Failed;

    public static SeedTally operator +(SeedTally one, SeedTally other) =>
        new(one.Made + other.Made, one.Kept + other.Kept, one.Empty + other.Empty, one.Failed + other.Failed, one.Bytes + other.Bytes);
}
