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

    private const string Records = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/";

    /// <summary>Filters of records.</summary>
    private const string Filters = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/";

    private const string Cql2 = "http://www.opengis.net/spec/cql2/1.0/conf/";

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
        Records + "record-core",
        Records + "record-collection",
        Records + "record-core-query-parameters",
        Records + "record-api",
        Records + "searchable-catalog",
        Records + "sorting",
        Records + "filtering",
        Records + "json",
        Records + "html",
        Filters + "queryables",
        Filters + "filter",
        Cql2 + "cql2-text",
        Cql2 + "basic-cql2",
        Cql2 + "advanced-comparison-operators",
        Cql2 + "case-insensitive-comparison",
        Cql2 + "basic-spatial-functions",
        Cql2 + "temporal-functions",
    ];
}
