namespace GeoWps.Adapters.Http.Landing;

/// <summary>The conformance classes that the server declares: only what it fulfils completely.</summary>
internal static class Conformance
{
    /// <summary>Workflows and chaining: OGC 21-009, a draft.</summary>
    private const string Chains = "http://www.opengis.net/spec/ogcapi-processes-3/0.0/conf/";

    private const string Processes = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/";

    private const string Deployment = "http://www.opengis.net/spec/ogcapi-processes-2/1.0/conf/";

    private const string Tiles = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/";

    private const string Features = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/";

    private const string FeatureCrs = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/";

    public static IReadOnlyList<string> Classes { get; } =
    [
        Processes + "core",
        Processes + "ogc-process-description",
        Processes + "json",
        Processes + "html",
        Processes + "oas30",
        Processes + "job-list",
        Processes + "callback",
        Processes + "dismiss",
        Deployment + "deploy-replace-undeploy",
        Deployment + "ogcapppkg",
        Chains + "nested-processes",
        Tiles + "core",
        Tiles + "tileset",
        Tiles + "tilesets-list",
        Tiles + "dataset-tilesets",
        Tiles + "geodata-tilesets",
        Tiles + "collections-selection",
        Tiles + "oas30",
        Tiles + "mvt",
        Tiles + "png",
        Tiles + "jpeg",
        Features + "core",
        Features + "oas30",
        Features + "html",
        Features + "geojson",
        FeatureCrs + "crs",
    ];
}
