using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Http;
using static GeoWps.Tests.Unit.Processes.Inputs.ReadingBench;

namespace GeoWps.Tests.Unit.Processes.Inputs;

public sealed class InputReaderTests
{
    private static readonly JobId Other = JobId.New(Some.Time.AddDays(1));
    private readonly ReadingBench _bench = new();

    [Theory]
    [InlineData("\"a\\n\\u00e9\"", "a\né")]
    [InlineData("1.50", "1.50")]
    [InlineData("""{ "a" : [1, 2] }""", """{ "a" : [1, 2] }""")]
    [InlineData("null", "null")]
    public async Task A_text_is_its_characters_and_anything_else_its_JSON(string json, string content) => (await _bench.ContentAsync(Inline(json))).ShouldBe(content);

    [Fact]
    public async Task Base64_is_undone() => (await _bench.ContentAsync(Inline("\"TWFu\\r\\nTWE=\"", "base64"))).ShouldBe("ManMa");

    [Fact]
    public async Task What_was_moved_out_comes_back()
    {
        var text = await _bench.AttachAsync("a \"quoted\"\ttext\\");
        var array = await _bench.AttachAsync("[1, 2]", System.Text.Json.JsonValueKind.Array);

        (await _bench.ContentAsync(Inline(text))).ShouldBe("a \"quoted\"\ttext\\");
        (await _bench.ContentAsync(Inline($$$$"""{"b": {{{{array}}}}, "a": [{{{{text}}}}, {{{{text}}}}]}""")))
            .ShouldBe("""{"b": [1, 2], "a": ["a \"quoted\"\u0009text\\", "a \"quoted\"\u0009text\\"]}""");
    }

    [Fact]
    public async Task What_was_moved_out_in_base64_is_undone_too() =>
        (await _bench.ContentAsync(Inline(await _bench.AttachAsync("TWFuTWFu"), "base64"))).ShouldBe("ManMan");

    [Fact]
    public async Task A_reference_is_fetched_and_its_server_says_what_it_is()
    {
        _bench.Web.With("http://a/b", "content", "text/csv").With("http://a/c", "TWFu");

        (await _bench.CopyAsync(Link("http://a/b"))).ShouldBe((new InputContent.Copied(7, "text/csv", "file.txt"), "content"));
        (await _bench.CopyAsync(Link("http://a/b", mediaType: "text/plain"))).ShouldBe((new InputContent.Copied(7, "text/plain", "file.txt"), "content"));
        (await _bench.ContentAsync(Link("http://a/c", "base64"))).ShouldBe("Man");
        (await _bench.RefusalAsync(Link("http://a/d"))).ShouldBe("can not be fetched");
    }

    [Theory]
    [InlineData("\"TWF\"", "must be base64")]
    [InlineData("\"TW Fu\"", "must be base64")]
    [InlineData("\"TWFu=\"", "must be base64")]
    [InlineData("\"TWE=TWE=\"", "must be base64")]
    public async Task What_is_no_base64_is_refused(string json, string message) => (await _bench.RefusalAsync(Inline(json, "base64"))).ShouldBe(message);

    [Fact]
    public async Task Content_has_a_limit_however_it_comes()
    {
        _bench.Limits.MaxInputBytes = 2000;
        _bench.Web.With("http://a/most", new string('x', 2000)).With("http://a/more", new string('x', 2001));

        (await _bench.ContentAsync(Link("http://a/most"))).Length.ShouldBe(2000);
        (await _bench.RefusalAsync(Link("http://a/more"))).ShouldBe("is larger than 2000 bytes");
        (await _bench.RefusalAsync(Inline($"\"{new string('x', 2001)}\""))).ShouldBe("is larger than 2000 bytes");
        (await _bench.RefusalAsync(Inline(await _bench.AttachAsync(new string('x', 2001))))).ShouldBe("is larger than 2000 bytes");
        (await _bench.ContentAsync(Inline($"\"{Convert.ToBase64String(new byte[2000])}\"", "base64"))).Length.ShouldBe(2000);
        (await _bench.RefusalAsync(Inline($"\"{Convert.ToBase64String(new byte[2001])}\"", "base64"))).ShouldBe("is larger than 2000 bytes");
    }

