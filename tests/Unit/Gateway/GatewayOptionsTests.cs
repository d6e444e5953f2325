using GeoWps.Adapters.Gateway;
using GeoWps.Adapters.Gateway.Forwarding;
using GeoWps.Application.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Gateway;

public sealed class GatewayOptionsTests
{
    [Fact]
    public void Policies_have_their_defaults_by_service()
    {
        var options = Read(("Gateway:Policies:tiles", "random"));

        options.PolicyOf("processes").ShouldBe(BalancingPolicy.LeastRequests);
        options.PolicyOf("files").ShouldBe(BalancingPolicy.RoundRobin);
        options.PolicyOf("tiles").ShouldBe(BalancingPolicy.Random);
    }

    [Fact]
    public void Composites_are_sections_by_name()
    {
        var composite = Read(("Gateway:Composites:All:Service", "tiles"), ("Gateway:Composites:All:Path", "/collections"), ("Gateway:Composites:All:Merge", "unionById")).Composites["all"];

        (composite.Service, composite.Path, composite.Merge).ShouldBe(("tiles", "/collections", MergeKind.UnionById));
    }

    [Theory]
    [InlineData("Gateway:Policies:tiles", "Best", "Gateway:Policies:tiles: 'Best' is not allowed; one of RoundRobin, LeastRequests, PowerOfTwoChoices, Random")]
    [InlineData("Gateway:Composites", "x", "Gateway:Composites: 'x' is not allowed; sections by name, as Gateway:Composites:NAME")]
    [InlineData("Gateway:Composites:a:Merge", "Mix", "Gateway:Composites:a:Merge: 'Mix' is not allowed; one of Features, UnionById, First")]
    [InlineData("Gateway:Composites:a:Paht", "/x", "Gateway:Composites:a:Paht: there is no such setting; there are: Service, Path, Merge")]
    [InlineData("Gateway:Composites:a:Path", "/admin/layers", "Gateway:Composites:a:Path: '/admin/layers' is not allowed; a path of that service on a node, such as /collections, not below /admin, /metrics or /health")]
    [InlineData("Gateway:Composites:a:Path", "/x", "Gateway:Composites:a:Service: '' is not allowed; the name of a service, such as records")]
    [InlineData("Gateway:ProbesToAdmit", "0", "Gateway:ProbesToAdmit: '0' is not allowed; a whole number from 1 to 100")]
    public void What_is_wrong_stops_the_start_with_a_line_that_names_it(string setting, string value, string line) =>
        Should.Throw<OptionsValidationException>(() => Read((setting, value))).Failures.ShouldContain(line);

    private static GatewayOptions Read(params (string, string)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Item1, setting.Item2))).Build();
        return new ServiceCollection().AddGateway(configuration).BuildServiceProvider().GetRequiredService<IOptions<GatewayOptions>>().Value;
    }
}
