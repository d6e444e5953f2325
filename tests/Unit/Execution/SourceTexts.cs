namespace GeoWps.Tests.Unit.Execution;

/// <summary>Texts that QGIS or GDAL would open: every form that must not reach them.</summary>
internal static class SourceTexts
{
    public static readonly string[] Forms =
    [
        "/vsicurl/http://example.org/a.tif", "/vsis3/bucket/a.tif", "/vsizip/a.zip/a.shp", "/vsitar/a.tar/a", "/vsisubfile/0_10,/etc/passwd", "/vsistdin/",
        "/vsimem/a", "/vsizip//vsicurl/http://example.org/a.zip/a.shp",
        "PG:dbname=a host=b", "MYSQL:a", "MSSQL:server=a", "OCI:a/b@c", "MongoDBv3:mongodb://a", "WFS:http://example.org", "WMS:http://example.org",
        "WCS:http://example.org", "OAPIF:http://example.org", "CSW:http://example.org", "ES:http://example.org", "CARTO:a", "GPKG:a.gpkg:b", "SQLITE:a.db",
        "NETCDF:a.nc:b", "HDF5:a.h5://b", "DERIVED_SUBDATASET:LOGAMPLITUDE:a.tif", "ZARR:a", "VRT:a", "vrt://a.tif?bands=1",
        "dbname='a' host=b", "postgis:a", "delimitedtext:a", "delimitedtext://file:///etc/passwd?delimiter=:", "memory?geometry=Point", "memory:a",
        "virtual?layer=a", "virtual://?query=SELECT 1", "url=http://example.org&type=xyz", "contextualWMSLegend=0&url=a", "a authcfg=abc1234",
        "a.gpkg|layername=b", "a.gpkg|subset=1=1", "a.gpkg|option:A=B",
        "/etc/passwd", "../a.shp", "~/a.shp", "~root", "C:\\a.shp", "\\\\host\\a", "file:///etc/passwd", "file:a", "/dev/stdin", "/proc/self/environ",
        "QgsProperty.fromExpression('1')", "QgsProcessingFeatureSourceDefinition('a')", "project:a",
        "http://example.org/a.tif", "<VRTDataset/>",
    ];

    /// <summary>No form tells them from any other text: they are harmless as long as they are only ever content.</summary>
    public static readonly string[] Names =
    [
        "a.shp", "polygon.gpkg", "POINT.shp", "points", "linestring-2.tif", "multipolygon", "{\"type\": \"data-defined\", \"expression\": \"1\"}",
    ];

    public static readonly string[] All = [.. Forms, .. Names];
}
