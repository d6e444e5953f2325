using System.Net;
using GeoWps.Application.Nodes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Tests.Unit.Gateway;

/// <summary>Nodes that do not have what is asked for, and say who has.</summary>
public sealed class ElsewhereTests
{
    [Fact]
    public async Task What_only_one_node_has_is_asked_of_the_one_that_others_name_and_is_no_failure_of_theirs()
    {
        var nodes = new[] { await Node("a"), await Node("b"), await Node("ein Knoten") };
        await using var gateway = await GatewayHost.StartAsync(nodes);
        foreach (var node in nodes[..2])
        {
            node.Work = context => ElsewhereAsync(context, "ein Knoten");
        }

        for (var i = 0; i < 12; i++)
        {
            using var answer = await gateway.Client.GetAsync("/made/x");
            (await answer.Content.ReadAsStringAsync()).ShouldBe("ein Knoten");
            answer.Headers.Contains(ElsewhereException.Header).ShouldBeFalse();
        }

        gateway.Directory.Nodes.ShouldAllBe(node => node.IsIn && node.Ejections == 0);
        var operations = (await gateway.AdministerAsync("/admin/services")).GetProperty("services").EnumerateArray().SelectMany(service => service.GetProperty("operations").EnumerateArray()).ToArray();
        operations.Sum(operation => operation.GetProperty("calls").GetInt64()).ShouldBe(20, "eight of the twelve came to others first");
        operations.ShouldAllBe(operation => operation.GetProperty("failures").GetInt64() == 0);

        // A request that does something is not done twice.
        var posted = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await gateway.Client.PostAsync("/made/x", null);
            posted.Add(answer.StatusCode);
        }

        posted.Count(status => status == HttpStatusCode.ServiceUnavailable).ShouldBe(2);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("a")]
    public async Task A_node_that_is_not_there_is_named_to_the_caller(string named)
    {
        var nodes = new[] { await Node("a"), await Node("b") };
        await using var gateway = await GatewayHost.StartAsync(nodes);
        foreach (var node in nodes)
        {
            node.Work = context => ElsewhereAsync(context, named);
        }

        for (var i = 0; i < 8; i++)
        {
            using var answer = await gateway.Client.GetAsync("/made/x");
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.Contains(ElsewhereException.Header).ShouldBeFalse();
            (await answer.Content.ReadAsStringAsync()).ShouldBe($"at {named}");
        }

        gateway.Directory.Nodes.ShouldAllBe(node => node.IsIn && node.Ejections == 0);
    }

    private static Task<SmallNode> Node(string name) => new SmallNode(name).StartAsync();

    private static Task ElsewhereAsync(HttpContext context, string node)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers[ElsewhereException.Header] = ElsewhereException.Written(node);
        return context.Response.WriteAsync($"at {node}");
    }
}
