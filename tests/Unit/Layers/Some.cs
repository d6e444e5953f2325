using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Tests.Unit.Layers;

internal static class Some
{
    public static Layer Layer(string id) => new()
    {
        Id = id,
        Title = id,
        Source = new LayerSource.GeoPackage("1-abc/data.gpkg", "t"),
        Contents = new LayerContents { Kind = LayerKind.Vector, Extent = Extent.World },
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
    };

    /// <summary>Nothing in it is as it is by default.</summary>
    public static Layer FullLayer(string id) => new()
    {
        Id = id,
        Title = "Ein Titel mit \"Zeichen\" <ü>",
        Description = "d",
        Keywords = ["a", "b"],
        Attribution = "who",
        SearchFields = ["name"],
        Source = new LayerSource.GeoPackage("3-x/data.gpkg", "table"),
        Home = "node-1",
        Contents = new LayerContents
        {
            Kind = LayerKind.Vector,
            Crs = new Crs("EPSG", "2056"),
            Extent = new Extent(1.5, 2, 3, 4),
            GeometryType = "Polygon",
            FeatureCount = 12,
            Fields = [new("name", "string"), new("when", "string", "date-time") { Range = new Domain.Time.TimeInterval(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddTicks(123_456_789)) }],
            TimeField = "when",
        },
        Tiles = new LayerTiles
        {
            TileMatrixSets = ["WorldMercatorWGS84Quad"],
            Formats = [TileFormat.Png, TileFormat.Mvt],
            MinLevel = 2,
            MaxLevel = 7,
            Attributes = ["name"],
            Name = "inside",
            TileExtent = 512,
            Buffer = 8,
            Simplification = 0.5,
            MinSize = 3,
            MaxFeatures = 9,
            MaxBytes = 2048,
            MetaTile = 2,
            Gutter = 1,
        },
        Caching = new LayerCaching
        {
            Enabled = false,
            MaxAgeSeconds = 1,
            ExpireSeconds = 2,
            ExpireByLevel = new Dictionary<int, int> { [3] = 4 },
            ServeStale = true,
            QuotaBytes = 5_000_000_000,
            Encoding = TileEncoding.Brotli,
        },
        Style = new LayerStyle(StyleKind.MapLibre, """{"version":8,"layers":[]}"""),
        Job = "0123456789abcdef0123456789abcdef",
        Created = DateTimeOffset.UnixEpoch.AddDays(1),
        Updated = DateTimeOffset.UnixEpoch.AddDays(2),
        Expires = DateTimeOffset.UnixEpoch.AddDays(30_000),
        Bytes = 77,
    };

    public static LayerSource[] Sources { get; } =
    [
        new LayerSource.PostGis("main", "public.roads", "geom", "id", 4326),
        new LayerSource.PostGis("main", "(select 1)", "geom", null, 0),
        new LayerSource.Drawn("/srv/x.qgz", DrawnKind.Project),
        new LayerSource.Drawn("1-a/data.tif", DrawnKind.Raster),
        new LayerSource.Upstream(UpstreamKind.Wmts, "https://h/{TileMatrix}/{TileRow}/{TileCol}", "WebMercatorQuad", ["a", "b"]),
        new LayerSource.Upstream(UpstreamKind.Tms, "https://h/{z}/{x}/{-y}", "WebMercatorQuad"),
        new LayerSource.Tiles("1-a/data.mbtiles"),
    ];
}
