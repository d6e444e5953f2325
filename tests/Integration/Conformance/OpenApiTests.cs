using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Tests.Integration.Fixtures;
using NJsonSchema;

namespace GeoWps.Tests.Integration.Conformance;

/// <summary>OGC API - Processes 1.0, class "OpenAPI 3.0". The trait <c>ATS</c> names the abstract test of annex A.</summary>
[Collection(OpenServerTests.Name)]
public sealed class OpenApiTests(OpenServer qgis)
{
    private const string OpenApi = "application/vnd.oai.openapi+json;version=3.0";

    [QgisFact]
    [Trait("ATS", "/conf/oas30/completeness")]
    public async Task Every_operation_of_the_declared_classes_is_described_with_what_it_answers()
    {
        var api = await ApiDocument.ReadAsync(qgis);
        string[] wanted =
        [
            "GET /", "GET /conformance", "GET /api", "GET /processes", "GET /processes/{processID}", "POST /processes/{processID}/execution",
            "GET /jobs", "GET /jobs/{jobID}", "DELETE /jobs/{jobID}", "GET /jobs/{jobID}/results",
        ];

        wanted.ShouldBeSubsetOf(api.Operations.Select(operation => operation.ToString()));
        foreach (var operation in api.Operations)
        {
            var responses = operation.Json.GetProperty("responses").EnumerateObject().ToArray();
            responses.ShouldContain(response => response.Name.StartsWith('2'), operation.ToString());
            responses.ShouldContain(response => response.Name == "default", operation.ToString());

            // A request for the head alone has no content in its answer, and tus tells all in headers.
            foreach (var response in responses.Where(response => response.Name is not ("204" or "304" or "416") && operation.Method != "HEAD" && (response.Name != "201" || operation.Path != "/uploads")))
            {
                api.Resolve(response.Value).GetProperty("content").EnumerateObject().ShouldNotBeEmpty($"{operation} {response.Name}");
            }
        }
    }

    [QgisFact]
    [Trait("ATS", "/conf/oas30/completeness")]
    public async Task Every_resource_that_is_a_page_is_described_as_one()
    {
        var api = await ApiDocument.ReadAsync(qgis);

        foreach (var path in (string[])["/", "/conformance", "/api", "/processes", "/processes/{processID}", "/jobs", "/jobs/{jobID}", "/jobs/{jobID}/results", "/jobs/{jobID}/log"])
        {
            var operation = api.Find("GET", path);
            var responses = operation.Json.GetProperty("responses");
            responses.GetProperty("200").GetProperty("content").TryGetProperty("text/html", out _).ShouldBeTrue(path);
            responses.TryGetProperty("400", out _).ShouldBeTrue($"{path}: an unknown f is refused");
            operation.Json.GetProperty("parameters").EnumerateArray().Select(parameter => api.Resolve(parameter).GetProperty("name").GetString()).ShouldContain("f", path);
        }
    }

