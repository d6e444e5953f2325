using System.Text;
using System.Text.Json.Nodes;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>Whoever makes mistakes learns of all of them at once, and where they are.</summary>
[Collection(OpenServerTests.Name)]
public sealed class MistakeTests(OpenServer qgis)
{
    [QgisFact]
    public async Task All_mistakes_are_named_at_once_and_by_the_validation_too()
    {
        var request = new
        {
            inputs = new Dictionary<string, object>
            {
                ["SEGMENTS"] = 0,
                ["END_CAP_STYLE"] = 7,
                ["DISTANCE"] = "far",
                ["JOIN_STYL"] = 1,
                ["qgis:invalidFeatures"] = "hope",
                ["qgis:projectCrs"] = "EPSG:0",
            },
            outputs = new { OUTPUTS = new { } },
        };
        var jobs = await CountJobsAsync();

        foreach (var answer in new[] { await qgis.ExecuteAsync("native:buffer", request), await qgis.ValidateAsync("native:buffer", request) })
        {
            answer.ShouldBe(400).Blamed.ShouldBe(["INPUT", "SEGMENTS", "END_CAP_STYLE", "DISTANCE", "JOIN_STYL", "qgis:invalidFeatures", "qgis:projectCrs", "outputs.OUTPUTS"], ignoreOrder: true);
            answer.MessageFor("JOIN_STYL").ShouldContain("JOIN_STYLE");
            answer.MessageFor("SEGMENTS").ShouldContain("1");
            answer.MessageFor("outputs.OUTPUTS").ShouldContain("OUTPUT");
            answer.MediaType!.ShouldStartWith("application/problem+json");
        }

        (await CountJobsAsync()).ShouldBe(jobs);
    }

    [QgisTheory]
    [InlineData("native:extractbyexpression", "EXPRESSION", "\"POP_EST\" >")]
    [InlineData("native:extractbyexpression", "EXPRESSION", "no_such_function(1)")]
    [InlineData("native:reprojectlayer", "TARGET_CRS", "EPSG:0")]
    [InlineData("native:reprojectlayer", "TARGET_CRS", "nowhere")]
    public async Task What_only_QGIS_can_judge_is_judged_before_anything_runs(string process, string input, string value)
    {
        var request = new { inputs = new Dictionary<string, object> { ["INPUT"] = Sample.Point(0, 0), [input] = value } };
        var jobs = await CountJobsAsync();

        foreach (var answer in new[] { await qgis.ExecuteAsync(process, request), await qgis.ValidateAsync(process, request) })
        {
            answer.ShouldBe(400).Blamed.ShouldBe([input]);
        }

        (await CountJobsAsync()).ShouldBe(jobs);
    }

    [QgisFact]
    public async Task A_good_request_is_valid_and_makes_no_job()
    {
        var jobs = await CountJobsAsync();

        var answer = await qgis.ValidateAsync("native:buffer", new { inputs = new { INPUT = Sample.Read(Sample.Countries), DISTANCE = 1 } });

        answer.ShouldBe(200).Json.GetProperty("valid").GetBoolean().ShouldBeTrue();
        (await CountJobsAsync()).ShouldBe(jobs);
        Directory.GetFiles(qgis.Server.Directory, "*", SearchOption.AllDirectories).ShouldNotContain(file => file.Contains("attachment"));
    }

