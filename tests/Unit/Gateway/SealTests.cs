namespace GeoWps.Tests.Unit.Gateway;

/// <summary>Nodes with another administrator's token than the gateway.</summary>
public sealed class SealTests
{
    [Fact]
    public async Task A_node_that_does_not_take_the_gateways_word_is_named_until_it_does()
    {
        var (same, other, old) = (new SmallNode("same") { Token = GatewayHost.Token }, new SmallNode("other") { Token = "the-token-of-somebody-else" }, new SmallNode("old"));
        var nodes = new[] { await same.StartAsync(), await other.StartAsync(), await old.StartAsync() };
        await using var gateway = await GatewayHost.StartAsync(nodes);

        await gateway.UntilAsync(() => gateway.Of(other).RefusesSeals);
        (await NamedAsync(gateway)).ShouldBe(["other"]);

        other.Token = GatewayHost.Token;
        await gateway.UntilAsync(() => !gateway.Of(other).RefusesSeals);
        (await NamedAsync(gateway)).ShouldBeEmpty();
    }

    private static async Task<string[]> NamedAsync(GatewayHost gateway) =>
        [.. (await gateway.AdministerAsync("/admin/nodes")).GetProperty("nodes").EnumerateArray().Where(node => node.TryGetProperty("refusesSeals", out _)).Select(node => node.GetProperty("name").GetString()!)];
}
