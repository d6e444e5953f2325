using System.ComponentModel.DataAnnotations;
using System.Net;
using GeoWps.Adapters.Http.Transport;
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

    /// <summary>How connections are read and written. Default: <c>Auto</c>, which is <c>Epoll</c> on Linux and <c>Sockets</c> elsewhere.</summary>
    public HttpTransport Transport { get; set; } = HttpTransport.Auto;

    /// <summary>
    /// Threads that read from sockets and answer tile hits, with <c>Epoll</c>; each does the work of a core. Default: 0, which is half of the processors, at least 1 and
    /// at most 8.
    /// </summary>
    [Range(0, 64)]
    public int SocketThreads { get; set; }

    /// <summary>A PEM file with the certificate of <c>https</c> addresses (<c>urls</c>), and of those who signed it, but for the last. Default: none.</summary>
    public string? Certificate { get; set; }

    /// <summary>A PEM file with the key of <see cref="Certificate"/>. Default: the same file.</summary>
    public string? CertificateKey { get; set; }

    internal int ThreadsForSockets => SocketThreads > 0 ? SocketThreads : Math.Clamp(Environment.ProcessorCount / 2, 1, 8);

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

/// <summary>Who reads from sockets.</summary>
public enum HttpTransport
{
    /// <summary>What costs least on this system.</summary>
    Auto,

    /// <summary>Our own threads by epoll(7), on which tile hits are answered at once. On Linux only.</summary>
    Epoll,

    /// <summary>The framework's.</summary>
    Sockets,
}

internal sealed class HttpOptionsValidator : IValidateOptions<HttpOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpOptions options)
    {
        var wrong = options.TrustedProxies.Where(proxy => !IPAddress.TryParse(proxy, out _) && !System.Net.IPNetwork.TryParse(proxy, out _)).ToArray();
        if (options.Transport == HttpTransport.Epoll && !Epoll.IsSupported)
        {
            return ValidateOptionsResult.Fail("Http:Transport: 'Epoll' is for Linux on x64 or arm64; Auto or Sockets here");
        }

        if (options.Certificate is { Length: > 0 } file && ServerCertificate.WhyNot(file, options.CertificateKey) is { } reason)
        {
            return ValidateOptionsResult.Fail($"Http:Certificate: '{file}' can't be used; {reason}");
        }

        return wrong.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(proxy =>
                $"Http:TrustedProxies: '{proxy}' is not allowed; an address such as 10.0.0.5 or a network such as 10.0.0.0/8"));
    }
}
