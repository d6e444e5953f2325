using System.Text;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Safety;

/// <summary>What a caller sends is data. Nothing of it is ever opened as the name of something else.</summary>
[Collection(StrangersServerTests.Name)]
public sealed class SourceTests(StrangersServer qgis)
{
    /// <summary><c>{csv}</c> and its kin are files of the server with a secret in them, <c>{canary}</c> is a server that must not be asked.</summary>
    public static TheoryData<string> Sources => new(
        "/vsicurl/{canary}/secret.geojson", "/vsis3/bucket/secret.geojson", "/vsizip/{zip}/secret.geojson", "/vsizip/vsicurl/{canary}/secret.zip", "/vsitar/{zip}",
        "/vsisubfile/0_100,{txt}", "/vsistdin/", "/vsimem/x.geojson", "/vsigzip//vsizip/{zip}",
        "PG:host=127.0.0.1 port={port} dbname=x", "MYSQL:x,host=127.0.0.1,port={port}", "MSSQL:server=127.0.0.1,{port};database=x", "OCI:x/y@z", "MongoDBv3:mongodb://127.0.0.1:{port}",
        "WFS:{canary}/wfs", "WMS:{canary}/wms", "WCS:{canary}/wcs", "OAPIF:{canary}", "CSW:{canary}", "ES:{canary}", "CARTO:x", "GPKG:{gpkg}:secret", "SQLITE:{gpkg}",
        "NETCDF:{txt}:x", "HDF5:{txt}://x", "DERIVED_SUBDATASET:LOGAMPLITUDE:{tif}", "ZARR:{txt}", "VRT:{txt}", "vrt://{tif}", "GTIFF_DIR:1:{tif}", "GTIFF_RAW:{tif}",
        "dbname='x' host=127.0.0.1 port={port} table=\"t\"", "postgis:host=127.0.0.1", "delimitedtext:file://{csv}?delimiter=,", "delimitedtext://file://{csv}?delimiter=,&wktField=WKT",
        "file://{csv}?delimiter=,&wktField=WKT", "memory?geometry=Point", "Point?crs=EPSG:4326", "virtual:?layer_ref=x", "?query=select 1", "virtual://?layer=ogr:{geojson}",
        "url={canary}/{z}/{x}/{y}.png&type=xyz", "contextualWMSLegend=0&url={canary}/wms", "dbname='x' authcfg=abcdefg", "ogr:{geojson}", "gdal:{tif}", "spatialite:dbname='{gpkg}'",
        "{gpkg}|layername=secret", "{gpkg}|layername=secret|subset=1=1", "{gpkg}|option:IMMUTABLE=YES",
        "{geojson}", "{csv}", "{txt}", "{tif}", "../../../../../../etc/passwd", "../1/x.geojson", "~/.bashrc", "C:\\secret.csv", "\\\\host\\share\\x.csv", "file://{geojson}", "file:{geojson}",
        "/dev/stdin", "/proc/self/environ", "/etc/passwd", "{canary}/secret.geojson",
        "QgsProperty.fromExpression('1')", "QgsProcessingFeatureSourceDefinition('{geojson}')", "project:x", "model:x",
        "<OGRVRTDataSource><OGRVRTLayer name=\"secret\"><SrcDataSource>{geojson}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        "<GDAL_WMS><Service name=\"TMS\"><ServerUrl>{canary}/</ServerUrl></Service></GDAL_WMS>",
        "<VRTDataset rasterXSize=\"2\" rasterYSize=\"2\"><VRTRasterBand dataType=\"Byte\" band=\"1\" subClass=\"VRTRawRasterBand\"><SourceFilename>{txt}</SourceFilename></VRTRasterBand></VRTDataset>",
        "{\"type\":\"FeatureCollection\",\"features\":\"{geojson}\"}");

