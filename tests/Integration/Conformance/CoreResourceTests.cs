using System.Net;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Conformance;

/// <summary>Class "Core": the landing page, the declaration, the definition, and the processes.</summary>
[Collection(ConformanceServerTests.Name)]
public sealed class CoreResourceTests(ConformanceServer server)
{
    [Theory]
    [InlineData("statusInfo", """{"jobID": "a", "type": "process", "status": "sleeping"}""")]
    [InlineData("statusInfo", """{"type": "process", "status": "running"}""")]
    [InlineData("results", """{"output": {"a": 1}}""")]
    [InlineData("processList", """{"processes": [{"id": "a"}], "links": []}""")]
    [InlineData("schema", """{"type": "text"}""")]
    [InlineData("inputDescription", """{"schema": {"type": "string"}, "maxOccurs": "many"}""")]
    public async Task Control_what_a_schema_does_not_allow_is_found(string schema, string json) =>
        await Assert.ThrowsAsync<ShouldAssertException>(() => OgcJsonSchema.ShouldFitAsync(JsonElement.Parse(json), schema));

    [Fact]
    [Trait("ATS", "/conf/core/landingpage-op")]
    public async Task The_landing_page_is_at_the_root() => (await server.GetAsync("/")).ShouldBe(200).MediaType.ShouldBe("application/json");

    [Fact]
    [Trait("ATS", "/conf/core/landingpage-success")]
    public async Task The_landing_page_leads_to_definition_declaration_and_processes()
    {
        var page = await server.JsonAsync("/");

        await OgcJsonSchema.ShouldFitAsync(page, "landingPage");
        (await server.GetAsync(ConformanceServer.Href(page, "service-desc").ShouldNotBeNull(), "*/*")).ShouldBe(200);
        (await server.JsonAsync(ConformanceServer.Href(page, ConformanceServer.Ogc + "conformance").ShouldNotBeNull())).TryGetProperty("conformsTo", out _).ShouldBeTrue();
        (await server.JsonAsync(ConformanceServer.Href(page, ConformanceServer.Ogc + "processes").ShouldNotBeNull())).TryGetProperty("processes", out _).ShouldBeTrue();
    }

    [Fact]
    [Trait("ATS", "/conf/core/api-definition-op")]
    public async Task Every_address_of_the_definition_answers_in_the_type_of_its_link()
    {
        var links = (await server.JsonAsync("/")).GetProperty("links").EnumerateArray().Where(link => link.GetProperty("rel").GetString()!.StartsWith("service-", StringComparison.Ordinal)).ToList();

        links.ShouldNotBeEmpty();
        foreach (var link in links)
        {
            var type = link.GetProperty("type").GetString()!;
            (await server.GetAsync(link.GetProperty("href").GetString()!, type)).ShouldBe(200).MediaType.ShouldNotBeNull().ShouldStartWith(type.Split(';')[0]);
        }
    }

    [Fact]
    [Trait("ATS", "/conf/core/api-definition-success")]
    public async Task The_definition_is_OpenAPI_and_has_the_resources_of_the_class()
    {
        var definition = (await server.GetAsync("api", "application/vnd.oai.openapi+json;version=3.0")).ShouldBe(200).Json;

        definition.GetProperty("openapi").GetString()!.ShouldStartWith("3.0.");
        definition.GetProperty("info").GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        var paths = definition.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToArray();
        foreach (var path in new[] { "/", "/conformance", "/processes", "/processes/{processID}", "/processes/{processID}/execution", "/jobs/{jobID}", "/jobs/{jobID}/results" })
        {
            paths.ShouldContain(path);
        }
    }

    [Fact]
    [Trait("ATS", "/conf/core/conformance-op")]
    public async Task The_declaration_is_at_conformance() => (await server.GetAsync("conformance")).ShouldBe(200).MediaType.ShouldBe("application/json");

    [Fact]
    [Trait("ATS", "/conf/core/conformance-success")]
    public async Task The_declaration_names_the_core_and_how_processes_are_described()
    {
        var declaration = await server.JsonAsync("conformance");

        await OgcJsonSchema.ShouldFitAsync(declaration, "confClasses");
        var classes = declaration.GetProperty("conformsTo").EnumerateArray().Select(one => one.GetString()).ToArray();
        classes.ShouldContain("http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/core");
        classes.ShouldContain("http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/ogc-process-description");
    }

    [Fact]
    [Trait("ATS", "/conf/core/http")]
    public async Task It_speaks_HTTP_with_its_status_codes()
    {
        using var response = await server.Server.Client.GetAsync(new Uri("/", UriKind.Relative));

        response.Version.ShouldBe(HttpVersion.Version11);
        (await server.GetAsync("no/such/resource")).ShouldBe(404);
        (await server.SendAsync(HttpMethod.Put, "conformance", "{}")).ShouldBe(405);
        (await server.SendAsync(HttpMethod.Head, "processes")).ShouldBe(200).Body.ShouldBeEmpty();
    }

