using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Processes;

/// <summary>Requests to a process whose inputs a test makes up.</summary>
internal static class Bound
{
    public const string Base = "http://localhost:8080/";

    public static InputDescription Input(string id, string schema, int minOccurs = 0, int maxOccurs = 1) =>
        new(id, id, JsonNode.Parse(schema)!.AsObject(), minOccurs, maxOccurs);

    public static OutputDescription Output(string id, params string[] mediaTypes) => new(id, id, new JsonObject { ["type"] = "string" }) { MediaTypes = mediaTypes };

    public static ProcessDescription Process(params InputDescription[] inputs) => new()
    {
        Id = "p",
        Title = "p",
        Version = "1",
        Inputs = inputs,
        Outputs = [Output("VECTOR", MediaTypes.GeoJson, "application/gml+xml; version=3.2"), Output("COUNT"), Output("LOG", "text/plain") with { Optional = true }],
    };

    public static BoundRequest Request(ProcessDescription process, string json, IReferenceFetcher? references = null, params Attachment[] attachments) =>
        new RequestBinder(references ?? new FakeWeb()).Bind(process, new RequestBody(JobId.New(DateTimeOffset.UnixEpoch), JsonElement.Parse(json), attachments, ""), Base);

    /// <summary>The mistakes in the value of the only input.</summary>
    public static string[] Mistakes(InputDescription input, string value) => Mistakes(Process(input), $$$$"""{"inputs": {"{{{{input.Id}}}}": {{{{value}}}}}}""");

    public static string[] Mistakes(ProcessDescription process, string json) => [.. Request(process, json).Mistakes.Select(mistake => mistake.ToString())];

    /// <summary>The values of the only input.</summary>
    public static IReadOnlyList<InputValue> Values(InputDescription input, string value, params Attachment[] attachments)
    {
        var bound = Request(Process(input), $$$$"""{"inputs": {"{{{{input.Id}}}}": {{{{value}}}}}}""", attachments: attachments);
        bound.Mistakes.ShouldBeEmpty(value);
        return bound.Request.ShouldNotBeNull().Inputs[input.Id];
    }

    /// <summary>Kind, content, media type and encoding, in one line.</summary>
    public static string Say(InputValue value) =>
        (value is InputValue.Inline inline ? inline.Json.GetRawText() : ((InputValue.Reference)value).Href)
        + (value.MediaType is { } type ? $" as {type}" : "") + (value.Encoding is { } encoding ? $" in {encoding}" : "");
}
