using System.Text.Json.Nodes;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>The same layer is the same, however it comes.</summary>
[Collection(OpenServerTests.Name)]
public sealed class InputFormatTests(OpenServer qgis)
{
    [QgisFact]
    public async Task A_small_collection_inside_the_request()
    {
        (await CentroidsAsync(Sample.First(Sample.Places, 20))).FeatureCount.ShouldBe(20);
        (await CentroidsAsync(new { value = Sample.First(Sample.Places, 20), mediaType = "application/geo+json" })).FeatureCount.ShouldBe(20);
    }

    [QgisFact]
    public async Task A_collection_too_large_to_stay_inside_the_request()
    {
        new FileInfo(Sample.Countries).Length.ShouldBeGreaterThan(64 * 1024);
        (await CentroidsAsync(Sample.Read(Sample.Countries))).FeatureCount.ShouldBe(Sample.CountriesCount);

        var buffers = await qgis.ExecuteAsync("native:buffer", new { inputs = new { INPUT = new { value = Sample.Read(Sample.Places) }, DISTANCE = 0.5 } });

        buffers.ShouldBe(200).FeatureCount.ShouldBe(Sample.PlacesCount);
        buffers.Json.GetProperty("features")[0].GetProperty("geometry").GetProperty("type").GetString().ShouldBe("MultiPolygon");
    }

    [QgisTheory]
    [InlineData("gpkg", "application/geopackage+sqlite3")]
    [InlineData("fgb", "application/flatgeobuf")]
    [InlineData("shz", "application/zip")]
    [InlineData("gml", "application/gml+xml")]
    [InlineData("kml", "application/vnd.google-earth.kml+xml")]
    [InlineData("csv", "text/csv")]
    [InlineData("geojson", "application/geo+json")]
    public async Task Any_format_by_value_and_by_reference(string extension, string mediaType)
    {
        var content = Countries(extension);
        var href = qgis.Files.Put($"countries.{extension}", content);
        object byValue = extension is "geojson"
            ? new { value = JsonNode.Parse(content), mediaType }
            : new { value = Convert.ToBase64String(content), encoding = "base64", mediaType };

        foreach (var input in new[] { byValue, new { href, type = mediaType }, new { href } })
        {
            var answer = await CentroidsAsync(input);
            answer.FeatureCount.ShouldBe(Sample.CountriesCount);
            answer.Json.GetProperty("features").EnumerateArray()
                .Count(feature => feature.GetProperty("properties").EnumerateObject().Any(property => property.Value.ToString() == "Iceland")).ShouldBe(1);
        }
    }

    [QgisTheory]
    [InlineData("gml", "application/gml+xml")]
    [InlineData("kml", "application/vnd.google-earth.kml+xml")]
    [InlineData("csv", "text/csv")]
    public async Task Text_formats_as_texts(string extension, string mediaType)
    {
        var text = System.Text.Encoding.UTF8.GetString(Countries(extension));

        (await CentroidsAsync(new { value = text, mediaType })).FeatureCount.ShouldBe(Sample.CountriesCount);
        (await CentroidsAsync(new { value = text, format = new { mediaType } })).FeatureCount.ShouldBe(Sample.CountriesCount);
    }

    [QgisFact]
    public async Task A_raster_by_value_and_by_reference()
    {
        var content = await File.ReadAllBytesAsync(Sample.Dem);
        var href = qgis.Files.Put("dem.tif", content, "image/tiff");

        foreach (var input in new object[]
        {
            new { value = Convert.ToBase64String(content), encoding = "base64", mediaType = "image/tiff; application=geotiff" },
            new { href, type = "image/tiff; application=geotiff" },
            new { href },
        })
        {
            var slope = (await qgis.ExecuteAsync("native:slope", new { inputs = new { INPUT = input, Z_FACTOR = 0.00001 } })).ShouldBe(200);
            var info = Gdal.RasterInfo(qgis.Gdal.Keep(slope.Body, "tif"));
            info.ShouldContain("Size is 403, 344");
            info.ShouldContain("STATISTICS_MEAN=");
        }
    }

    [QgisFact]
    public async Task Files_that_belong_together_in_a_zip()
    {
        var gml = qgis.Gdal.Vector(Sample.Places, "together.gml", "GML");
        var xsd = Path.ChangeExtension(gml, ".xsd");
        await File.WriteAllTextAsync(xsd, (await File.ReadAllTextAsync(xsd)).Replace("xs:integer", "xs:string", StringComparison.Ordinal));
        var alone = await CentroidsAsync(new { value = Convert.ToBase64String(Sample.Zip(gml)), encoding = "base64", mediaType = "application/zip" });
        var together = await CentroidsAsync(new { value = Convert.ToBase64String(Sample.Zip(gml, xsd)), encoding = "base64", mediaType = "application/zip" });

        alone.FeatureCount.ShouldBe(Sample.PlacesCount);
        together.FeatureCount.ShouldBe(Sample.PlacesCount);
        KindOf(alone).ShouldBe(System.Text.Json.JsonValueKind.Number);
        KindOf(together).ShouldBe(System.Text.Json.JsonValueKind.String, "the schema beside it was read");
        static System.Text.Json.JsonValueKind KindOf(Answer answer) => answer.Json.GetProperty("features")[0].GetProperty("properties").GetProperty("pop_max").ValueKind;
    }

    [QgisTheory]
    [InlineData("AAIGrid", "asc", "text/plain")]
    [InlineData("GPKG", "gpkg", "application/geopackage+sqlite3")]
    public async Task Rasters_in_other_formats(string driver, string extension, string mediaType)
    {
        var content = await File.ReadAllBytesAsync(qgis.Gdal.Raster(Sample.Dem, $"other.{extension}", driver, "-ot", driver == "GPKG" ? "Byte" : "Int32"));

        var answer = await qgis.ExecuteAsync("native:rasterlayerproperties", new
        {
            inputs = new { INPUT = new { value = Convert.ToBase64String(content), encoding = "base64", mediaType } },
            response = "document",
        });

        answer.ShouldBe(200).Json.GetProperty("WIDTH_IN_PIXELS").GetInt32().ShouldBe(403);
    }

    private byte[] Countries(string extension)
    {
        var driver = extension switch { "gpkg" => "GPKG", "fgb" => "FlatGeobuf", "shz" => "ESRI Shapefile", "gml" => "GML", "kml" => "KML", "csv" => "CSV", _ => "GeoJSON" };
        string[] options = extension switch { "csv" => ["-lco", "GEOMETRY=AS_WKT"], "kml" => ["-dsco", "NameField=name"], _ => [] };
        var name = $"made-{Guid.NewGuid():N}.{(extension == "shz" ? "shp" : extension)}";
        var path = qgis.Gdal.Vector(Sample.Countries, name, driver, ["-nln", "countries", .. options]);
        return extension == "shz"
            ? Sample.Zip(Directory.GetFiles(qgis.Gdal.Folder, Path.GetFileNameWithoutExtension(name) + ".*").OrderByDescending(file => file))
            : File.ReadAllBytes(path);
    }

    private async Task<Answer> CentroidsAsync(object input) =>
        (await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = input } })).ShouldBe(200);
}
