using FsCheck;
using FsCheck.Fluent;
using GeoWps.Application;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Domain.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Discovery;

public sealed class ThisNodeTests
{
    [Theory]
    [InlineData("http://10.0.0.5:8080", "http://10.0.0.5:8080/")]
    [InlineData("http://*:8080;https://maps.example", "https://maps.example/")]
    [InlineData("http://0.0.0.0:80;http://[::]:80;http://[::1]:8081/", "http://[::1]:8081/")]
    [InlineData("http://localhost:5000/base", "http://localhost:5000/")]
    public void Its_address_is_the_first_that_names_a_host(string urls, string address) => Node(urls).Address.ShouldBe(new Uri(address));

    [Fact]
    public void An_address_that_is_set_goes_before_where_it_listens() =>
        Node("http://10.0.0.5:8080", ("Node:Address", "https://one.example")).Address.ShouldBe(new Uri("https://one.example/"));

    [Theory]
    [InlineData("http://*:8080")]
    [InlineData("http://+:8080;http://0.0.0.0:80")]
    [InlineData("http://127.0.0.1:0")]
    public void Who_announces_itself_needs_an_address(string urls)
    {
        Node(urls).Address.ShouldBeNull();
        using var services = Build(urls, announced: true);

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<NodeOptions>>().Value)
            .Message.ShouldStartWith($"Node:Address is missing; urls '{urls}' does not tell");
    }

    [Theory]
    [InlineData("Node:Services", "tiles,maps", "Node:Services: 'maps' is not allowed; one of processes, tiles, files, records")]
    [InlineData("Node:Name", "a b", "Node:Name: 'a b' is not allowed; up to 100 letters, digits, '.', '_' and '-'")]
    [InlineData("Node:Address", "http://a/b", "Node:Address: 'http://a/b' is not allowed; scheme, host and port by which other nodes reach this one, such as http://10.0.0.5:8080")]
    [InlineData("Node:Address", "ftp://a", "Node:Address: 'ftp://a' is not allowed; scheme, host and port by which other nodes reach this one, such as http://10.0.0.5:8080")]
    public void What_can_not_be_is_refused(string setting, string value, string reason)
    {
        using var services = Build("http://a:80", announced: true, (setting, value));

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<NodeOptions>>().Value).Failures.ShouldHaveSingleItem().ShouldBe(reason);
    }

    [Fact]
    public void It_has_a_name_that_stays_an_id_that_does_not_and_the_services_that_were_chosen()
    {
        var (first, second) = (Node("http://*:8123", ("Node:Services", "Tiles,processes")), Node("http://*:8123"));

        first.Name.ShouldBe($"{Environment.MachineName}-8123");
        second.Name.ShouldBe(first.Name);
        second.Id.ShouldNotBe(first.Id);
        first.Services.ShouldBe(["processes", "tiles"]);
        (first.Offers("tiles"), first.Offers("files"), first.Offers("core")).ShouldBe((true, false, true));
        second.Services.ShouldBe(NodeServices.All);
    }

    [Fact]
    public void Lists_are_by_name_then_id_and_lose_nobody()
    {
        var entries = from name in Gen.Elements("a", "b", "B", "a-1", "ä") from id in Gen.Choose(0, 9) select new NodeEntry($"{id}", name, new Uri("http://h/"), []);
        Prop.ForAll(entries.ListOf().ToArbitrary(), nodes =>
        {
            var ordered = NodeLists.Ordered(nodes);
            var inOrder = ordered.Zip(ordered.Skip(1), (one, next) =>
                (string.CompareOrdinal(one.Name, next.Name), string.CompareOrdinal(one.Id, next.Id)) is ( < 0, _) or (0, <= 0)).All(right => right);
            return inOrder && ordered.Count == nodes.Count && nodes.All(ordered.Contains) && ordered.SameAs(NodeLists.Ordered(Enumerable.Reverse(nodes)));
        }).QuickCheckThrowOnFailure();
    }

    private static ThisNode Node(string urls, params (string Key, string Value)[] settings)
    {
        using var services = Build(urls, announced: false, settings);
        return services.GetRequiredService<ThisNode>();
    }

    private static ServiceProvider Build(string urls, bool announced, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Append(("urls", urls)).Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2))).Build();
        var services = new ServiceCollection();
        _ = announced ? services.AddNodeAnnouncement(configuration) : services.AddThisNode(configuration);
        return services.BuildServiceProvider();
    }
}
