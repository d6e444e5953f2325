using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>What QGIS itself says when it can't do something reaches the caller.</summary>
[Collection(OpenServerTests.Name)]
public sealed class FailureTests(OpenServer qgis)
{
    private const string InvalidGeometry = "has invalid geometry. Please fix the geometry";

    [QgisFact]
    public async Task An_algorithms_own_words_reach_the_caller()
    {
        var answer = await qgis.ExecuteAsync("native:centroids", WithInvalid());

        answer.ShouldBe(422).Json.GetProperty("title").GetString().ShouldBe("Algorithm failed");
        answer.Detail.ShouldContain(InvalidGeometry);
        var job = answer.Headers.GetValues("Link").Single(header => header.Contains("monitor"));
        (await qgis.GetAsync(job[1..job.IndexOf('>')])).Json.GetProperty("status").GetString().ShouldBe("failed");
    }

    [QgisFact]
    public async Task A_job_that_fails_says_why_wherever_it_is_looked_at()
    {
        var job = await qgis.SubmitAsync("native:centroids", WithInvalid());

        (await qgis.EndOfAsync(job)).ShouldBe("failed");

        (await qgis.GetAsync($"jobs/{job}")).Json.GetProperty("message").GetString()!.ShouldContain(InvalidGeometry);
        (await qgis.GetAsync($"jobs/{job}/results")).ShouldBe(422).Detail.ShouldContain(InvalidGeometry);
        (await qgis.GetAsync($"jobs/{job}/results/OUTPUT")).Status.ShouldBeGreaterThanOrEqualTo(400);
        (await qgis.GetAsync($"jobs/{job}/events")).ShouldBe(200).Text.ShouldContain(InvalidGeometry);
    }

    [QgisFact]
    public async Task What_is_not_valid_is_left_out_or_let_through_when_the_caller_says_so()
    {
        var all = Sample.CountriesAndTwoInvalid();

        (await CentroidsAsync(all, "skip")).ShouldBe(200).FeatureCount.ShouldBe(Sample.CountriesCount);
        (await CentroidsAsync(all, "ignore")).ShouldBe(200).FeatureCount.ShouldBe(Sample.CountriesCount + 2);
    }

    [QgisTheory]
    [InlineData("gdal:fillnodata", """{"BAND":7}""")]
    [InlineData("gdal:warpreproject", """{"TARGET_CRS":"EPSG:2056","TARGET_EXTENT":"5,4,3,2"}""")]
    public async Task A_tool_that_fails_is_a_failure_and_tells_no_path(string process, string more)
    {
        var inputs = System.Text.Json.Nodes.JsonNode.Parse(more)!.AsObject();
        inputs["INPUT"] = new System.Text.Json.Nodes.JsonObject { ["href"] = qgis.Files.Put("dem-for-tools.tif", await File.ReadAllBytesAsync(Sample.Dem)) };

        var answer = await qgis.ExecuteAsync(process, new { inputs });

        answer.Status.ShouldBeOneOf(400, 422);
        answer.Text.ShouldNotContain("/usr/");
        answer.Text.ShouldNotContain("Traceback");
    }

    [QgisFact]
    public async Task A_field_that_is_not_there_is_named()
    {
        var answer = await qgis.ExecuteAsync("qgis:basicstatisticsforfields", new { inputs = new { INPUT_LAYER = Sample.Read(Sample.Places), FIELD_NAME = "nothing" } });

        answer.Status.ShouldBeOneOf(400, 422);
        answer.Text.ShouldNotContain("Traceback");
        answer.Text.ShouldNotContain(".py");
    }

    private static object WithInvalid() => new { inputs = new { INPUT = Sample.CountriesAndTwoInvalid() } };

    private Task<Answer> CentroidsAsync(object input, string invalid) =>
        qgis.ExecuteAsync("native:centroids", new { inputs = new Dictionary<string, object> { ["INPUT"] = input, ["qgis:invalidFeatures"] = invalid } });
}
