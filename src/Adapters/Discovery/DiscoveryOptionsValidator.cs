using GeoWps.Adapters.Discovery.Consul;
using GeoWps.Application.Nodes;
using Microsoft.Extensions.Options;
using Npgsql;

namespace GeoWps.Adapters.Discovery;

/// <summary>What is wrong with settings of discovery beyond their kinds.</summary>
internal sealed class DiscoveryOptionsValidator(RegistryProvider provider, string? connectionString) : IValidateOptions<DiscoveryOptions>, IValidateOptions<ConsulOptions>
{
    public ValidateOptionsResult Validate(string? name, DiscoveryOptions options)
    {
        var wrong = options.Nodes.Where(node => !NodeAddress.TryParse(node, out _))
            .Select(node => $"Discovery:Nodes: '{node}' is not allowed; scheme, host and port, such as http://10.0.0.5:8080").ToList();
        if (options.Nodes.Length > 0 && provider != RegistryProvider.Static)
        {
            wrong.Add($"Discovery:Nodes is set, but Discovery:Provider '{provider}' finds the nodes itself");
        }

        if (provider == RegistryProvider.Postgres && !CanBe(connectionString))
        {
            // The text is not shown: a password may be in it.
            wrong.Add("Discovery:Provider: 'Postgres' is not allowed; Storage:ConnectionString has to say how the database is reached");
        }

        return Of(wrong);
    }

    public ValidateOptionsResult Validate(string? name, ConsulOptions options)
    {
        var wrong = new List<string>();
        if (!NodeAddress.TryParse(options.Address, out _))
        {
            wrong.Add($"Consul:Address: '{options.Address}' is not allowed; scheme, host and port of the agent, such as http://127.0.0.1:8500");
        }

        if (options.Token is { } token && token.Any(letter => letter is <= ' ' or > '~'))
        {
            wrong.Add("Consul:Token is not allowed; letters, digits and signs without spaces");
        }

        return Of(wrong);
    }

    private static ValidateOptionsResult Of(List<string> wrong) => wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

    private static bool CanBe(string? connectionString)
    {
        try
        {
            return !string.IsNullOrWhiteSpace(connectionString) && new NpgsqlConnectionStringBuilder(connectionString).Host is { Length: > 0 };
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
        {
            return false;
        }
    }
}
