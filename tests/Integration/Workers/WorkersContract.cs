using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Domain.Jobs;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Workers;

/// <summary>What all <see cref="IWorkers"/> do, with real QGIS. A suite gives the workers, which its collection shares, and overrides nothing.</summary>
public abstract partial class WorkersContract(RunningWorkers qgis)
{
    protected RunningWorkers Qgis => qgis;

    private IWorkers Workers => qgis.Workers;

    [QgisFact]
    public void The_suite_runs_against_what_it_says() =>
        Workers.GetType().ShouldBe(GetType().GetCustomAttribute<SuiteOfAttribute>().ShouldNotBeNull().Implementation);

    [QgisFact]
    public async Task The_catalogue_comes_with_algorithms_and_scripts()
    {
        var catalogue = await Workers.CatalogueAsync(CancellationToken.None);

        var algorithms = catalogue.GetProperty("algorithms").EnumerateArray().ToDictionary(algorithm => algorithm.GetProperty("id").GetString()!);
        algorithms.Count.ShouldBeGreaterThan(200);
        algorithms["native:buffer"].GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()).ShouldContain("DISTANCE");
        algorithms.ShouldContainKey("script:python");
    }

    [QgisFact]
    public async Task A_check_names_what_is_wrong_and_nothing_else()
    {
        CheckItem[] right = [new("FORMULA", "expression", "\"a\" + 1"), new("CRS", "crs", "EPSG:3857")];
        CheckItem[] wrong = [new("LENGTH", "expression", "\"a\" +"), new("HOME", "expression", "env('HOME')"), new("TARGET_CRS", "crs", "EPSG:1")];

        var mistakes = await Workers.CheckAsync([.. right, .. wrong], trusted: false, CancellationToken.None);
        var trusted = await Workers.CheckAsync([.. right, .. wrong], trusted: true, CancellationToken.None);

        mistakes.Select(mistake => mistake.Place).ShouldBe(["LENGTH", "HOME", "TARGET_CRS"]);
        mistakes.ShouldAllBe(mistake => mistake.Message.Length > 0);
        trusted.Select(mistake => mistake.Place).ShouldBe(["LENGTH", "TARGET_CRS"]);
    }

    [QgisFact]
    public async Task Inline_GeoJSON_is_buffered()
    {
        var folder = qgis.NewJob();

        var done = (await qgis.BufferAsync(folder)).ShouldBeOfType<WorkerOutcome.Done>();

        var output = done.Results.GetProperty("OUTPUT");
        output.GetProperty("name").GetString().ShouldBe("Buffered");
        var path = Path.Combine(folder, output.GetProperty("path").GetString()!);
        var layer = Gdal.LayersOf(path);
        layer.ShouldContain("Polygon");
        layer.ShouldContain("Feature Count: 1");
        layer.ShouldContain("Extent: (4.9");
    }

    [QgisFact]
    public async Task A_file_goes_in_and_files_of_the_wanted_type_come_out()
    {
        var folder = qgis.NewJob();
        Directory.CreateDirectory(Path.Combine(folder, "inputs", "INPUT"));
        File.Copy(Sample.Places, Path.Combine(folder, "inputs", "INPUT", "places.geojson"));
        var layer = new JsonObject { ["path"] = "inputs/INPUT/places.geojson", ["name"] = "places", ["mediaType"] = "application/geo+json", ["want"] = "vector" };

        var outcome = await qgis.RunAsync(
            "native:extractbyexpression",
            new JsonObject { ["INPUT"] = new JsonObject { ["layer"] = layer }, ["EXPRESSION"] = RunningWorkers.Value("$id % 5 = 0") },
            new JsonObject
            {
                ["OUTPUT"] = new JsonObject { ["mediaType"] = "application/geopackage+sqlite3" },
                ["FAIL_OUTPUT"] = new JsonObject { ["mediaType"] = "application/geopackage+sqlite3" },
            },
            folder);

        var results = outcome.ShouldBeOfType<WorkerOutcome.Done>().Results;
        var counts = new[] { "OUTPUT", "FAIL_OUTPUT" }.Select(name => FeaturesIn(folder, results.GetProperty(name))).ToArray();
        counts.ShouldAllBe(count => count > 0);
        counts.Sum().ShouldBe(Sample.PlacesCount);
    }

    [QgisFact]
    public async Task A_mistake_is_refused_and_names_its_input()
    {
        var input = RunningWorkers.Inline(Sample.Point(5, 50));
        var noLayer = await qgis.RunAsync("native:buffer", new JsonObject { ["INPUT"] = RunningWorkers.Inline(JsonValue.Create("?")) }, RunningWorkers.Output("OUTPUT", null));
        var forbidden = await qgis.RunAsync(
            "native:extractbyexpression", new JsonObject { ["INPUT"] = input, ["EXPRESSION"] = RunningWorkers.Value("env('HOME') = 'x'") }, RunningWorkers.Output("OUTPUT", null));
        var missing = await qgis.RunAsync("native:extractbyexpression", new JsonObject { ["INPUT"] = input.DeepClone() }, RunningWorkers.Output("OUTPUT", null));

        Blamed(noLayer).ShouldBe("INPUT");
        Blamed(forbidden).ShouldBe("EXPRESSION");
        Blamed(missing).ShouldBe("EXPRESSION");
    }

    [QgisFact]
    public async Task An_algorithm_fails_in_the_words_of_QGIS_without_paths()
    {
        var raised = await qgis.RunAsync("native:raiseexception", new JsonObject { ["MESSAGE"] = RunningWorkers.Value("The river is dry") }, []);
        var tells = await qgis.PythonAsync($"from qgis.core import QgsProcessingException\nraise QgsProcessingException('Could not write {qgis.Folders.Work}/x/out.gpkg')");

        Failure(raised).ShouldBe(new JobFailure(FailureKind.Algorithm, "The river is dry"));
        Failure(tells).ShouldBe(new JobFailure(FailureKind.Algorithm, "Could not write out.gpkg"));
    }

    [QgisFact]
    public async Task A_defect_of_a_script_is_a_failure_without_its_traceback()
    {
        var failure = Failure(await qgis.PythonAsync("answer = 1 // 0"));

        failure.Message.ShouldNotContain("Traceback");
        failure.Message.ShouldNotContain(qgis.Root);
        (await qgis.BufferAsync()).ShouldBeOfType<WorkerOutcome.Done>();
    }

    [QgisFact]
    public async Task Progress_and_log_arrive_in_order_before_the_run_ends()
    {
        var percents = new List<double>();
        var lines = new List<string>();

        var outcome = await qgis.PythonAsync(
            """
            import time
            feedback.pushInfo('first')
            feedback.pushWarning('second')
            feedback.reportError('third')
            for percent in (10, 55, 99):
                time.sleep(0.15)
                feedback.setProgress(percent)
            """,
            (level, text) => lines.Add($"{level}: {text}"),
            progress: percents.Add);

        outcome.ShouldBeOfType<WorkerOutcome.Done>();
        lines.ShouldBe(["info: first", "warning: second", "error: third"]);
        percents.ShouldBe([10, 55, 99]);
    }

    [QgisFact]
    public async Task What_a_script_prints_does_not_disturb()
    {
        var outcome = await qgis.PythonAsync("import os\nprint('x' * 1000, flush=True)\nos.write(1, b'\\0\\0\\0\\2{}')\nanswer = 'undisturbed'");

        RunningWorkers.AnswerOf(outcome).ShouldBe("undisturbed");
        (await qgis.BufferAsync()).ShouldBeOfType<WorkerOutcome.Done>();
    }

    internal static JobFailure Failure(WorkerOutcome outcome) => outcome.ShouldBeOfType<WorkerOutcome.Failed>().Failure;

    private static string Blamed(WorkerOutcome outcome) => outcome.ShouldBeOfType<WorkerOutcome.Refused>($"{outcome}").Mistakes.ShouldHaveSingleItem().Place;

    private static int FeaturesIn(string folder, JsonElement result)
    {
        var path = Path.Combine(folder, result.GetProperty("path").GetString()!);
        result.GetProperty("mediaType").GetString().ShouldBe("application/geopackage+sqlite3");
        Path.GetExtension(path).ShouldBe(".gpkg");
        return Gdal.CountFeatures(path);
    }
}
