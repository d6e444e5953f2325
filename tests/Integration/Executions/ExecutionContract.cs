using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Wps;
using static GeoWps.Tests.Integration.Wps.WpsClient;

namespace GeoWps.Tests.Integration.Executions;

/// <summary>What callers see, wherever QGIS runs (<c>Python:Execution</c>). A suite gives the server and overrides nothing.</summary>
public abstract class ExecutionContract(ExecutionServer qgis)
{
    /// <summary>Until it is asked to stop; says when it has begun.</summary>
    private const string Endless = "import time\nfeedback.pushInfo('begun')\nwhile not feedback.isCanceled():\n    time.sleep(0.01)";

    /// <summary>What takes a second at most takes less than this on a busy machine; and before this, no attempt ends by its limit.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(ExecutionServer.Seconds - 1);

    private static readonly object Buffer = new { INPUT = Sample.Point(5, 50), DISTANCE = 0.1 };

    private WpsClient Wps => new(qgis.Server.Client);

    [QgisFact]
    public async Task Processes_are_listed_and_described_with_their_inputs_in_order()
    {
        var listed = (await qgis.GetAsync("processes")).ShouldBe(200).Json.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("id").GetString()).ToArray();
        listed.Length.ShouldBeGreaterThan(200);
        listed.ShouldContain("script:python");
        (await qgis.GetAsync("processes/native:buffer")).ShouldBe(200).Json.GetProperty("inputs").EnumerateObject().Take(2).Select(input => input.Name).ShouldBe(["INPUT", "DISTANCE"]);
        (await qgis.GetAsync("processes/script:nobodys")).ShouldBe(404);
        (await qgis.ExecuteAsync("script:nobodys", new { inputs = new { } })).ShouldBe(404);
        (await Wps.KvpAsync("service=WPS&version=1.0.0&request=DescribeProcess&identifier=native:buffer")).Document().Name.LocalName.ShouldBe("ProcessDescriptions");
        (await Wps.KvpAsync("service=WPS&version=2.0.0&request=DescribeProcess&identifier=native:buffer")).Document().Name.LocalName.ShouldBe("ProcessOfferings");
    }

    [QgisFact]
    public async Task A_result_comes_at_once_later_and_by_reference()
    {
        (await qgis.ExecuteAsync("native:buffer", new { inputs = Buffer })).ShouldBe(200).FeatureCount.ShouldBe(1);

        var job = await qgis.SubmitAsync("native:buffer", new { inputs = Buffer });
        (await qgis.EndOfAsync(job)).ShouldBe("successful");
        (await qgis.GetAsync($"jobs/{job}/results")).ShouldBe(200).Text.ShouldContain("Polygon");

        var referenced = await qgis.SubmitAsync("native:buffer", new
        {
            inputs = Buffer,
            outputs = new { OUTPUT = new { format = new { mediaType = "application/geopackage+sqlite3" }, transmissionMode = "reference" } },
            response = "document",
        });
        (await qgis.EndOfAsync(referenced)).ShouldBe("successful");
        var href = (await qgis.GetAsync($"jobs/{referenced}/results")).ShouldBe(200).Json.GetProperty("OUTPUT").GetProperty("href").GetString()!;
        (await qgis.GetAsync(href)).ShouldBe(200).Text[..15].ShouldBe("SQLite format 3");
    }

    [QgisFact]
    public async Task What_is_sent_along_is_there_where_the_work_is_done()
    {
        var countries = Sample.Read(Sample.Countries);
        var package = new { value = Convert.ToBase64String(await File.ReadAllBytesAsync(Sample.World)), mediaType = "application/geopackage+sqlite3", encoding = "base64" };

        (await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = countries } })).ShouldBe(200).FeatureCount.ShouldBe(Sample.CountriesCount);
        (await qgis.ExecuteAsync("native:extractbyexpression", new { inputs = new { INPUT = package, EXPRESSION = "true" } })).ShouldBe(200).FeatureCount.ShouldBeGreaterThan(0);
    }

    [QgisFact]
    public async Task What_only_QGIS_can_tell_of_a_request_is_told_before_there_is_a_job()
    {
        var wrong = new { inputs = new { INPUT = Sample.Point(5, 50), EXPRESSION = "\"a\" +" } };

        (await qgis.ExecuteAsync("native:extractbyexpression", wrong, "respond-async")).ShouldBe(400).Blamed.ShouldBe(["EXPRESSION"]);
        (await qgis.ValidateAsync("native:extractbyexpression", wrong)).ShouldBe(400).Blamed.ShouldBe(["EXPRESSION"]);
        (await qgis.ExecuteAsync("native:extractbyexpression", new { inputs = new { INPUT = Sample.Point(5, 50), EXPRESSION = "env('HOME')" } })).ShouldBe(400).Blamed.ShouldBe(["EXPRESSION"]);
        (await qgis.ExecuteAsync("native:buffer", new { inputs = new { INPUT = Sample.Point(5, 50), DISTANCE = "far" } })).ShouldBe(400).Blamed.ShouldBe(["DISTANCE"]);
    }

    [QgisFact]
    public async Task An_algorithm_fails_in_its_own_words()
    {
        var job = await PythonAsync("from qgis.core import QgsProcessingException\nraise QgsProcessingException('The river is dry')");
        (await qgis.EndOfAsync(job)).ShouldBe("failed");

        var status = (await qgis.GetAsync($"jobs/{job}")).Json;
        status.GetProperty("message").GetString().ShouldBe("The river is dry");
        var atOnce = await qgis.ExecuteAsync("script:python", new { inputs = new { CODE = "answer = 1 // 0" } });
        atOnce.ShouldBe(422).Detail.ShouldStartWith("ZeroDivisionError");
        atOnce.Text.ShouldNotContain("Traceback");
    }

    [QgisFact]
    public async Task Progress_and_log_are_seen_by_who_watches()
    {
        var job = await PythonAsync(
            """
            import time
            feedback.pushInfo('first')
            feedback.pushWarning('second')
            for percent in (10, 55, 99):
                feedback.setProgress(percent)
                time.sleep(0.6)
            feedback.reportError('third')
            """);

        var events = (await qgis.GetAsync($"jobs/{job}/events")).ShouldBe(200).Text;

        events.ShouldContain("\"progress\":99");
        events.IndexOf("event: results", StringComparison.Ordinal).ShouldBeGreaterThan(0);
        var lines = (await qgis.GetAsync($"jobs/{job}/log")).ShouldBe(200).Text;
        int[] places = [lines.IndexOf("first", StringComparison.Ordinal), lines.IndexOf("second", StringComparison.Ordinal), lines.IndexOf("third", StringComparison.Ordinal)];
        places[0].ShouldBeGreaterThan(0);
        places.ShouldBe(places.Order());
    }

    [QgisFact]
    public async Task A_job_that_is_called_off_stops_at_once_and_leaves_its_place_to_the_next()
    {
        var job = await PythonAsync(Endless);
        await QgisServer.Until(async () => (await qgis.GetAsync($"jobs/{job}/log")).Text.Contains("begun", StringComparison.Ordinal), "it has begun");
        var watch = Stopwatch.StartNew();

        (await qgis.SendAsync(HttpMethod.Delete, $"jobs/{job}", null)).ShouldBe(200).Json.GetProperty("status").GetString().ShouldBe("dismissed");
        var next = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => qgis.ExecuteAsync("native:buffer", new { inputs = Buffer })));

        watch.Elapsed.ShouldBeLessThan(Soon);
        next.ShouldAllBe(answer => answer.Status == 200);
    }

    [QgisFact]
    public async Task A_caller_who_hangs_up_calls_its_job_off()
    {
        using var hangUp = new CancellationTokenSource();
        var code = new { inputs = new { CODE = Endless + "\n# hangs up" } };
        using var body = new StringContent(JsonSerializer.Serialize(code), System.Text.Encoding.UTF8, "application/json");
        var asking = qgis.Server.Client.PostAsync(new Uri("processes/script:python/execution", UriKind.Relative), body, hangUp.Token);
        var job = "";
        await QgisServer.Until(async () => (job = await NewestAsync("running")).Length > 0, "it runs");

        await hangUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => asking);
        await QgisServer.Until(async () => await qgis.StatusOfAsync(job) == "dismissed", "it is called off");
    }

    [QgisFact]
    public async Task A_job_that_takes_too_long_fails_and_names_the_limit()
    {
        var job = await PythonAsync(Endless);

        (await qgis.EndOfAsync(job)).ShouldBe("failed");
        (await qgis.GetAsync($"jobs/{job}")).Json.GetProperty("message").GetString()!.ShouldContain($"{ExecutionServer.Seconds} seconds");
        (await qgis.ExecuteAsync("native:buffer", new { inputs = Buffer })).ShouldBe(200);
    }

    [QgisFact]
    public async Task Both_versions_of_WPS_run_it_at_once_and_later_and_call_it_off()
    {
        (await Wps.Execute1Async("script:python", Literal1("CODE", "answer = 'one'"), Raw1("ANSWER"))).ShouldBe(200).Text.ShouldBe("one");
        (await Wps.Execute2Async("script:python", Literal2("CODE", "answer = 'two'") + Output2("ANSWER"))).Document().Value.ShouldContain("two");

        var stored = (await Wps.Execute1Async("script:python", Literal1("CODE", "answer = 'three'"), Document1(Output1("ANSWER"), "storeExecuteResponse=\"true\" status=\"true\""))).Document();
        var location = stored.Attribute("statusLocation")!.Value;
        XElement last = stored;
        await QgisServer.Until(async () => (last = (await Wps.GetAsync(location)).Document()).Descendants(Wps1 + "ProcessSucceeded").Any(), "it succeeds");
        last.Descendants(Wps1 + "LiteralData").Single().Value.ShouldBe("three");

        var later = JobOf((await Wps.Execute2Async("script:python", Literal2("CODE", "answer = 'four'") + Output2("ANSWER"), "async")).Document());
        await QgisServer.Until(async () => await StateAsync(later) == "Succeeded", "it succeeds");
        (await Wps.KvpAsync($"service=WPS&version=2.0.0&request=GetResult&jobId={later}")).Document().Value.ShouldContain("four");

        var endless = JobOf((await Wps.Execute2Async("script:python", Literal2("CODE", Endless) + Output2("ANSWER"), "async")).Document());
        await QgisServer.Until(async () => await StateAsync(endless) == "Running", "it runs");
        (await Wps.KvpAsync($"service=WPS&version=2.0.0&request=Dismiss&jobId={endless}")).Document().Element(Wps2 + "Status")!.Value.ShouldBe("Dismissed");
    }

    private static string JobOf(XElement status) => status.Element(Wps2 + "JobID")!.Value;

    private async Task<string> StateAsync(string job) => (await Wps.KvpAsync($"service=WPS&version=2.0.0&request=GetStatus&jobId={job}")).Document().Element(Wps2 + "Status")!.Value;

    private Task<string> PythonAsync(string code) => qgis.SubmitAsync("script:python", new { inputs = new { CODE = code } });

    private async Task<string> NewestAsync(string status) =>
        (await qgis.GetAsync($"jobs?status={status}&limit=1")).ShouldBe(200).Json.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("jobID").GetString()!).FirstOrDefault("");
}
