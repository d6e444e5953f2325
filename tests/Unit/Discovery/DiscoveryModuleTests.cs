using GeoWps.Adapters.Discovery;
using GeoWps.Application.Ports;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Discovery;

public sealed class DiscoveryModuleTests
{
    private const string Connection = "Host=db;Database=a";

    [Theory]
    [InlineData(null, null, RegistryProvider.Static)]
    [InlineData(null, "sqlite", RegistryProvider.Static)]
    [InlineData(null, "postgres", RegistryProvider.Postgres)]
    [InlineData("consul", "Postgres", RegistryProvider.Consul)]
    [InlineData("static", "Postgres", RegistryProvider.Static)]
    [InlineData("Postgres", null, RegistryProvider.Postgres)]
    public async Task The_registry_is_what_is_set_or_where_the_jobs_are(string? set, string? storage, RegistryProvider expected)
    {
        var (services, provider) = Build(("Discovery:Provider", set), ("Storage:Provider", storage), ("Storage:ConnectionString", Connection));

        provider.ShouldBe(expected);
        services.GetRequiredService<INodeRegistry>().ShouldBeOfType<RememberedNodes>();
        await services.DisposeAsync();
    }

    [Theory]
    [InlineData("Discovery:Provider", "Etcd", "Discovery:Provider: 'Etcd' is not allowed; one of Static, Consul, Postgres")]
    [InlineData("Discovery:Provider", "Postgres", "Discovery:Provider: 'Postgres' is not allowed; Storage:ConnectionString has to say how the database is reached")]
    [InlineData("Discovery:Nodes", "http://a,b", "Discovery:Nodes: 'b' is not allowed; scheme, host and port, such as http://10.0.0.5:8080")]
    [InlineData("Discovery:Nodes", "http://0.0.0.0:1", "Discovery:Nodes: 'http://0.0.0.0:1' is not allowed; scheme, host and port, such as http://10.0.0.5:8080")]
    [InlineData("Consul:Address", "consul", "Consul:Address: 'consul' is not allowed; scheme, host and port of the agent, such as http://127.0.0.1:8500")]
    [InlineData("Consul:Token", "a b", "Consul:Token is not allowed; letters, digits and signs without spaces")]
    [InlineData("Consul:IntervalSeconds", "0", "Consul:IntervalSeconds: '0' is not allowed; a whole number from 1 to 3600")]
    public async Task What_can_not_be_stops_the_start(string setting, string value, string reason)
    {
        var (services, _) = Build((setting, value));

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate()).Failures.ShouldHaveSingleItem().ShouldBe(reason);
        await services.DisposeAsync();
    }

    [Fact]
    public async Task A_list_for_a_registry_that_needs_none_is_a_mistake()
    {
        var (services, _) = Build(("Discovery:Provider", "Consul"), ("Discovery:Nodes", "http://a"));

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate())
            .Message.ShouldBe("Discovery:Nodes is set, but Discovery:Provider 'Consul' finds the nodes itself");
        await services.DisposeAsync();
    }

    [Fact]
    public async Task A_list_that_changes_in_the_settings_is_followed_and_one_that_becomes_wrong_is_not()
    {
        using var folder = new TemporaryFolder();
        await using var a = await NodeDouble.StartAsync("a", "tiles");
        await using var b = await NodeDouble.StartAsync("b", "tiles");
        var source = new ConfigurationBuilder().AddInMemoryCollection([new("Data:Directory", folder["data"]), new("Discovery:Nodes", a.Entry.Address.AbsoluteUri)]).Build();

        // As the host has it: one set of settings in another.
        var configuration = new ConfigurationManager();
        configuration.AddConfiguration(source);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDiscovery(configuration);
        await using var provider = services.BuildServiceProvider();
        await using (var watcher = new Watcher(provider.GetRequiredService<INodeRegistry>()))
        {
            await watcher.UntilNamesAsync("a");

            source["Discovery:Nodes"] = "nonsense";
            source.Reload();
            source["Discovery:Nodes"] = $"{b.Entry.Address},{a.Entry.Address}";
            source.Reload();
            await watcher.UntilNamesAsync("a", "b");
        }

        (await File.ReadAllTextAsync(folder["data/nodes.json"])).ShouldContain(b.Entry.Address.AbsoluteUri);
    }

    private static (ServiceProvider Services, RegistryProvider Provider) Build(params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Where(setting => setting.Value is not null)
            .Select(setting => KeyValuePair.Create(setting.Key, setting.Value))).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        var provider = services.AddDiscovery(configuration);
        return (services.BuildServiceProvider(), provider);
    }
}
