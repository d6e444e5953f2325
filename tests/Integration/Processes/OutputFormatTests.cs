using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>What a process delivers opens in other programs.</summary>
[Collection(OpenServerTests.Name)]
public sealed class OutputFormatTests(OpenServer qgis)
{
    [QgisTheory]
    [InlineData("application/geo+json", "geojson")]
    [InlineData("application/geopackage+sqlite3", "gpkg")]
    [InlineData("application/flatgeobuf", "fgb")]
    [InlineData("application/gml+xml", "gml")]
    [InlineData("text/csv", "csv")]
    [InlineData("application/zip", "shp.zip")]
    [InlineData("application/vnd.google-earth.kml+xml", "kml")]
    [InlineData("application/vnd.dbf", "dbf")]
    public async Task Every_vector_format_holds_every_feature(string mediaType, string extension)
    {
        var raw = await CentroidsAsync(new { format = new { mediaType } });

        raw.ShouldBe(200).MediaType!.Split(';')[0].ShouldBe(mediaType);
        Gdal.CountFeatures(qgis.Gdal.Keep(raw.Body, extension)).ShouldBe(Sample.CountriesCount);

        var document = await CentroidsAsync(new { format = new { mediaType }, transmissionMode = "value" }, "document");
        Gdal.CountFeatures(qgis.Gdal.Keep(BytesOf(document.ShouldBe(200).Json.GetProperty("OUTPUT")), extension)).ShouldBe(Sample.CountriesCount);
    }

    [QgisFact]
    public async Task GML_by_reference_has_its_schema_beside_it()
    {
        var answer = await CentroidsAsync(new { format = new { mediaType = "application/gml+xml" }, transmissionMode = "reference" }, "document");
        var link = answer.ShouldBe(200).Json.GetProperty("OUTPUT");
        link.GetProperty("type").GetString().ShouldBe("application/gml+xml");
        var address = new Uri(link.GetProperty("href").GetString()!);
        var gml = await qgis.GetAsync(address.ToString());

        var schema = System.Text.RegularExpressions.Regex.Match(gml.ShouldBe(200).Text, """schemaLocation="[^"]*?\s(\S+\.xsd)["\s]""").Groups[1].Value;
        schema.ShouldNotBeEmpty();
        var xsd = await qgis.GetAsync(new Uri(address, schema).ToString());

        xsd.ShouldBe(200).Text.ShouldContain("<xs:schema");
    }

    [QgisTheory]
    [InlineData("image/tiff; application=geotiff", "tif", "Driver: GTiff")]
    [InlineData("image/tiff; application=geotiff; profile=cloud-optimized", "tif", "LAYOUT=COG")]
    [InlineData("image/png", "png", "Driver: PNG")]
    [InlineData("image/jpeg", "jpg", "Driver: JPEG")]
    public async Task Every_raster_format_opens(string mediaType, string extension, string sign)
    {
        var answer = await qgis.ExecuteAsync("native:hillshade", new { inputs = new { INPUT = Dem() }, outputs = new { OUTPUT = new { format = new { mediaType } } } });

        answer.ShouldBe(200).MediaType!.Split(';')[0].ShouldBe(mediaType.Split(';')[0]);
        var info = Gdal.RasterInfo(qgis.Gdal.Keep(answer.Body, extension));
        info.ShouldContain(sign);
        info.ShouldContain("Size is 403, 344");
    }

    [QgisFact]
    public async Task A_grid_that_QGIS_writes_under_a_wrong_name_is_a_GeoTIFF()
    {
        var answer = await qgis.ExecuteAsync("qgis:tininterpolation", new
        {
            inputs = new
            {
                INTERPOLATION_DATA = new[] { new { layer = Sample.First(Sample.Places, 60), valueSource = 0, attributeIndex = 7, type = 0 } },
                EXTENT = new { bbox = new[] { 0, 40, 10, 50 } },
                PIXEL_SIZE = 1,
            },
        });

        Gdal.RasterInfo(qgis.Gdal.Keep(answer.ShouldBe(200).Body, "tif")).ShouldContain("Driver: GTiff");
    }

    [QgisFact]
    public async Task A_reference_leads_to_the_same_bytes_as_the_value()
    {
        var format = new { mediaType = "application/geo+json" };
        var value = (await CentroidsAsync(new { format }, "document")).ShouldBe(200).Json.GetProperty("OUTPUT").GetProperty("value");
        var link = (await CentroidsAsync(new { format, transmissionMode = "reference" }, "document")).ShouldBe(200).Json.GetProperty("OUTPUT").GetProperty("href");

        JsonElement.DeepEquals((await qgis.GetAsync(link.GetString()!)).ShouldBe(200).Json, value).ShouldBeTrue();
    }

    [QgisFact]
    public async Task A_raw_reference_is_a_link_without_a_body()
    {
        var answer = await CentroidsAsync(new { transmissionMode = "reference" });

        answer.ShouldBe(204).Body.ShouldBeEmpty();
        var link = answer.Headers.GetValues("Link").Single(header => header.Contains("/results/OUTPUT"));
        (await qgis.GetAsync(link[(link.IndexOf('<') + 1)..link.IndexOf('>')])).ShouldBe(200).FeatureCount.ShouldBe(Sample.CountriesCount);
    }

    [QgisFact]
    public async Task A_result_is_delivered_in_ranges()
    {
        var link = (await CentroidsAsync(new { transmissionMode = "reference", format = new { mediaType = "application/geopackage+sqlite3" } }, "document"))
            .ShouldBe(200).Json.GetProperty("OUTPUT").GetProperty("href").GetString()!;

        var answer = await qgis.GetAsync(link, ("Range", "bytes=0-14"));

        answer.ShouldBe(206).Text.ShouldBe("SQLite format 3");
    }

