using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http;

/// <summary>Section <c>Http</c>: how the server shows itself.</summary>
public sealed class HttpOptions
{
    public const string Section = "Http";

    /// <summary>
    /// Addresses (<c>10.0.0.5</c>) or networks (<c>10.0.0.0/8</c>) of proxies whose <c>X-Forwarded-…</c> headers say under which address a caller
    /// reached them. Default: none, so that nobody can make the server link to somebody else.
    /// </summary>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>What the landing page calls this server. Default: <c>GeoWps</c>.</summary>
    public string Title { get; set; } = "GeoWps";

    /// <summary>What the capabilities documents say about this server.</summary>
    public string Description { get; set; } = "Geoprocessing on the web: the algorithms of QGIS, models and scripts.";

    /// <summary>Who runs it, for the capabilities documents. Default: <c>GeoWps</c>.</summary>
    public string ProviderName { get; set; } = "GeoWps";

    /// <summary>Web address of who runs it. Default: none.</summary>
    public string ProviderSite { get; set; } = "";

    /// <summary>Mail address of who runs it. Default: none.</summary>
    public string ContactEmail { get; set; } = "";

    internal void Trust(ForwardedHeadersOptions forwarded)
    {
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        foreach (var proxy in TrustedProxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                forwarded.KnownProxies.Add(address);
            }
            else
            {
                forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            }
        }

        // With both lists empty the framework would believe everybody.
        forwarded.ForwardedHeaders = TrustedProxies.Length == 0 ? ForwardedHeaders.None : ForwardedHeaders.All;
    }
}

internal sealed class HttpOptionsValidator : IValidateOptions<HttpOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpOptions options)
    {
        var wrong = options.TrustedProxies.Where(proxy => !IPAddress.TryParse(proxy, out _) && !System.Net.IPNetwork.TryParse(proxy, out _)).ToArray();
        return wrong.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(proxy =>
                $"Http:TrustedProxies: '{proxy}' is not allowed; an address such as 10.0.0.5 or a network such as 10.0.0.0/8"));
    }
}
