using System.Globalization;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Conformance;

/// <summary>Class "Job list", over jobs that this class makes: of two processes, some ended well, some not, some still running.</summary>
[Collection(ConformanceServerTests.Name)]
public sealed class JobListTests(ConformanceServer server) : IAsyncLifetime
{
    private const string Short = """{"inputs": {"literalInput": "a"}}""";
    private const string Slow = """{"inputs": {"literalInput": "a", "pause": 60}}""";

    private readonly Dictionary<string, string> _jobs = new(StringComparer.Ordinal);

    public async Task InitializeAsync()
    {
        _jobs["successful"] = await MakeAsync("echo", Short);
        _jobs["running"] = await MakeAsync("echo", Slow);
        var gone = await MakeAsync("echo", Slow);
        (await server.SendAsync(HttpMethod.Delete, $"jobs/{gone}")).ShouldBe(200);
        _jobs["dismissed"] = gone;
        _jobs["failed"] = await MakeAsync("echo", $$$"""{"inputs": {"literalInput": "a", "numberInput": {"href": "{{{server.Files.AddressOf("not-there")}}}"} } }""");
        await server.EndOfAsync($"jobs/{_jobs["failed"]}");
    }

    public async Task DisposeAsync() => (await server.SendAsync(HttpMethod.Delete, $"jobs/{_jobs["running"]}")).ShouldBe(200);

    [Fact]
    [Trait("ATS", "/conf/job-list/job-list-op")]
    public async Task The_jobs_are_listed() => _jobs.Values.ShouldBeSubsetOf(await IdsAsync(""));

    [Fact]
    [Trait("ATS", "/conf/job-list/type-definition")]
    public Task Type_is_a_list_of_texts() => ParameterAsync("type", "string");

    [Fact]
    [Trait("ATS", "/conf/job-list/processID-definition")]
    public Task ProcessID_is_a_list_of_texts() => ParameterAsync("processID", "string");

    [Fact]
    [Trait("ATS", "/conf/job-list/status-definition")]
    public Task Status_is_a_list_of_texts() => ParameterAsync("status", "string");

    [Fact]
    [Trait("ATS", "/conf/job-list/datetime-definition")]
    public async Task Datetime_is_a_text() => (await ParameterAsync("datetime")).GetProperty("type").GetString().ShouldBe("string");

    [Fact]
    [Trait("ATS", "/conf/job-list/duration-definition")]
    public async Task Durations_are_whole_numbers()
    {
        await ParameterAsync("minDuration", "integer");
        await ParameterAsync("maxDuration", "integer");
    }

    [Fact]
    [Trait("ATS", "/conf/job-list/limit-definition")]
    public async Task Limit_is_a_whole_number_from_one()
    {
        var limit = await ParameterAsync("limit");

        limit.GetProperty("type").GetString().ShouldBe("integer");
        limit.GetProperty("minimum").GetInt32().ShouldBe(1);
        foreach (var wrong in new[] { "0", "-1", "many" })
        {
            await ConformanceServer.ShouldBeExceptionAsync(await server.GetAsync($"jobs?limit={wrong}"), 400);
        }
    }

    [Fact]
    [Trait("ATS", "/conf/job-list/job-list-success")]
    public async Task The_list_is_valid() => await OgcJsonSchema.ShouldFitAsync(await server.JsonAsync("jobs"), "jobList");

    [Fact]
    [Trait("ATS", "/conf/job-list/links")]
    public async Task The_list_links_to_itself_and_to_its_page()
    {
        var list = await server.JsonAsync("jobs?limit=1");

        (await server.GetAsync(ConformanceServer.Href(list, "self").ShouldNotBeNull())).ShouldBe(200).MediaType.ShouldBe("application/json");
        (await server.GetAsync(ConformanceServer.Href(list, "alternate").ShouldNotBeNull(), "*/*")).ShouldBe(200).MediaType.ShouldNotBeNull().ShouldStartWith("text/html");
    }

    [Fact]
    [Trait("ATS", "/conf/job-list/type-response")]
    public async Task All_jobs_are_of_processes()
    {
        _jobs.Values.ShouldBeSubsetOf(await IdsAsync("type=process"));
        await ConformanceServer.ShouldBeExceptionAsync(await server.GetAsync("jobs?type=parcel"), 400);
    }

    [Fact]
    [Trait("ATS", "/conf/job-list/processID-mandatory")]
    public async Task Each_job_names_its_process() =>
        (await JobsAsync("")).ShouldAllBe(job => job.GetProperty("processID").GetString()!.Length > 0);

