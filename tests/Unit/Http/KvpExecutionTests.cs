using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Processes;
using GeoWps.Adapters.Http.Wps.Requests;
using GeoWps.Application.Processes;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Http;

/// <summary>Inputs that may come several times, which the built-in processes have none of.</summary>
public sealed class KvpExecutionTests
{
    private static readonly ProcessDescription Process = new()
    {
        Id = "p",
        Title = "P",
        Version = "1",
        Inputs = [Input("numbers", "number", 9), Input("flags", "boolean", 9), Input("texts", "string", 9), Input("number", "number", 1)],
        Outputs = [],
    };

    [Theory]
    [InlineData("numbers=1.50,2", "numbers", "[1.50,2]")]
    [InlineData("numbers=1&numbers=2,3", "numbers", "[1,2,3]")]
    [InlineData("numbers=1,far", "numbers", "[1,\"far\"]")]
    [InlineData("flags=true,0", "flags", "[true,false]")]
    [InlineData("texts=blue,green", "texts", "\"blue,green\"")]
    [InlineData("texts=blue&texts=green", "texts", "[\"blue\",\"green\"]")]
    [InlineData("number=1,2", "number", "\"1,2\"")]
    public async Task Commas_divide_values_that_can_hold_none(string query, string input, string json)
    {
        var draft = new ExecuteDraft(new RequestParts(Some.Id, new FakeBlobs(), Options.Create(new RequestLimits())), Process);

        var body = await new KvpExecution(draft, new QueryCollection(QueryHelpers.ParseQuery(query))).ReadAsync(CancellationToken.None);

        var given = JsonNode.Parse(body.Json.GetProperty("inputs").GetProperty(input).GetRawText());
        JsonNode.DeepEquals(given, JsonNode.Parse(json)).ShouldBeTrue(given!.ToJsonString());
    }

    private static InputDescription Input(string id, string type, int most) => new(id, id, new JsonObject { ["type"] = type }, 0, most);
}
