using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>A client names the media type that it wants, in its own spelling, and gets it: under that name, and so that other programs read it at its address.</summary>
[Collection(OpenServerTests.Name)]
public sealed class MediaTypeTests(OpenServer qgis)
{
    [QgisTheory]
    [InlineData("application/geo+json", "\"type\"")]
    [InlineData("application/vnd.geo+json", "\"type\"")]
    [InlineData("application/json", "\"type\"")]
    [InlineData("application/gml+xml", "http://www.opengis.net/gml/3.2")]
    [InlineData("application/gml+xml; version=3.2", "http://www.opengis.net/gml/3.2")]
    [InlineData("application/gml+xml; version=3.1", "<gml:pos>50 8</gml:pos>")]
    [InlineData("text/xml; subtype=gml/3.1.1", "<gml:pos>50 8</gml:pos>")]
    [InlineData("application/gml+xml; version=2.1", "<gml:coordinates>8,50</gml:coordinates>")]
    [InlineData("text/xml; subtype=gml/2.1.2", "<gml:coordinates>8,50</gml:coordinates>")]
    [InlineData("text/csv", "POINT (8 50)")]
    [InlineData("application/vnd.google-earth.kml+xml", "8,50,0")]
    [InlineData("application/vnd.sqlite3", "SQLite format 3")]
    [InlineData("application/x-sqlite3", "SQLite format 3")]
    [InlineData("application/vnd.flatgeobuf", "fgb")]
    [InlineData("application/x-zipped-shp", "PK")]
    [InlineData("application/x-shapefile", "PK")]
    public async Task A_vector_layer(string mediaType, string sign)
    {
        var answer = await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = Sample.Point(8, 50) }, outputs = new { OUTPUT = new { format = new { mediaType } } } });

        answer.ShouldBe(200).MediaType!.Replace(" ", "").Replace("\"", "").ShouldBe(mediaType.Replace(" ", ""));
        answer.Text.ShouldContain(sign);
    }

    [QgisTheory]
    [InlineData("image/tiff", "Driver: GTiff")]
    [InlineData("image/geotiff", "Driver: GTiff")]
    [InlineData("image/tiff; subtype=geotiff", "Driver: GTiff")]
    [InlineData("image/tiff; profile=cloud-optimized", "LAYOUT=COG")]
    [InlineData("application/arcgrid", "Driver: AAIGrid")]
    [InlineData("application/x-ogc-aaigrid", "Driver: AAIGrid")]
    public async Task A_raster(string mediaType, string sign)
    {
        var answer = await SlopeAsync(mediaType, "raw", "value");

        answer.ShouldBe(200).MediaType!.Replace(" ", "").Replace("\"", "").ShouldBe(mediaType.Replace(" ", ""));
        Gdal.RasterInfo(qgis.Gdal.Keep(answer.Body, "bin")).ShouldContain(sign);
    }

    [QgisTheory]
    [InlineData("application/gml+xml; version=4.0")]
    [InlineData("image/png")]
    [InlineData("application/x-netcdf")]
    public async Task What_is_not_offered_is_refused_with_what_is(string mediaType)
    {
        var answer = await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = Sample.Point(8, 50) }, outputs = new { OUTPUT = new { format = new { mediaType } } } });

        answer.ShouldBe(400).MessageFor("outputs.OUTPUT").ShouldContain("application/geopackage+sqlite3 or application/flatgeobuf or application/gml+xml; version=3.2");
    }

    [QgisTheory]
    [InlineData("application/geo+json")]
    [InlineData("application/geopackage+sqlite3")]
    [InlineData("application/flatgeobuf")]
    [InlineData("application/gml+xml; version=3.2")]
    [InlineData("application/gml+xml; version=3.1")]
    [InlineData("application/gml+xml; version=2.1")]
    [InlineData("text/csv")]
    [InlineData("application/zip")]
    [InlineData("application/vnd.google-earth.kml+xml")]
    [InlineData("application/vnd.dbf")]
    public async Task GDAL_reads_a_vector_layer_at_its_address(string mediaType)
    {
        var answer = await qgis.ExecuteAsync("native:centroids", new
        {
            inputs = new { INPUT = Sample.Read(Sample.Countries) },
            outputs = new { OUTPUT = new { format = new { mediaType }, transmissionMode = "reference" } },
            response = "document",
        });

        var info = Gdal.VectorAt(HrefOf(answer));
        info.ShouldContain($"Feature Count: {Sample.CountriesCount}");
        info.ShouldContain("POP_EST");
        if (mediaType != "application/vnd.dbf")
        {
            info.ShouldContain("Geometry: ");
            info.ShouldContain("POINT ");
            info.ShouldContain("ID[\"EPSG\",4326]");
        }
    }

    [QgisTheory]
    [InlineData("image/tiff; application=geotiff", "Driver: GTiff")]
    [InlineData("image/tiff; application=geotiff; profile=cloud-optimized", "LAYOUT=COG")]
    [InlineData("image/png", "Driver: PNG")]
    [InlineData("image/jpeg", "Driver: JPEG")]
    [InlineData("application/arcgrid", "Driver: AAIGrid")]
    public async Task GDAL_reads_a_raster_at_its_address(string mediaType, string sign)
    {
        var info = Gdal.RasterAt(HrefOf(await SlopeAsync(mediaType, "document", "reference")));

        info.ShouldContain(sign);
        info.ShouldContain("Size is 403, 344");
        if (!mediaType.StartsWith("image/png", StringComparison.Ordinal) && mediaType != "image/jpeg")
        {
            info.ShouldContain("GEOGCRS[");
        }
    }

    [QgisFact]
    public async Task A_result_is_the_input_of_the_next_process_by_either_address()
    {
        var answer = await qgis.ExecuteAsync("native:centroids", new
        {
            inputs = new { INPUT = Sample.Read(Sample.Countries) },
            outputs = new { OUTPUT = new { format = new { mediaType = "text/xml; subtype=gml/3.1.1" }, transmissionMode = "reference" } },
            response = "document",
        });
        var href = HrefOf(answer);
        href.ShouldEndWith("/results/OUTPUT.gml");

        foreach (var address in new[] { href, href[..^".gml".Length] })
        {
            (await qgis.ExecuteAsync("native:buffer", new { inputs = new { INPUT = new { href = address }, DISTANCE = 1 } })).ShouldBe(200).FeatureCount.ShouldBe(Sample.CountriesCount);
        }
    }

    private static string HrefOf(Answer answer) => answer.ShouldBe(200).Json.GetProperty("OUTPUT").GetProperty("href").GetString()!;

    private Task<Answer> SlopeAsync(string mediaType, string response, string transmissionMode) => qgis.ExecuteAsync("native:slope", new
    {
        inputs = new { INPUT = new { href = qgis.Files.Put("slope.tif", File.ReadAllBytes(Sample.Dem)) }, Z_FACTOR = 0.00001 },
        outputs = new { OUTPUT = new { format = new { mediaType }, transmissionMode } },
        response,
    });
}
