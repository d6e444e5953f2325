using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Conformance;

/// <summary>Class "JSON": every resource has a form in JSON, which comes to who asks for it, and to who does not say.</summary>
[Collection(ConformanceServerTests.Name)]
public sealed class JsonTests(ConformanceServer server)
{
    private const string Hello = """{"inputs": {"literalInput": "hello"}, "response": "document"}""";

    [Theory]
    [InlineData("/", "landingPage")]
    [InlineData("conformance", "confClasses")]
    [InlineData("processes", "processList")]
    [InlineData("processes/echo", "process")]
    [InlineData("jobs", "jobList")]
    [InlineData("{job}", "statusInfo")]
    [InlineData("{job}/results", "results")]
    [InlineData("processes/no-such", "exception")]
    [InlineData("jobs/no-such", "exception")]
    [Trait("ATS", "/conf/json/definition")]
    public async Task A_resource_is_JSON_by_its_schema(string path, string schema)
    {
        if (path.Contains("{job}", StringComparison.Ordinal))
        {
            var job = await server.SubmitAsync("echo", Hello);
            await server.EndOfAsync(job);
            path = path.Replace("{job}", job, StringComparison.Ordinal);
        }

        foreach (var accept in new[] { "application/json", "*/*" })
        {
            var answer = await server.GetAsync(path, accept);
            answer.MediaType.ShouldBeOneOf("application/json", "application/problem+json");
            await OgcJsonSchema.ShouldFitAsync(answer.Json, schema, path);
        }
    }

    [Fact]
    [Trait("ATS", "/conf/json/definition")]
    public async Task Who_takes_only_JSON_gets_every_answer_as_JSON()
    {
        (await server.ExecuteAsync("echo", Hello, ("Accept", "application/json"))).ShouldBe(200).MediaType.ShouldBe("application/json");
        (await server.ExecuteAsync("echo", Hello, ("Accept", "application/json"), ("Prefer", "respond-async"))).ShouldBe(201).MediaType.ShouldBe("application/json");
        (await server.ExecuteAsync("echo", "{}", ("Accept", "application/json"))).ShouldBe(400).MediaType.ShouldBe("application/json");
    }
}