    [QgisFact]
    [Trait("ATS", "/conf/oas30/exceptions-codes")]
    public async Task Every_status_that_is_answered_is_described()
    {
        var api = await ApiDocument.ReadAsync(qgis);
        var job = await qgis.SubmitAsync("echo", new { inputs = new { literalInput = "a" } });
        var waiting = await qgis.SubmitAsync("echo", new { inputs = new { literalInput = "a", pause = 60 } });
        await qgis.EndOfAsync(job);
        var tag = (await qgis.GetAsync("processes/echo")).Headers.ETag!.ToString();
        List<(string Method, string Path, Answer Answer)> seen =
        [
            ("GET", "/", await qgis.GetAsync("")),
            ("GET", "/", await qgis.GetAsync("?f=xml")),
            ("GET", "/conformance", await qgis.GetAsync("conformance?f=xml")),
            ("GET", "/api", await qgis.GetAsync("api?f=xml")),
            ("GET", "/api", await qgis.GetAsync("api", ("If-None-Match", (await qgis.GetAsync("api")).Headers.ETag!.ToString()))),
            ("GET", "/processes", await qgis.GetAsync("processes?limit=0")),
            ("GET", "/processes/echo", await qgis.GetAsync("processes/echo", ("If-None-Match", tag))),
            ("GET", "/processes/none", await qgis.GetAsync("processes/none")),
            ("GET", "/processes/echo", await qgis.GetAsync("processes/echo?f=xml")),
            ("POST", "/processes/echo/execution", await qgis.ExecuteAsync("echo", new { inputs = new { literalInput = "a" }, response = "document" })),
            ("POST", "/processes/echo/execution", await qgis.ExecuteAsync("echo", new { inputs = new { literalInput = "a" } }, "respond-async")),
            ("POST", "/processes/echo/execution", await qgis.ExecuteAsync("echo", new { inputs = new { } })),
            ("POST", "/processes/echo/execution", await qgis.ExecuteAsync("echo", new { inputs = new { literalInput = "a" }, outputs = new { literalOutput = new { transmissionMode = "reference" } } })),
            ("POST", "/processes/none/execution", await qgis.ExecuteAsync("none", new { inputs = new { } })),
            ("POST", "/processes/echo/execution", await qgis.SendAsync(HttpMethod.Post, "processes/echo/execution", new StringContent("<a/>", null, "text/xml"))),
            ("POST", "/processes/echo/validation", await qgis.ValidateAsync("echo", new { inputs = new { } })),
            ("GET", "/jobs", await qgis.GetAsync("jobs?status=done")),
            ("GET", $"/jobs/{job}", await qgis.GetAsync($"jobs/{job}?f=xml")),
            ("GET", "/jobs/none", await qgis.GetAsync("jobs/none")),
            ("GET", $"/jobs/{waiting}/results", await qgis.GetAsync($"jobs/{waiting}/results")),
            ("GET", $"/jobs/{job}/results", await qgis.GetAsync($"jobs/{job}/results")),
            ("GET", $"/jobs/{job}/results", await qgis.GetAsync($"jobs/{job}/results?f=xml")),
            ("GET", $"/jobs/{job}/log", await qgis.GetAsync($"jobs/{job}/log?skip=x")),
            ("DELETE", $"/jobs/{waiting}", await qgis.SendAsync(HttpMethod.Delete, $"jobs/{waiting}", null)),
            ("GET", $"/jobs/{waiting}/results", await qgis.GetAsync($"jobs/{waiting}/results")),
            ("DELETE", "/jobs/none", await qgis.SendAsync(HttpMethod.Delete, "jobs/none", null)),
            ("POST", "/processes", await qgis.SendAsync(HttpMethod.Post, "processes", new StringContent("{}", null, "application/ogcapppkg+json"))),
        ];

        seen.Select(each => each.Answer.Status).Distinct().Order().ShouldBe([200, 201, 204, 304, 400, 401, 404, 410, 415]);
        foreach (var (method, path, answer) in seen)
        {
            var operation = api.Answering(method, path);
            operation.Json.GetProperty("responses").TryGetProperty($"{answer.Status}", out var response).ShouldBeTrue($"{operation}: {answer.Status}");
            if (answer.Body.Length > 0)
            {
                var media = answer.MediaType!.Split(';')[0];
                api.Resolve(response).GetProperty("content").EnumerateObject().Select(content => content.Name.Split(';')[0]).ShouldContain(
                    described => described == media || described == "*/*", $"{operation}: {answer.Status} as {media}");
            }
        }
    }

    [QgisFact]
    [Trait("ATS", "/conf/oas30/oas-definition-1")]
    public async Task The_landing_page_leads_to_the_definition_and_to_a_page_of_it()
    {
        var links = (await qgis.GetAsync("")).Json.GetProperty("links").EnumerateArray().Where(link => link.GetProperty("rel").GetString()!.StartsWith("service-", StringComparison.Ordinal))
            .ToDictionary(link => link.GetProperty("rel").GetString()!, StringComparer.Ordinal);

        links["service-desc"].GetProperty("type").GetString().ShouldBe(OpenApi);
        links["service-doc"].GetProperty("type").GetString().ShouldBe("text/html");
        (await qgis.GetAsync(Path("service-desc"), ("Accept", OpenApi))).ShouldBe(200).MediaType!.Replace(" ", "").ShouldBe(OpenApi);
        (await qgis.GetAsync(Path("service-doc"), ("Accept", "*/*"))).ShouldBe(200).MediaType.ShouldBe("text/html; charset=utf-8");
        (await qgis.GetAsync("api", ("Accept", $"text/html;q=0.5, {OpenApi}"))).MediaType!.Replace(" ", "").ShouldBe(OpenApi);
        (await qgis.GetAsync("api", ("Accept", "application/json"))).MediaType.ShouldBe("application/json");

        string Path(string relation) => new Uri(links[relation].GetProperty("href").GetString()!).PathAndQuery[1..];
    }

