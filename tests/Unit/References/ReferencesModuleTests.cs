using GeoWps.Adapters.References;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.References;

public sealed class ReferencesModuleTests
{
    [Fact]
    public void Allowed_hosts_come_from_one_value_with_commas()
    {
        using var services = Services(("Inputs:AllowedHosts", "127.0.0.1, data.example.org:8080"));
        var fetcher = services.GetRequiredService<IReferenceFetcher>();

        fetcher.Refuse("http://127.0.0.1:9000/").ShouldBeNull();
        fetcher.Refuse("http://127.0.0.2:9000/").ShouldNotBeNull();
    }

    [Fact]
    public void Allowed_hosts_come_from_an_array()
    {
        using var services = Services(("Inputs:AllowedHosts:0", "127.0.0.1"));

        services.GetRequiredService<IReferenceFetcher>().Refuse("http://127.0.0.1:9000/").ShouldBeNull();
    }

    [Fact]
    public void A_wrong_host_is_said_with_what_is_allowed()
    {
        using var services = Services(("Inputs:AllowedHosts", "http://127.0.0.1"));

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IReferenceFetcher>())
            .Message.ShouldStartWith("Inputs:AllowedHosts: 'http://127.0.0.1' is not allowed; ");
    }

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        return new ServiceCollection().AddLogging().AddReferences(configuration).BuildServiceProvider();
    }
}