    [Fact]
    [Trait("ATS", "/conf/job-list/processID-response")]
    public async Task Jobs_of_a_process_are_found()
    {
        (await JobsAsync("processID=echo")).ShouldAllBe(job => job.GetProperty("processID").GetString() == "echo");
        _jobs.Values.ShouldBeSubsetOf(await IdsAsync("processID=echo,EchoProcess"));
        (await IdsAsync("processID=EchoProcess")).ShouldNotContain(_jobs["successful"]);
    }

    [Fact]
    [Trait("ATS", "/conf/job-list/status-response")]
    public async Task Jobs_in_a_state_are_found()
    {
        foreach (var (status, id) in _jobs)
        {
            var found = await JobsAsync($"status={status}");
            found.ShouldAllBe(job => job.GetProperty("status").GetString() == status);
            found.ShouldContain(job => job.GetProperty("jobID").GetString() == id);
        }

        new[] { _jobs["failed"], _jobs["dismissed"] }.ShouldBeSubsetOf(await IdsAsync("status=failed,dismissed"));
        await ConformanceServer.ShouldBeExceptionAsync(await server.GetAsync("jobs?status=asleep"), 400);
    }

    [Fact]
    [Trait("ATS", "/conf/job-list/datetime-response")]
    public async Task Jobs_of_a_time_are_found()
    {
        var created = (await server.JsonAsync($"jobs/{_jobs["failed"]}")).GetProperty("created").GetString()!;
        var later = DateTimeOffset.Parse(created, CultureInfo.InvariantCulture).AddHours(1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

        foreach (var time in new[] { created, $"{created}/{later}", $"{created}/..", $"../{created}" })
        {
            (await IdsAsync($"datetime={time}")).ShouldContain(_jobs["failed"], time);
        }

        (await IdsAsync($"datetime={later}/..")).ShouldBeEmpty();
        (await IdsAsync($"datetime={created}")).ShouldNotContain(_jobs["successful"]);
        await ConformanceServer.ShouldBeExceptionAsync(await server.GetAsync("jobs?datetime=yesterday"), 400);
    }

    [Fact]
    [Trait("ATS", "/conf/job-list/duration-response")]
    public async Task Jobs_that_ran_so_long_are_found()
    {
        await QgisServer.Until(async () => (await IdsAsync("minDuration=1&status=running")).Contains(_jobs["running"]), "the job runs for a second");
        (await IdsAsync("minDuration=1")).ShouldNotContain(_jobs["successful"]);
        (await IdsAsync("maxDuration=0")).ShouldNotContain(_jobs["running"]);
        (await IdsAsync("maxDuration=30&status=successful")).ShouldContain(_jobs["successful"]);
        await ConformanceServer.ShouldBeExceptionAsync(await server.GetAsync("jobs?minDuration=long"), 400);
    }

    [Fact]
    [Trait("ATS", "/conf/job-list/limit-response")]
    public async Task Pages_visit_each_job_once()
    {
        var seen = new List<string>();
        string? next = "jobs?limit=2";
        while (next is not null)
        {
            var page = await server.JsonAsync(next);
            page.GetProperty("jobs").GetArrayLength().ShouldBeInRange(1, 2);
            seen.AddRange(page.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("jobID").GetString()!));
            next = ConformanceServer.Href(page, "next");
        }

        seen.ShouldBeUnique();
        _jobs.Values.ShouldBeSubsetOf(seen);
    }

    private async Task<string> MakeAsync(string process, string request) => (await server.SubmitAsync(process, request)).Split('/')[^1];

    private async Task<List<JsonElement>> JobsAsync(string query) => [.. (await server.JsonAsync($"jobs?{query}&limit=1000")).GetProperty("jobs").EnumerateArray()];

    private async Task<List<string>> IdsAsync(string query) => [.. (await JobsAsync(query)).Select(job => job.GetProperty("jobID").GetString()!)];

    private async Task ParameterAsync(string name, string items)
    {
        var schema = await ParameterAsync(name);

        schema.GetProperty("type").GetString().ShouldBe("array");
        schema.GetProperty("items").GetProperty("type").GetString().ShouldBe(items);
    }

    private async Task<JsonElement> ParameterAsync(string name)
    {
        var operation = (await server.GetAsync("api", "*/*")).Json.GetProperty("paths").GetProperty("/jobs").GetProperty("get");
        var parameter = operation.GetProperty("parameters").EnumerateArray().Single(one => one.TryGetProperty("name", out var given) && given.GetString() == name);
        parameter.GetProperty("in").GetString().ShouldBe("query");
        (parameter.TryGetProperty("required", out var required) && required.GetBoolean()).ShouldBeFalse();
        return parameter.GetProperty("schema");
    }
}