    [QgisFact]
    public async Task An_error_in_large_GeoJSON_is_shown_its_place()
    {
        var text = await File.ReadAllTextAsync(Sample.Countries);
        var at = text.LastIndexOf("\"coordinates\":", StringComparison.Ordinal);
        var broken = text[..at] + "\"coordinates\":[[[\"east\",1]]]" + text[(at + 14)..];
        var href = qgis.Files.Put("broken.geojson", Encoding.UTF8.GetBytes(broken));

        var answer = await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = new { href, type = "application/geo+json" } } });

        answer.ShouldBe(400).Detail.ShouldStartWith("INPUT: must be GeoJSON: ");
        answer.Detail.ShouldContain("feature 177 ");
        answer.Json.GetProperty("mistakes")[0].GetProperty("place").GetString().ShouldBe("INPUT");
    }

    [QgisFact]
    public async Task An_error_in_small_GeoJSON_is_shown_its_place()
    {
        var collection = Sample.First(Sample.Places, 3);
        collection["features"]![1]!["geometry"]!["coordinates"] = new JsonArray("east", 1);

        var answer = await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = collection } });

        answer.ShouldBe(400).Detail.ShouldContain("features[1]");
    }

    [QgisTheory]
    [InlineData("cut.zip", "application/zip")]
    [InlineData("cut.gpkg", "application/geopackage+sqlite3")]
    [InlineData("cut.fgb", "application/flatgeobuf")]
    [InlineData("cut.gml", "application/gml+xml")]
    [InlineData("cut.kml", "application/vnd.google-earth.kml+xml")]
    [InlineData("cut.geojson", "application/geo+json")]
    public async Task Half_a_file_is_refused(string name, string mediaType)
    {
        var whole = name switch
        {
            "cut.zip" => Sample.Zip(Sample.Countries),
            "cut.gpkg" => await File.ReadAllBytesAsync(qgis.Gdal.Vector(Sample.Countries, "to-cut.gpkg", "GPKG")),
            "cut.fgb" => await File.ReadAllBytesAsync(qgis.Gdal.Vector(Sample.Countries, "to-cut.fgb", "FlatGeobuf")),
            "cut.kml" => await File.ReadAllBytesAsync(qgis.Gdal.Vector(Sample.Countries, "to-cut.kml", "KML")),
            "cut.gml" => await File.ReadAllBytesAsync(qgis.Gdal.Vector(Sample.Countries, "to-cut.gml", "GML")),
            _ => await File.ReadAllBytesAsync(Sample.Countries),
        };
        var href = qgis.Files.Put(name, whole[..(whole.Length / 2)]);

        var answer = await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = new { href, type = mediaType } } });

        answer.ShouldBe(400).Detail.ShouldStartWith("INPUT: ");
    }

    [QgisFact]
    public async Task Half_a_raster_is_refused()
    {
        var whole = await File.ReadAllBytesAsync(Sample.Dem);
        var href = qgis.Files.Put("cut.tif", whole[..(whole.Length / 2)]);

        var answer = await qgis.ExecuteAsync("native:slope", new { inputs = new { INPUT = new { href, type = "image/tiff" } } });

        answer.ShouldBe(400).Detail.ShouldBe("INPUT: cut.tif is a damaged GeoTIFF: the file ends before its data");
    }

    [QgisFact]
    public async Task Nothing_at_all_is_refused_and_no_features_are_fine()
    {
        var nothing = qgis.Files.Put("nothing.geojson", []);
        (await CentroidsAsync(new { href = nothing })).ShouldBe(400).Detail.ShouldBe("INPUT: is empty");
        (await CentroidsAsync(new { value = "", mediaType = "text/csv" })).ShouldBe(400).Detail.ShouldStartWith("INPUT: ");
        (await CentroidsAsync(new { value = Convert.ToBase64String(Sample.Zip()), encoding = "base64", mediaType = "application/zip" })).ShouldBe(400).Detail.ShouldStartWith("INPUT: ");

        (await CentroidsAsync(Sample.First(Sample.Places, 0))).ShouldBe(200).FeatureCount.ShouldBe(0);
        var empty = qgis.Gdal.Vector(Sample.Places, "empty.gpkg", "GPKG", "-where", "1=0");
        (await CentroidsAsync(new { value = Convert.ToBase64String(await File.ReadAllBytesAsync(empty)), encoding = "base64", mediaType = "application/geopackage+sqlite3" }))
            .ShouldBe(200).FeatureCount.ShouldBe(0);
    }

    [QgisFact]
    public async Task What_is_no_base64_is_refused()
    {
        (await CentroidsAsync(new { value = "!!not base64!!", encoding = "base64", mediaType = "application/geopackage+sqlite3" })).ShouldBe(400).Detail.ShouldStartWith("INPUT: ");
        (await CentroidsAsync(new { value = "name;WKT", encoding = "base64", mediaType = "text/csv" })).ShouldBe(400).Detail.ShouldStartWith("INPUT: ");
    }

    [QgisFact]
    public async Task A_raster_in_place_of_a_layer_and_the_other_way_round()
    {
        var dem = qgis.Files.Put("wrong.tif", await File.ReadAllBytesAsync(Sample.Dem));
        var places = qgis.Files.Put("wrong.geojson", await File.ReadAllBytesAsync(Sample.Places));

        (await CentroidsAsync(new { href = dem })).ShouldBe(400).Detail.ShouldStartWith("INPUT: ");
        (await qgis.ExecuteAsync("native:slope", new { inputs = new { INPUT = new { href = places } } })).ShouldBe(400).Detail.ShouldStartWith("INPUT: ");
    }

    private Task<Answer> CentroidsAsync(object input) => qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = input } });

    private async Task<int> CountJobsAsync() => (await qgis.GetAsync("jobs?limit=1000")).ShouldBe(200).Json.GetProperty("jobs").GetArrayLength();
}
