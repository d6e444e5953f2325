using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Conformance;

/// <summary>Class "Callback": the addresses of a subscriber are told what they are for, reliably, and only where they may be.</summary>
[Collection(ConformanceServerTests.Name)]
public sealed class CallbackTests(ConformanceServer server)
{
    [Fact]
    [Trait("ATS", "/conf/callback/job-callback")]
    public async Task A_subscriber_is_told_the_results_of_a_job_and_how_far_it_was()
    {
        var subscriber = Subscriber("good");
        await server.SubmitAsync("echo", $$$"""
            {"inputs": {"literalInput": "hello", "pause": 1, "imageInput": {"value": "SUkqAAgAAAAAAA==", "encoding": "base64", "mediaType": "image/tiff"}},
             "outputs": {"literalOutput": {}, "imageOutput": {"transmissionMode": "reference"}}, "subscriber": {{{subscriber}}}}
            """);

        var results = await ToldAsync("good-success");
        var progress = await ToldAsync("good-progress");
        await OgcJsonSchema.ShouldFitAsync(results, "results");
        await OgcJsonSchema.ShouldFitAsync(progress, "statusInfo");
        results.GetProperty("literalOutput").GetString().ShouldBe("hello");
        (await server.GetAsync(results.GetProperty("imageOutput").GetProperty("href").GetString()!, "*/*")).ShouldBe(200).Body.Length.ShouldBe(10);
        progress.GetProperty("status").GetString().ShouldBe("running");
        server.Files.Posted.ShouldNotContain(post => post.Name == "good-failed");
        server.Files.Posted.Where(post => post.Name.StartsWith("good-", StringComparison.Ordinal)).ShouldAllBe(post => post.Method == "POST" && post.ContentType == "application/json");
    }

    [Fact]
    [Trait("ATS", "/conf/callback/job-callback")]
    public async Task A_subscriber_is_told_why_a_job_has_failed()
    {
        await server.SubmitAsync("echo", $$$"""
            {"inputs": {"literalInput": "a", "numberInput": {"href": "{{{server.Files.AddressOf("nothing")}}}"} }, "subscriber": {{{Subscriber("bad")}}}}
            """);

        var info = await ToldAsync("bad-failed");
        await OgcJsonSchema.ShouldFitAsync(info, "statusInfo");
        info.GetProperty("status").GetString().ShouldBe("failed");
        await OgcJsonSchema.ShouldFitAsync(info.GetProperty("exception"), "exception");
        info.GetProperty("exception").GetProperty("detail").GetString()!.ShouldContain("numberInput");
        server.Files.Posted.ShouldNotContain(post => post.Name == "bad-success");
    }

    [Fact]
    [Trait("ATS", "/conf/callback/job-callback")]
    public async Task A_subscriber_is_told_when_a_job_was_dismissed()
    {
        var job = await server.SubmitAsync("echo", $$$"""{"inputs": {"literalInput": "a", "pause": 60}, "subscriber": {{{Subscriber("gone")}}}}""");
        (await server.SendAsync(HttpMethod.Delete, job)).ShouldBe(200);

        (await ToldAsync("gone-failed")).GetProperty("status").GetString().ShouldBe("dismissed");
        server.Files.Posted.ShouldNotContain(post => post.Name == "gone-success");
    }

    [Fact]
    public async Task A_chain_is_told_of_once_and_its_steps_are_not()
    {
        var subscriber = Subscriber("chain");
        await server.SubmitAsync("echo", $$$"""
            {"inputs": {"literalInput": {"process": "echo", "inputs": {"literalInput": {"process": "echo", "inputs": {"literalInput": "deep"} } } } }, "subscriber": {{{subscriber}}}}
            """);
        await ToldAsync("chain-success");
        await server.SubmitAsync("echo", $$$"""{"inputs": {"literalInput": "next"}, "subscriber": {{{subscriber}}}}""");

        await QgisServer.Until(() => Task.FromResult(server.Files.Posted.Count(post => post.Name == "chain-success") > 1), "the subscriber is told of the next");
        server.Files.Posted.Where(post => post.Name == "chain-success").Select(post => JsonElement.Parse(post.Body).GetProperty("literalOutput").GetString())
            .ShouldBe(["deep", "next"]);
    }