    [QgisFact]
    [Trait("ATS", "/conf/oas30/oas-definition-2")]
    public async Task The_definition_with_all_processes_is_valid_and_complete_in_itself()
    {
        var api = await ApiDocument.ReadAsync(qgis);
        var schema = await JsonSchema.FromFileAsync(System.IO.Path.Combine(AppContext.BaseDirectory, "Schemas", "openapi", "schema-3.0.json"));

        schema.Validate(api.Text).Select(error => error.ToString()).ShouldBeEmpty();
        schema.Validate(api.Text.Replace("\"operationId\"", "\"operationID\"", StringComparison.Ordinal)).ShouldNotBeEmpty("control: a word that OpenAPI does not know is found");
        foreach (var reference in ApiDocument.References(api.Root))
        {
            api.Resolve(reference).ValueKind.ShouldBe(JsonValueKind.Object);
        }

        api.Operations.Select(operation => operation.Json.GetProperty("operationId").GetString()).ShouldBeUnique();
        var processes = (await qgis.GetAsync("processes")).Json.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("id").GetString()!).ToArray();
        processes.Length.ShouldBeGreaterThan(250);
        processes.Select(id => $"POST /processes/{id}/execution").ShouldBeSubsetOf(api.Operations.Select(operation => operation.ToString()));
    }

    /// <summary>Requests that the server takes are requests that a generated client can make.</summary>
    [QgisFact]
    [Trait("ATS", "/conf/oas30/oas-impl")]
    public async Task A_request_that_fits_a_process_fits_the_schema_of_its_path()
    {
        var api = await ApiDocument.ReadAsync(qgis);
        var operations = api.Operations.Where(operation => operation is { Method: "POST" } && operation.Path.EndsWith("/execution") && !operation.Path.Contains('{')).ToArray();
        var schemas = JsonNode.Parse(api.Root.GetProperty("components").GetProperty("schemas").GetRawText())!.AsObject();
        foreach (var operation in operations)
        {
            schemas[operation.Path] = JsonNode.Parse(operation.Json.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetRawText());
        }

        var document = await JsonSchema.FromJsonAsync(new JsonObject { ["definitions"] = schemas }.ToJsonString().Replace("#/components/schemas/", "#/definitions/"));
        foreach (var operation in operations)
        {
            var request = await ExampleOfAsync(operation.Path[..operation.Path.LastIndexOf('/')]);
            document.Definitions[operation.Path].Validate(request).Select(error => error.ToString()).ShouldBeEmpty($"{operation}: {request}");
            document.Definitions[operation.Path].Validate("""{"inputs": {"no such input": 1}}""").ShouldNotBeEmpty($"control: {operation}");
        }

        operations.Length.ShouldBeGreaterThan(250);
    }

    [QgisFact]
    [Trait("ATS", "/conf/oas30/oas-impl")]
    public async Task Every_path_that_can_be_filled_in_answers()
    {
        var api = await ApiDocument.ReadAsync(qgis);
        var job = await qgis.SubmitAsync("echo", new { inputs = new { literalInput = "a" } });
        await qgis.EndOfAsync(job);
        var tried = 0;

        foreach (var operation in api.Operations.Where(operation => operation.Method == "GET" && operation.Path is not ("/wps" or "/wps/status/{jobID}" or "/wmts") && !OfLayers(operation.Path) && operation.Path is not "/schemes/{scheme}" && !operation.Path.Contains("{record}", StringComparison.Ordinal) && !operation.Json.TryGetProperty("security", out _)))
        {
            var path = operation.Path.Replace("{processID}", "echo").Replace("{jobID}", job).Replace("{output}", "literalOutput");
            (await qgis.GetAsync(path.EndsWith("/execution") ? $"{path[1..]}?literalInput=a" : path[1..])).ShouldBe(200);
            tried++;
        }

        tried.ShouldBeGreaterThan(10);
    }

    /// <summary>Those are tried where there are layers.</summary>
    private static bool OfLayers(string path) => path.Contains("{layer}", StringComparison.Ordinal) || path.Contains("{tile", StringComparison.Ordinal);

    [QgisFact]
    [Trait("ATS", "/conf/oas30/security")]
    public async Task What_needs_a_token_is_described_so_and_the_rest_is_not()
    {
        var api = await ApiDocument.ReadAsync(qgis);
        var schemes = api.Root.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().ToDictionary(scheme => scheme.Name, scheme => scheme.Value);
        schemes.Values.ShouldContain(scheme => scheme.GetProperty("type").GetString() == "http" && scheme.GetProperty("scheme").GetString() == "bearer");
        string[] guarded = [.. api.Operations.Where(IsGuarded).Select(operation => operation.ToString())];

        guarded.ShouldBe(
            [
                "POST /processes", "PUT /processes/{processID}", "DELETE /processes/{processID}", "GET /processes/{processID}/package",
                "GET /admin/layers", "POST /admin/layers", "GET /admin/layers/{layer}", "PUT /admin/layers/{layer}", "PATCH /admin/layers/{layer}",
                "DELETE /admin/layers/{layer}", "POST /admin/layers/{layer}/pin",
                "GET /cache", "GET /cache/{layer}", "DELETE /cache/{layer}", "POST /cache/{layer}/seed", "POST /cache/{layer}/expire",
            "GET /admin/schedules", "POST /admin/schedules", "GET /admin/schedules/{schedule}", "PUT /admin/schedules/{schedule}", "DELETE /admin/schedules/{schedule}",
            "POST /admin/schedules/{schedule}/run",
                "GET /admin/sources", "POST /admin/sources", "GET /admin/sources/{source}", "PUT /admin/sources/{source}", "DELETE /admin/sources/{source}", "POST /admin/sources/{source}/run",
                "GET /admin/schemes", "GET /admin/schemes/{scheme}", "PUT /admin/schemes/{scheme}", "DELETE /admin/schemes/{scheme}",
                "GET /admin/records/{record}/classifications", "PUT /admin/records/{record}/classifications", "GET /admin/use",
                "GET /admin/tokens", "POST /admin/tokens", "GET /admin/tokens/{token}", "DELETE /admin/tokens/{token}",
            ],
            ignoreOrder: true);

        // What is everybody's by default may need a token where an operator says so, and shows a caller's own with one.
        string[] open = [.. api.Operations.Where(operation => operation.Json.TryGetProperty("security", out _) && !IsGuarded(operation)).Select(operation => operation.ToString())];
        open.ShouldBe(
            [
                "GET /processes/{processID}/execution", "POST /processes/{processID}/execution", "POST /processes/{processID}/validation", "POST /jobs", "GET /jobs", "GET /jobs/{jobID}",
                "DELETE /jobs/{jobID}", "GET /jobs/{jobID}/results", "GET /jobs/{jobID}/results/{output}", "GET /jobs/{jobID}/log", "GET /jobs/{jobID}/events",
                "GET /wps", "POST /wps", "GET /wps/status/{jobID}",
                "GET /files", "GET /files/{path}", "PUT /files/{path}", "DELETE /files/{path}", "POST /files/{path}", "PATCH /files/{path}",
                "GET /uploads", "POST /uploads", "GET /uploads/{uploadID}", "HEAD /uploads/{uploadID}", "PATCH /uploads/{uploadID}", "DELETE /uploads/{uploadID}",
            ],
            ignoreOrder: true);
        foreach (var operation in api.Operations.Where(IsGuarded))
        {
            operation.Json.GetProperty("security")[0].EnumerateObject().Single().Name.ShouldBeOneOf([.. schemes.Keys]);
            var path = operation.Path.Replace("{processID}", "echo");
            var content = operation.Method is "POST" or "PUT" ? new StringContent("{}", null, "application/ogcapppkg+json") : null;
            (await qgis.SendAsync(new HttpMethod(operation.Method), path[1..], content)).ShouldBe(401);
        }

        static bool IsGuarded(ApiDocument.Operation operation) => operation.Json.TryGetProperty("security", out var ways) && ways.EnumerateArray().All(way => way.EnumerateObject().Any());
    }

    /// <summary>The request that a process's page shows.</summary>
    private async Task<string> ExampleOfAsync(string path)
    {
        var page = WebUtility.HtmlDecode((await qgis.GetAsync($"{path[1..]}?f=html")).ShouldBe(200).Text);
        var from = page.IndexOf("-d '", StringComparison.Ordinal) + 4;
        return page[from..page.IndexOf("'</pre>", from, StringComparison.Ordinal)].Replace("'\\''", "'");
    }
}