    [Fact]
    [Trait("ATS", "/conf/core/process-list")]
    public async Task The_processes_are_listed() =>
        (await server.JsonAsync("processes")).GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("id").GetString()).ShouldBe(["EchoProcess", "echo", "geowps:export", "geowps:harvest", "geowps:publish", "geowps:reseed", "geowps:seed", "geowps:truncate"], ignoreOrder: true);

    [Fact]
    [Trait("ATS", "/conf/core/pl-limit-definition")]
    public async Task The_size_of_a_page_is_a_parameter_with_bounds()
    {
        var operation = (await server.GetAsync("api", "*/*")).Json.GetProperty("paths").GetProperty("/processes").GetProperty("get");
        var limit = operation.GetProperty("parameters").EnumerateArray().Single(parameter => parameter.TryGetProperty("name", out var name) && name.GetString() == "limit");

        limit.GetProperty("in").GetString().ShouldBe("query");
        limit.GetProperty("schema").GetProperty("type").GetString().ShouldBe("integer");
        limit.GetProperty("schema").GetProperty("minimum").GetInt32().ShouldBe(1);
        foreach (var wrong in new[] { "0", "-1", "many", "1.5" })
        {
            await ConformanceServer.ShouldBeExceptionAsync(await server.GetAsync($"processes?limit={wrong}"), 400);
        }
    }

    [Fact]
    [Trait("ATS", "/conf/core/process-list-success")]
    public async Task The_list_of_processes_is_valid()
    {
        var list = await server.JsonAsync("processes");

        await OgcJsonSchema.ShouldFitAsync(list, "processList");
        foreach (var summary in list.GetProperty("processes").EnumerateArray())
        {
            await OgcJsonSchema.ShouldFitAsync(summary, "processSummary");
            (await server.JsonAsync(ConformanceServer.Href(summary, "self").ShouldNotBeNull())).GetProperty("id").GetString().ShouldBe(summary.GetProperty("id").GetString());
        }
    }

    [Fact]
    [Trait("ATS", "/conf/core/pl-links")]
    public async Task The_list_links_to_itself_and_to_its_page()
    {
        var list = await server.JsonAsync("processes?limit=1");

        (await server.GetAsync(ConformanceServer.Href(list, "self").ShouldNotBeNull())).ShouldBe(200).Json.GetProperty("processes").GetArrayLength().ShouldBe(1);
        (await server.GetAsync(ConformanceServer.Href(list, "alternate").ShouldNotBeNull(), "*/*")).ShouldBe(200).MediaType.ShouldNotBeNull().ShouldStartWith("text/html");
    }

    [Fact]
    [Trait("ATS", "/conf/core/pl-limit-response")]
    public async Task Pages_of_one_visit_each_process_once()
    {
        var seen = new List<string?>();
        var next = "processes?limit=1";
        while (next is not null)
        {
            var page = await server.JsonAsync(next);
            page.GetProperty("processes").GetArrayLength().ShouldBe(1);
            seen.Add(page.GetProperty("processes")[0].GetProperty("id").GetString());
            next = ConformanceServer.Href(page, "next");
        }

        seen.ShouldBe(["EchoProcess", "echo", "geowps:export", "geowps:harvest", "geowps:publish", "geowps:reseed", "geowps:seed", "geowps:truncate"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("echo")]
    [InlineData("EchoProcess")]
    [Trait("ATS", "/conf/core/process")]
    public async Task A_process_is_described_under_its_id(string id) => (await server.JsonAsync($"processes/{id}")).GetProperty("id").GetString().ShouldBe(id);

    [Theory]
    [InlineData("echo")]
    [InlineData("EchoProcess")]
    [Trait("ATS", "/conf/core/process-success")]
    public async Task A_description_is_valid_and_says_how_to_execute(string id)
    {
        var description = await server.JsonAsync($"processes/{id}");

        await OgcJsonSchema.ShouldFitAsync(description, "process");
        ConformanceServer.Href(description, ConformanceServer.Ogc + "execute").ShouldNotBeNull().ShouldEndWith($"/processes/{id}/execution");
        description.GetProperty("jobControlOptions").EnumerateArray().Select(option => option.GetString()).ShouldBe(["sync-execute", "async-execute", "dismiss"]);
    }

    [Fact]
    [Trait("ATS", "/conf/core/process-exception-no-such-process")]
    public async Task An_unknown_process_is_called_so()
    {
        await ConformanceServer.ShouldBeExceptionAsync(await server.GetAsync("processes/no-such"), 404, "no-such-process");
        await ConformanceServer.ShouldBeExceptionAsync(await server.ExecuteAsync("no-such", """{"inputs": {}}"""), 404, "no-such-process");
    }
}
