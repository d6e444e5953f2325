using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http;

/// <summary>What addresses that begin with <c>https</c> are served with.</summary>
public static class ServerCertificate
{
    /// <summary>Has such addresses use <see cref="HttpOptions.Certificate"/>. An address without a certificate ends the start.</summary>
    public static IWebHostBuilder UseServerCertificate(this IWebHostBuilder host) => host.UseKestrelHttpsConfiguration().ConfigureServices(services =>
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<HttpOptions>>((kestrel, http) =>
        {
            if (http.Value.Certificate is { Length: > 0 } file)
            {
                var certificate = Read(file, http.Value.CertificateKey);
                var chain = new X509Certificate2Collection();
                chain.ImportFromPemFile(file);
                kestrel.ConfigureHttpsDefaults(https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate, chain));
            }
        }));

    /// <returns>What is wrong with the files; <see langword="null"/> when they have a certificate and its key.</returns>
    internal static string? WhyNot(string file, string? key)
    {
        try
        {
            using var certificate = Read(file, key);
            return null;
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            return "it, or its key, can't be read";
        }
        catch (Exception reason) when (reason is CryptographicException or ArgumentException)
        {
            return "it is no PEM file of a certificate, or the key is not its own";
        }
    }

    private static X509Certificate2 Read(string file, string? key) => X509Certificate2.CreateFromPemFile(file, string.IsNullOrEmpty(key) ? file : key);
}
