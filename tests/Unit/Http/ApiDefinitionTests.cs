using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using FastEndpoints;
using GeoWps.Adapters.Http;
using GeoWps.Adapters.Http.OpenApi;
using GeoWps.Application.Nodes;

namespace GeoWps.Tests.Unit.Http;

public sealed partial class ApiDefinitionTests
{
    private static readonly byte[] Written = ApiDocuments.Write("http://127.0.0.1:8080/");
    private readonly JsonElement _document = JsonElement.Parse(Written);

    /// <summary>A change of the API is seen in review as a change of text; <c>GEOWPS_WRITE_CONTRACTS=1</c> writes it anew.</summary>
    [Fact]
    public void The_committed_definition_is_the_present_one()
    {
        var path = Path.Combine(Root(), "contracts", "openapi.json");
        if (Environment.GetEnvironmentVariable("GEOWPS_WRITE_CONTRACTS") == "1")
        {
            File.WriteAllBytes(path, [.. Written, (byte)'\n']);
        }

        File.ReadAllText(path).TrimEnd().ShouldBe(System.Text.Encoding.UTF8.GetString(Written), "run this test with GEOWPS_WRITE_CONTRACTS=1 and commit contracts/openapi.json");
    }

    [Fact]
    public void Every_reference_in_it_leads_somewhere()
    {
        foreach (Match reference in Reference().Matches(System.Text.Encoding.UTF8.GetString(Written)))
        {
            var parts = reference.Groups[1].Value.Split('/');
            _document.GetProperty("components").GetProperty(parts[0]).TryGetProperty(parts[1], out _).ShouldBeTrue(reference.Value);
        }
    }

    [Fact]
    public void Every_endpoint_is_in_it()
    {
        var described = _document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {WithoutEnding(path.Name)}")).ToArray();

        // What nodes tell each other is no part of the API.
        Served().Except(["GET " + NodeOfferDocument.Path]).ShouldBe(described, ignoreOrder: true);
    }

    [Fact]
    public void No_operation_id_is_used_twice() =>
        _document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value.GetProperty("operationId").GetString()).ShouldBeUnique();

    private static IEnumerable<string> Served()
    {
        var endpoints = typeof(HttpModule).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(BaseEndpoint)) && !type.IsAbstract);
        foreach (var type in endpoints)
        {
            var endpoint = (BaseEndpoint)RuntimeHelpers.GetUninitializedObject(type);
            var definition = new EndpointDefinition(type, typeof(EmptyRequest), typeof(object));
            typeof(BaseEndpoint).GetProperty(nameof(BaseEndpoint.Definition))!.SetValue(endpoint, definition);
            endpoint.Configure();

            // Where HEAD is what GET is without its body, nothing is said of it.
            foreach (var verb in definition.Verbs.Where(verb => verb != "HEAD" || definition.Verbs.Length == 1))
            {
                foreach (var route in definition.Routes)
                {
                    yield return $"{verb} {WithoutEnding(route)}";
                }
            }
        }
    }

    /// <summary>Some routes have the ending in their last part, which is faster; some take all parts that are left.</summary>
    private static string WithoutEnding(string path) => path.Replace(".{ext}", "", StringComparison.Ordinal).Replace("{**", "{", StringComparison.Ordinal);

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    [GeneratedRegex("\"#/components/([^\"]+)\"")]
    private static partial Regex Reference();
}