    [Fact]
    public async Task A_result_of_another_job_is_read_from_the_store()
    {
        await _bench.PutAsync("content", "<a/>");
        Put(
            new JobState.Successful(Some.Time, Some.Time),
            new OutputValue.Content("FILE", "content", "text/xml", "FILE.xml", 4, []),
            Some.Literal("TEXT", "\"a\""),
            Some.Literal("NUMBER", "1.5"),
            Some.Literal("IMAGE", "\"TWFu\"", "image/tiff"),
            new OutputValue.Many("MANY", []));

        (await _bench.CopyAsync(Link(Result("FILE")))).ShouldBe((new InputContent.Copied(4, "text/xml", "FILE.xml"), "<a/>"));
        (await _bench.ContentAsync(Link($"/jobs/{Other}/results/FILE?a=b#layer"))).ShouldBe("<a/>");
        (await _bench.ContentAsync(Link(Result("TEXT")))).ShouldBe("a");
        (await _bench.ContentAsync(Link(Result("NUMBER")))).ShouldBe("1.5");
        (await _bench.ContentAsync(Link(Result("IMAGE")))).ShouldBe("Man");
        (await _bench.ContentAsync(Link(Result("IMAGE"), "base64"))).ShouldBe("Man");
        (await _bench.RefusalAsync(Link(Result("MANY")))).ShouldBe($"result MANY of job {Other} has several values");
        (await _bench.RefusalAsync(Link(Result("NONE")))).ShouldBe($"job {Other} has no result NONE");
    }

    [Fact]
    public async Task Results_of_others_and_of_jobs_that_have_none_are_not_to_be_had()
    {
        (await _bench.RefusalAsync(Link(Result("TEXT")))).ShouldBe($"there is no job {Other}");

        Put(new JobState.Accepted(null), Some.Literal("TEXT", "\"a\""));
        (await _bench.RefusalAsync(Link(Result("TEXT")))).ShouldBe($"job {Other} has no results");

        _bench.Jobs.Put(Some.Job(new JobState.Successful(Some.Time, Some.Time), Other) with { Owner = "ann", Outputs = [Some.Literal("TEXT", "\"a\"")] });
        (await _bench.RefusalAsync(Link(Result("TEXT")))).ShouldBe($"there is no job {Other}");
        _bench.Owner = "bob";
        (await _bench.RefusalAsync(Link(Result("TEXT")))).ShouldBe($"there is no job {Other}");
        _bench.Owner = "ann";
        (await _bench.ContentAsync(Link(Result("TEXT")))).ShouldBe("a");
        (_bench.Owner, _bench.IsAdministered) = (null, true);
        (await _bench.ContentAsync(Link(Result("TEXT")))).ShouldBe("a", "an administrator sees all");
    }

    [Theory]
    [InlineData("http://localhost:8080/jobs/0190a1b2c3d47e5f8a9b0c1d2e3f4a5b/results/A%20b", "A b")]
    [InlineData("HTTP://LOCALHOST:8080/jobs/0190a1b2c3d47e5f8a9b0c1d2e3f4a5b/results/A", "A")]
    [InlineData("/jobs/0190a1b2c3d47e5f8a9b0c1d2e3f4a5b/results/A?f=json#x", "A")]
    [InlineData("http://localhost:8080/jobs/0190a1b2c3d47e5f8a9b0c1d2e3f4a5b/results/", null)]
    [InlineData("http://localhost:8080/jobs/0190a1b2c3d47e5f8a9b0c1d2e3f4a5b/results/A/b", null)]
    [InlineData("http://localhost:8080/jobs/../results/A", null)]
    [InlineData("http://localhost:8080.evil.org/jobs/0190a1b2c3d47e5f8a9b0c1d2e3f4a5b/results/A", null)]
    [InlineData("http://other/jobs/0190a1b2c3d47e5f8a9b0c1d2e3f4a5b/results/A", null)]
    [InlineData("//localhost:8080/jobs/0190a1b2c3d47e5f8a9b0c1d2e3f4a5b/results/A", null)]
    [InlineData("jobs/0190a1b2c3d47e5f8a9b0c1d2e3f4a5b/results/A", null)]
    public void An_own_result_is_known_by_its_address(string href, string? output)
    {
        OwnResults.TryParse(href, Bound.Base, out var job, out var name).ShouldBe(output is not null);
        (job is null ? null : name).ShouldBe(output);
    }

    private static string Result(string output) => $"{Bound.Base}jobs/{Other}/results/{output}";

    private void Put(JobState state, params OutputValue[] outputs) => _bench.Jobs.Put(Some.Job(state, Other) with { Outputs = outputs });
}