    [QgisTheory]
    [MemberData(nameof(Sources))]
    public async Task A_source_as_a_layer_is_refused_in_any_wrapping(string template)
    {
        var source = Filled(template);
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(source));
        object[] wrappings =
        [
            source,
            new { value = source },
            new { value = source, mediaType = "application/geo+json" },
            new { value = source, mediaType = "application/gml+xml" },
            new { value = source, mediaType = "text/plain" },
            new { value = base64, encoding = "base64", mediaType = "application/geopackage+sqlite3" },
            new { value = base64, encoding = "base64", mediaType = "application/octet-stream" },
            new { path = source },
            new { layer = source },
        ];
        foreach (var input in wrappings)
        {
            (await CentroidsAsync(input)).ShouldBe(400).Text.ShouldContain("INPUT");
        }

        foreach (var process in new[] { "native:slope", "gdal:slope" })
        {
            (await qgis.ExecuteAsync(process, new { inputs = new { INPUT = new { value = base64, encoding = "base64", mediaType = "image/tiff" } } })).ShouldBe(400);
            (await qgis.ExecuteAsync(process, new { inputs = new { INPUT = source } })).ShouldBe(400);
        }
    }

    [QgisTheory]
    [MemberData(nameof(Sources))]
    public async Task A_source_as_a_reference_is_refused(string template)
    {
        var source = Filled(template);

        (await CentroidsAsync(new { href = source })).ShouldBe(400).Text.ShouldContain("INPUT");
        (await CentroidsAsync(new { href = source, type = "text/csv" })).ShouldBe(400);
        (await qgis.ExecuteAsync("native:mergevectorlayers", new { inputs = new { LAYERS = new object[] { Sample.Point(0, 0), new { href = source } } } })).ShouldBe(400);
        (await qgis.ExecuteAsync("qgis:idwinterpolation", new
        {
            inputs = new
            {
                INTERPOLATION_DATA = new[] { new { layer = new { href = source }, valueSource = 0, attributeIndex = 0, type = 0 } },
                EXTENT = new { bbox = new[] { 0, 0, 2, 2 } },
            },
        })).ShouldBe(400);
    }

    [QgisTheory]
    [InlineData("{geojson}")]
    [InlineData("/etc/passwd")]
    [InlineData("delimitedtext://file://{csv}?delimiter=,&wktField=WKT")]
    public async Task A_source_inside_a_structure_is_refused(string template)
    {
        foreach (var layer in new object[] { Filled(template), new { value = Filled(template) }, new { source = Filled(template) } })
        {
            var answer = await qgis.ExecuteAsync("qgis:idwinterpolation", new
            {
                inputs = new
                {
                    INTERPOLATION_DATA = new[] { new { layer, valueSource = 0, attributeIndex = 0, type = 0 } },
                    EXTENT = new { bbox = new[] { 0, 0, 2, 2 } },
                },
            });
            answer.ShouldBe(400);
        }

        (await qgis.ExecuteAsync("qgis:idwinterpolation", new
        {
            inputs = new { INTERPOLATION_DATA = $"{Filled(template)}::~::0::~::0::~::0", EXTENT = new { bbox = new[] { 0, 0, 2, 2 } } },
        })).ShouldBe(400);
    }

    [QgisTheory]
    [InlineData("native:extractbyextent", "EXTENT", "{geojson}")]
    [InlineData("native:extractbyextent", "EXTENT", "{tif}")]
    [InlineData("native:extractbyextent", "EXTENT", "/etc/passwd")]
    [InlineData("native:reprojectlayer", "TARGET_CRS", "{txt}")]
    [InlineData("native:reprojectlayer", "TARGET_CRS", "{canary}/crs")]
    [InlineData("native:reprojectlayer", "TARGET_CRS", "+proj=longlat +nadgrids={txt}")]
    [InlineData("native:reprojectlayer", "TARGET_CRS", "http://www.opengis.net/def/crs/../../{txt}")]
    [InlineData("native:reprojectlayer", "OPERATION", "+proj=pipeline +step +proj=hgridshift +grids={txt}")]
    [InlineData("native:buffer", "DISTANCE", "{txt}")]
    public async Task A_source_where_a_plain_value_stands_is_refused(string process, string input, string template)
    {
        var inputs = new Dictionary<string, object> { ["INPUT"] = Sample.Point(0, 0), [input] = Filled(template) };
        if (process == "native:reprojectlayer" && input != "TARGET_CRS")
        {
            inputs["TARGET_CRS"] = "EPSG:3857";
        }

        (await qgis.ExecuteAsync(process, new { inputs })).ShouldBe(400).Blamed.ShouldBe([input]);
    }

    [QgisTheory]
    [InlineData("x.geojson", "application/geo+json")]
    [InlineData("x.csv", "text/csv")]
    [InlineData("x.gml", "application/gml+xml")]
    [InlineData("x.kml", "application/vnd.google-earth.kml+xml")]
    [InlineData("x.vrt", null)]
    [InlineData("x", null)]
    public async Task A_virtual_layer_under_another_name_is_refused(string name, string? mediaType)
    {
        foreach (var source in new[] { qgis.Outside("secret.geojson"), "/vsicurl/" + qgis.Canary.AddressOf("secret.geojson") })
        {
            var content = StrangersServer.VirtualVector(source);
            var href = qgis.Files.Put(name, content, mediaType);

            (await CentroidsAsync(mediaType is null ? new { href } : new { href, type = mediaType })).ShouldBe(400);
            File.WriteAllBytes(qgis.Gdal.PathOf(name), content);
            (await CentroidsAsync(new { value = Convert.ToBase64String(Sample.Zip(qgis.Gdal.PathOf(name))), encoding = "base64", mediaType = "application/zip" })).ShouldBe(400);
        }
    }

    [QgisTheory]
    [InlineData("x.tif", "image/tiff; application=geotiff")]
    [InlineData("x.tif", "image/tiff")]
    [InlineData("x.png", "image/png")]
    [InlineData("x.asc", "text/plain")]
    [InlineData("x.vrt", null)]
    public async Task A_virtual_raster_under_another_name_is_refused(string name, string? mediaType)
    {
        foreach (var source in new[] { qgis.Outside("secret.tif"), "/vsicurl/" + qgis.Canary.AddressOf("secret.tif") })
        {
            var content = StrangersServer.VirtualRaster(source);
            var href = qgis.Files.Put(name, content, mediaType);
            File.WriteAllBytes(qgis.Gdal.PathOf(name), content);
            var zip = new { value = Convert.ToBase64String(Sample.Zip(qgis.Gdal.PathOf(name))), encoding = "base64", mediaType = "application/zip" };
            foreach (var process in new[] { "native:slope", "gdal:slope", "gdal:translate" })
            {
                (await qgis.ExecuteAsync(process, new { inputs = new { INPUT = mediaType is null ? (object)new { href } : new { href, type = mediaType } } })).ShouldBe(400);
                (await qgis.ExecuteAsync(process, new { inputs = new { INPUT = zip } })).ShouldBe(400);
            }
        }
    }

    private string Filled(string template) => template
        .Replace("{canary}", qgis.Canary.AddressOf("").TrimEnd('/'), StringComparison.Ordinal)
        .Replace("{port}", qgis.Canary.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{csv}", qgis.Outside("secret.csv"), StringComparison.Ordinal)
        .Replace("{txt}", qgis.Outside("secret.txt"), StringComparison.Ordinal)
        .Replace("{zip}", qgis.Outside("secret.zip"), StringComparison.Ordinal)
        .Replace("{tif}", qgis.Outside("secret.tif"), StringComparison.Ordinal)
        .Replace("{gpkg}", qgis.Outside("secret.gpkg"), StringComparison.Ordinal)
        .Replace("{geojson}", qgis.Outside("secret.geojson"), StringComparison.Ordinal);

    private Task<Answer> CentroidsAsync(object input) => qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = input } });
}
