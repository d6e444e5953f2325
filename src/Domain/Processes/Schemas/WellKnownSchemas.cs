namespace GeoWps.Domain.Processes.Schemas;

/// <summary>The published schemas and formats that are built in: a reference to one of them is known by its last segment and never followed.</summary>
internal static class WellKnownSchemas
{
    /// <summary>Registered formats: OGC API - Processes 1.0, table 13; bare and as URI.</summary>
    public static WellKnownObject OfFormat(string? format) => LastSegment(format ?? "") switch
    {
        "ogc-bbox" => WellKnownObject.BoundingBox,
        "geojson-geometry" => WellKnownObject.Geometry,
        "geojson-feature" => WellKnownObject.Feature,
        "geojson-feature-collection" => WellKnownObject.FeatureCollection,
        _ => WellKnownObject.None,
    };

    public static WellKnownObject OfReference(string reference) => Path.GetFileNameWithoutExtension(LastSegment(reference)) switch
    {
        "bbox" => WellKnownObject.BoundingBox,
        "geometryGeoJSON" or "Geometry" => WellKnownObject.Geometry,
        "featureGeoJSON" or "Feature" => WellKnownObject.Feature,
        "featureCollectionGeoJSON" or "FeatureCollection" => WellKnownObject.FeatureCollection,
        _ => WellKnownObject.None,
    };

    private static string LastSegment(string address) => address[(address.LastIndexOf('/') + 1)..];
}
