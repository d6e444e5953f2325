using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Conformance;

/// <summary>The definition that a server gives of itself, to look things up in.</summary>
internal sealed class ApiDocument
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    public ApiDocument(string json)
    {
        Text = json;
        Root = JsonElement.Parse(json);
        Operations = [.. Root.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Where(member => Methods.Contains(member.Name)).Select(member => new Operation(member.Name.ToUpperInvariant(), path.Name, member.Value)))];
    }

    public string Text { get; }

    public JsonElement Root { get; }

    public IReadOnlyList<Operation> Operations { get; }

    public static async Task<ApiDocument> ReadAsync(QgisServer server) => new((await server.GetAsync("api")).ShouldBe(200).Text);

    public Operation Find(string method, string path) =>
        Operations.SingleOrDefault(operation => operation.Method == method && operation.Path == path) ?? throw new ShouldAssertException($"{method} {path} is not described");

    /// <summary>The operation that answers a path; one without templates before one with them.</summary>
    public Operation Answering(string method, string path) =>
        Operations.Where(operation => operation.Method == method && Fits(operation.Path, path)).MinBy(operation => operation.Path.Count(letter => letter == '{'))
        ?? throw new ShouldAssertException($"nothing describes {method} {path}");

    /// <summary>What a local reference leads to.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        while (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference))
        {
            var target = reference.GetString()!;
            target.ShouldStartWith("#/", Case.Sensitive, "a definition that needs others is of no use offline");
            element = target[2..].Split('/').Aggregate(Root, (at, part) => at.GetProperty(part.Replace("~1", "/").Replace("~0", "~")));
        }

        return element;
    }

    /// <summary>Every reference, wherever it stands.</summary>
    public static IEnumerable<JsonElement> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member is { Name: "$ref", Value.ValueKind: JsonValueKind.String } ? [element] : References(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static bool Fits(string template, string path)
    {
        var (parts, segments) = (template.Split('/'), path.Split('/'));
        return parts.Length == segments.Length && parts.Zip(segments).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);
    }

    internal sealed record Operation(string Method, string Path, JsonElement Json)
    {
        public override string ToString() => $"{Method} {Path}";
    }
}