    [QgisFact]
    public async Task An_optional_output_is_made_when_asked_for_and_not_otherwise()
    {
        var without = await qgis.ExecuteAsync("native:extractbyexpression", new { inputs = new { INPUT = Sample.Read(Sample.Countries), EXPRESSION = "\"CONTINENT\" = 'Africa'" }, response = "document" });
        var with = await qgis.ExecuteAsync("native:extractbyexpression", new
        {
            inputs = new { INPUT = Sample.Read(Sample.Countries), EXPRESSION = "\"CONTINENT\" = 'Africa'" },
            outputs = new { OUTPUT = new { }, FAIL_OUTPUT = new { } },
            response = "document",
        });

        without.ShouldBe(200).Json.EnumerateObject().Select(member => member.Name).ShouldBe(["OUTPUT"]);
        with.ShouldBe(200).Json.EnumerateObject().Select(member => member.Name).ShouldBe(["OUTPUT", "FAIL_OUTPUT"], ignoreOrder: true);
        with.Json.EnumerateObject().Sum(member => member.Value.GetProperty("value").GetProperty("features").GetArrayLength()).ShouldBe(Sample.CountriesCount);
    }

    [QgisFact]
    public async Task Numbers_stand_bare_and_a_report_is_HTML()
    {
        var answer = await qgis.ExecuteAsync("qgis:basicstatisticsforfields", new
        {
            inputs = new { INPUT_LAYER = Sample.Read(Sample.Countries), FIELD_NAME = "POP_EST" },
            outputs = new { COUNT = new { }, MAX = new { }, OUTPUT_HTML_FILE = new { } },
            response = "document",
        });

        answer.ShouldBe(200).Json.GetProperty("COUNT").GetInt32().ShouldBe(Sample.CountriesCount);
        answer.Json.GetProperty("MAX").GetDouble().ShouldBeGreaterThan(1e9);
        answer.Json.GetProperty("OUTPUT_HTML_FILE").GetString()!.ShouldContain("<html");
    }

    [QgisTheory]
    [InlineData("gdal:gdalinfo", "OUTPUT")]
    [InlineData("native:rasterlayerstatistics", "OUTPUT_HTML_FILE")]
    [InlineData("native:rasterlayeruniquevaluesreport", "OUTPUT_HTML_FILE")]
    public async Task A_report_on_a_raster_calls_it_by_its_name(string process, string output)
    {
        var answer = await qgis.ExecuteAsync(process, new { inputs = new { INPUT = Dem() }, outputs = new Dictionary<string, object> { [output] = new { } } });

        answer.ShouldBe(200).MediaType!.ShouldStartWith("text/html");
        answer.Text.ShouldContain("elevation.tif");
    }

    [QgisTheory]
    [InlineData("gdal:ogrinfo", "INPUT", "OUTPUT")]
    [InlineData("qgis:basicstatisticsforfields", "INPUT_LAYER", "OUTPUT_HTML_FILE")]
    [InlineData("qgis:listuniquevalues", "INPUT", "OUTPUT_HTML_FILE")]
    public async Task A_report_on_features_tells_no_path(string process, string input, string output)
    {
        var inputs = new Dictionary<string, object> { [input] = new { href = qgis.Files.Put("reported.geojson", File.ReadAllBytes(Sample.Places)) } };
        if (process != "gdal:ogrinfo")
        {
            inputs[input == "INPUT" ? "FIELDS" : "FIELD_NAME"] = input == "INPUT" ? new[] { "name" } : "name";
        }

        var answer = await qgis.ExecuteAsync(process, new { inputs, outputs = new Dictionary<string, object> { [output] = new { } } });

        answer.ShouldBe(200).MediaType!.ShouldStartWith("text/html");
    }

    [QgisFact]
    public async Task One_number_is_a_text_and_one_report_a_page()
    {
        var inputs = new { INPUT_LAYER = Sample.Read(Sample.Countries), FIELD_NAME = "POP_EST" };

        var number = await qgis.ExecuteAsync("qgis:basicstatisticsforfields", new { inputs, outputs = new { COUNT = new { } } });
        var page = await qgis.ExecuteAsync("qgis:basicstatisticsforfields", new { inputs, outputs = new { OUTPUT_HTML_FILE = new { } } });

        number.ShouldBe(200).Text.ShouldBe("177");
        page.ShouldBe(200).MediaType!.ShouldStartWith("text/html");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
    }

    [QgisFact]
    public async Task Several_raw_outputs_come_in_parts()
    {
        var answer = await qgis.ExecuteAsync("native:extractbyexpression", new
        {
            inputs = new { INPUT = Sample.Read(Sample.Countries), EXPRESSION = "\"CONTINENT\" = 'Africa'" },
            outputs = new { OUTPUT = new { }, FAIL_OUTPUT = new { } },
        });

        answer.ShouldBe(200).MediaType!.ShouldStartWith("multipart/related");
        foreach (var name in new[] { "OUTPUT", "FAIL_OUTPUT" })
        {
            answer.Text.ShouldContain($"Content-ID: <{name}>", Case.Insensitive);
        }
    }

    private Task<Answer> CentroidsAsync(object output, string response = "raw") =>
        qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = Sample.Read(Sample.Countries) }, outputs = new { OUTPUT = output }, response });

    private object Dem() => new { href = qgis.Files.Put("elevation.tif", File.ReadAllBytes(Sample.Dem)) };

    private static byte[] BytesOf(JsonElement output) =>
        output.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetBytes(output.GetString()!)
        : output.TryGetProperty("encoding", out _) ? output.GetProperty("value").GetBytesFromBase64()
        : Encoding.UTF8.GetBytes(output.GetProperty("value").GetRawText());
}
