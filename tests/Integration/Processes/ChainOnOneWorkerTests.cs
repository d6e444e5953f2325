using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>A chain waits for its steps without a QGIS process of its own: with one of them many chains come through.</summary>
[Collection(SingleServerTests.Name)]
public sealed class ChainOnOneWorkerTests(SingleServer qgis)
{
    [QgisFact]
    public async Task Many_chains_at_once_come_through_one_worker()
    {
        var jobs = await Task.WhenAll(Enumerable.Range(1, 6).Select(i => qgis.SubmitAsync("native:mergevectorlayers", new
        {
            inputs = new { LAYERS = Enumerable.Range(1, 3).Select(j => new { process = "native:buffer", inputs = new { INPUT = Sample.Point(i, j), DISTANCE = 0.1 } }) },
            response = "document",
        })));

        foreach (var job in jobs)
        {
            (await qgis.EndOfAsync(job)).ShouldBe("successful");
            (await qgis.GetAsync($"jobs/{job}/results")).Json.GetProperty("OUTPUT").GetProperty("value").GetProperty("features").GetArrayLength().ShouldBe(3);
        }
    }

    [QgisFact]
    public async Task The_result_of_a_job_that_still_runs_is_waited_for()
    {
        var first = await qgis.SubmitAsync("echo", new { inputs = new { literalInput = "0.5", pause = 1.5 } });

        var answer = await qgis.ExecuteAsync("native:buffer", new { inputs = new { INPUT = Sample.Point(0, 0), DISTANCE = new { href = $"{qgis.Server.Address}jobs/{first}/results/literalOutput" } } });

        answer.ShouldBe(200).FeatureCount.ShouldBe(1);
        (await qgis.StatusOfAsync(first)).ShouldBe("successful");
    }
}
