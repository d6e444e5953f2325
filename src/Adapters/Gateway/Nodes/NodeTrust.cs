using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Gateway.Nodes;

/// <summary>How nodes are spoken to: over TLS where their address begins with <c>https</c>, with a certificate that is theirs, and HTTP/2 where they take it.</summary>
internal static class NodeTrust
{
    /// <summary>Has a handler trust those who signed in <see cref="GatewayOptions.TrustedCertificates"/>, and nobody else.</summary>
    public static void Trust(SocketsHttpHandler handler, string? file)
    {
        if (string.IsNullOrEmpty(file))
        {
            return;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(file);
        handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }

    /// <returns>Which version of HTTP an address is asked in. Without TLS nobody can say that he takes HTTP/2.</returns>
    public static (Version Version, HttpVersionPolicy Policy) Of(Uri address) => address.Scheme == Uri.UriSchemeHttps
        ? (HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower)
        : (HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);

    /// <returns>What is wrong with the file; <see langword="null"/> when it has certificates.</returns>
    public static string? WhyNot(string file)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(file);
            return certificates.Count > 0 ? null : "there is no certificate in it";
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return reason is CryptographicException ? "it is no PEM file of certificates" : "it can't be read";
        }
    }
}
