using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>The list of processes, and what an operator adds to it.</summary>
[Collection(SingleServerTests.Name)]
public sealed class CatalogueTests(SingleServer qgis)
{
    private const string Script = """
        from qgis.processing import alg


        @alg(name='thrice', label='Thrice', group='tests', group_label='Tests')
        @alg.input(type=alg.NUMBER, name='NUMBER', label='Number')
        @alg.output(type=alg.NUMBER, name='RESULT', label='Result')
        def thrice(instance, parameters, context, feedback, inputs):
            '''Three times a number.'''
            return {'RESULT': 3 * instance.parameterAsDouble(parameters, 'NUMBER', context)}
        """;

    [QgisFact]
    public async Task A_script_that_is_dropped_in_is_a_process_until_it_is_taken_away()
    {
        var file = Path.Combine(qgis.Server.Directory, "scripts", "thrice.py");
        (await qgis.GetAsync("processes/script:thrice")).ShouldBe(404);

        await File.WriteAllTextAsync(file, Script);
        await QgisServer.Until(async () => (await qgis.GetAsync("processes/script:thrice")).Status == 200, "the script is a process");

        var answer = await qgis.ExecuteAsync("script:thrice", new { inputs = new { NUMBER = 14 }, response = "document" });
        answer.ShouldBe(200).Json.GetProperty("RESULT").GetDouble().ShouldBe(42);

        File.Delete(file);
        await QgisServer.Until(async () => (await qgis.GetAsync("processes/script:thrice")).Status == 404, "the script is gone");
        (await qgis.ExecuteAsync("script:thrice", new { inputs = new { NUMBER = 14 } })).ShouldBe(404).Exception.ShouldBe("no-such-process");
    }

    [QgisFact]
    public async Task A_model_that_is_dropped_in_is_a_process_until_it_is_taken_away()
    {
        var file = Path.Combine(qgis.Server.Directory, "models", "twobuffers.model3");
        Models.Write(qgis.Gdal.Folder, file, "native:buffer");
        await QgisServer.Until(async () => (await qgis.GetAsync("processes/model:tested")).Status == 200, "the model is a process");

        var inputs = (await qgis.GetAsync("processes/model:tested")).Json.GetProperty("inputs");
        inputs.TryGetProperty("layer", out _).ShouldBeTrue();
        var answer = await qgis.ExecuteAsync("model:tested", new { inputs = new { layer = Sample.First(Sample.Places, 5) } });
        answer.ShouldBe(200).FeatureCount.ShouldBe(5);

        // The same model with a step that strangers don't get is no process, and replaced again it is one.
        Models.Write(qgis.Gdal.Folder, file, "native:splitvectorlayer");
        await QgisServer.Until(async () => (await qgis.GetAsync("processes/model:tested")).Status == 404, "the model with a step that is off is gone");
        Models.Write(qgis.Gdal.Folder, file, "native:buffer");
        await QgisServer.Until(async () => (await qgis.GetAsync("processes/model:tested")).Status == 200, "the model is back");

        File.Delete(file);
        await QgisServer.Until(async () => (await qgis.GetAsync("processes/model:tested")).Status == 404, "the model is gone");
    }

    [QgisFact]
    public async Task A_script_that_is_broken_disturbs_nobody()
    {
        var file = Path.Combine(qgis.Server.Directory, "scripts", "broken.py");
        await File.WriteAllTextAsync(file, "def broken(:\n");
        await QgisServer.Until(() => Task.FromResult(qgis.Server.Log.Any(line => line.Contains("broken.py is not offered"))), "the log names the script");

        (await qgis.GetAsync("processes/native:buffer")).ShouldBe(200);

        File.Delete(file);
    }

    [QgisFact]
    public async Task A_description_that_is_known_is_not_sent_again()
    {
        var first = (await qgis.GetAsync("processes/native:buffer")).ShouldBe(200);
        var tag = first.Headers.ETag!.ToString();

        (await qgis.GetAsync("processes/native:buffer", ("If-None-Match", tag))).ShouldBe(304).Body.ShouldBeEmpty();
        (await qgis.GetAsync("processes/native:buffer", ("If-None-Match", "\"another\""))).ShouldBe(200);
        (await qgis.GetAsync("processes/native:centroids", ("If-None-Match", tag))).ShouldBe(200);
        var list = (await qgis.GetAsync("processes")).ShouldBe(200);
        (await qgis.GetAsync("processes", ("If-None-Match", list.Headers.ETag!.ToString()))).ShouldBe(304);
    }

    [QgisFact]
    public async Task Every_process_is_described_in_the_words_of_QGIS()
    {
        var listed = (await qgis.GetAsync("processes?limit=1000")).ShouldBe(200).Json.GetProperty("processes").EnumerateArray().ToArray();

        listed.Length.ShouldBeGreaterThan(250);
        listed.ShouldAllBe(process => process.GetProperty("title").GetString()!.Length > 0);
        listed.Select(process => process.GetProperty("id").GetString()).ShouldBeUnique();
    }
}
