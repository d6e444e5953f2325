using GeoWps.Domain.Spatial;

namespace GeoWps.Application.Records;

/// <summary>Boxes in degrees.</summary>
public static class RecordAreas
{
    /// <summary>RFC 7946, 5.2: where west is east of east, the box crosses the antimeridian and has two parts.</summary>
    public static IReadOnlyList<Extent> Of(double west, double south, double east, double north) => west <= east
        ? [new Extent(west, south, east, north)]
        : [new Extent(west, south, 180, north), new Extent(-180, south, east, north)];
}