    [Fact]
    public async Task An_address_that_fails_is_tried_again_and_holds_up_nobody()
    {
        var address = server.Files.Receive("flaky", 503);
        await server.SubmitAsync("echo", $$$"""{"inputs": {"literalInput": "again"}, "subscriber": {"successUri": "{{{address}}}"} }""");
        (await server.ExecuteAsync("echo", """{"inputs": {"literalInput": "meanwhile"}}""")).ShouldBe(200);

        await QgisServer.Until(() => Task.FromResult(server.Files.Posted.Count(post => post.Name == "flaky") == 2), "the second attempt");
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var target = server.Files.Receive("elsewhere");
        var address = server.Files.Redirect("moved", target);
        await server.SubmitAsync("echo", $$$"""{"inputs": {"literalInput": "a"}, "subscriber": {"successUri": "{{{address}}}"} }""");

        await QgisServer.Until(() => Task.FromResult(server.Server.Log.Any(line => line.Contains("was not told of its end", StringComparison.Ordinal) && line.Contains("HTTP 302", StringComparison.Ordinal))), "it is given up");
        server.Files.Posted.ShouldNotContain(post => post.Name == "elsewhere");
    }

    [Theory]
    [InlineData("http://10.0.0.1/told", "subscriber.successUri")]
    [InlineData("http://localhost/told", "subscriber.successUri")]
    [InlineData("ftp://example.org/told", "subscriber.successUri")]
    [InlineData("told", "subscriber.successUri")]
    public async Task An_address_that_may_not_be_reached_is_refused_with_the_request(string address, string place)
    {
        var answer = await server.ExecuteAsync("echo", $$$"""{"inputs": {"literalInput": "a"}, "subscriber": {"successUri": "{{{address}}}"} }""");

        await ConformanceServer.ShouldBeExceptionAsync(answer, 400);
        answer.Blamed.ShouldBe([place]);
    }

    private string Subscriber(string name) => JsonSerializer.Serialize(new
    {
        successUri = server.Files.Receive(name + "-success"),
        inProgressUri = server.Files.Receive(name + "-progress"),
        failedUri = server.Files.Receive(name + "-failed"),
    });

    private async Task<JsonElement> ToldAsync(string name)
    {
        await QgisServer.Until(() => Task.FromResult(server.Files.Posted.Any(post => post.Name == name)), $"{name} is told");
        return JsonElement.Parse(server.Files.Posted.First(post => post.Name == name).Body);
    }
}

/// <summary>What a server owes a subscriber outlives it.</summary>
public sealed class CallbackRestartTests : IAsyncLifetime
{
    private readonly FileHost _files = new();
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync("--Python:Execution", "None");

    public async Task DisposeAsync()
    {
        _files.Dispose();
        await _server.DisposeAsync();
        _server.Errors.ShouldBeEmpty("the server logged errors");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("ATS", "/conf/callback/job-callback")]
    public async Task What_could_not_be_delivered_is_delivered_after_a_restart(bool killed)
    {
        var address = _files.Receive("told", 503, 503);
        using var content = new StringContent($$$"""{"inputs": {"literalInput": "late"}, "response": "document", "subscriber": {"successUri": "{{{address}}}"} }""", System.Text.Encoding.UTF8, "application/json");
        using var executed = await _server.Client.PostAsync(new Uri("processes/echo/execution", UriKind.Relative), content);
        ((int)executed.StatusCode).ShouldBe(200);
        await QgisServer.Until(() => Task.FromResult(_files.Posted.Count > 0), "the first attempt");

        if (killed)
        {
            await _server.KillAsync();
        }
        else
        {
            (await _server.StopAsync()).ShouldBe(0);
        }

        _files.Posted.Count.ShouldBeLessThan(3, "nothing was taken yet");
        await _server.StartAgainAsync();
        await QgisServer.Until(() => Task.FromResult(_files.Posted.Count == 3), "the attempt that is taken");
        _files.Posted.Last().Body.ShouldBe("""{"literalOutput":"late"}""");
    }
}
