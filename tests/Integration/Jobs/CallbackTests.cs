using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Jobs;

/// <summary>Subscribers are told of jobs: OGC API - Processes 1.0, class "Callback", over real connections and a server that is killed.</summary>
public sealed class CallbackTests : IAsyncLifetime
{
    private readonly FileHost _far = new();
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync("--Python:Execution", "None");

    public async Task DisposeAsync()
    {
        _far.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_results_are_posted_as_a_document_whatever_form_was_asked_for()
    {
        var (good, bad) = (_far.Take("good"), _far.Take("bad"));
        await SubmitAsync("""{"literalInput": "hello", "numberInput": 3.50}""", "raw");

        await QgisServer.Until(() => Task.FromResult(!good.IsEmpty), "the subscriber is told");
        var document = JsonElement.Parse(good.Single());
        document.GetProperty("literalOutput").GetString().ShouldBe("hello");
        document.GetProperty("numberOutput").GetRawText().ShouldBe("3.50");
        bad.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failure_a_dismissal_and_the_progress_before_are_told_as_status()
    {
        var (good, bad, progress) = (_far.Take("good"), _far.Take("bad"), _far.Take("progress"));
        await SubmitAsync($$$"""{"literalInput": "hello", "complexInput": {"href": "{{{_far.AddressOf("nowhere")}}}"}}""");
        await QgisServer.Until(() => Task.FromResult(bad.Count == 1), "the subscriber is told of the failure");
        var failed = JsonElement.Parse(bad.Single());
        failed.GetProperty("status").GetString().ShouldBe("failed");
        failed.GetProperty("exception").GetProperty("mistakes")[0].GetProperty("place").GetString().ShouldBe("complexInput");

        var job = await SubmitAsync("""{"literalInput": "hello", "pause": 30}""");
        await QgisServer.Until(() => Task.FromResult(progress.Any(body => body.Contains(job, StringComparison.Ordinal))), "the subscriber is told how far it is");
        (await _server.Client.DeleteAsync(new Uri($"jobs/{job}", UriKind.Relative))).EnsureSuccessStatusCode();
        await QgisServer.Until(() => Task.FromResult(bad.Count == 2), "the subscriber is told of the dismissal");
        JsonElement.Parse(bad.Last()).GetProperty("status").GetString().ShouldBe("dismissed");
        good.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_killed_server_still_tells_what_it_owed()
    {
        // Nobody answers there before the server is killed.
        var silent = _far.Take("good", status: 503);
        var job = await SubmitAsync("""{"literalInput": "hello"}""");
        await QgisServer.Until(() => Task.FromResult(!silent.IsEmpty), "a first attempt is made");
        await _server.KillAsync();
        var good = _far.Take("good");
        await _server.StartAgainAsync();

        await QgisServer.Until(() => Task.FromResult(!good.IsEmpty), "the subscriber is told after all");
        JsonElement.Parse(good.First()).GetProperty("literalOutput").GetString().ShouldBe("hello");
        (await _server.Client.GetAsync(new Uri($"jobs/{job}", UriKind.Relative))).EnsureSuccessStatusCode();
    }

    [Theory]
    [InlineData("http://10.0.0.1/told")]
    [InlineData("ftp://example.org/told")]
    [InlineData("http://169.254.169.254/latest")]
    public async Task A_subscriber_that_may_not_be_reached_is_refused(string address)
    {
        var (status, body) = await PostAsync($$$"""{"inputs": {"literalInput": "a"}, "subscriber": {"successUri": "{{{address}}}"}}""");
        status.ShouldBe(400);
        body.ShouldContain("subscriber.successUri");
    }

    private async Task<string> SubmitAsync(string inputs, string response = "document")
    {
        var (status, body) = await PostAsync(
            $$$"""
            {"inputs": {{{inputs}}}, "response": "{{{response}}}", "subscriber": {
              "successUri": "{{{_far.AddressOf("good")}}}", "failedUri": "{{{_far.AddressOf("bad")}}}", "inProgressUri": "{{{_far.AddressOf("progress")}}}"}}
            """);
        status.ShouldBe(201, body);
        return JsonElement.Parse(body).GetProperty("jobID").GetString()!;
    }

    private async Task<(int Status, string Body)> PostAsync(string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "processes/echo/execution") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Add("Prefer", "respond-async");
        using var answer = await _server.Client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
