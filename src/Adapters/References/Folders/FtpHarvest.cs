using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.References.Folders;

/// <summary>Sources of the kind <c>ftp</c>: in the open, or by TLS (<c>ftps</c>), which is told from the first byte at port 990 and asked for elsewhere.</summary>
internal sealed class FtpHarvest(
    AllowedHosts allowedHosts, GuardedConnector connector, IOptions<HarvestingOptions> options, IOptions<RecordsOptions> records, IDocumentText? documents)
    : RemoteFolderHarvest(allowedHosts, connector, options, records, documents)
{
    /// <summary>SHA-256 of the server's certificate in hexadecimal digits, where no authority vouches for it.</summary>
    private const string Certificate = "certificate";
    private const string Locked = "ftps";
    private const int LockedPort = 990;

    public override string Kind => "ftp";

    public override IReadOnlyList<string> Settings => [.. base.Settings, Certificate];

    protected override IReadOnlyList<string> Schemes { get; } = ["ftp", Locked];

    protected override int UsualPort => 21;

    public override void Check(JsonElement settings, List<Mistake> mistakes)
    {
        base.Check(settings, mistakes);
        if (settings.TryGetProperty(Certificate, out _) && (HarvestForm.LineOf(settings, Certificate) is not { Length: 64 } digest || !digest.All(char.IsAsciiHexDigit)))
        {
            mistakes.Add(new Mistake(Certificate, "must be the SHA-256 of the server's certificate, 64 hexadecimal digits"));
        }
    }

    protected override async Task<IRemoteFolder> ConnectAsync(Uri address, JsonElement settings, CancellationToken cancellationToken)
    {
        var login = HarvestLogin.Read(settings, Options);
        if (login is null && settings.TryGetProperty(HarvestForm.Credentials, out _))
        {
            throw new HarvestException("its credentials are not among the settings (Harvesting:Credentials)");
        }

        var server = await ReachAsync(address, cancellationToken);
        Func<Stream, Task<Stream>>? locked = address.Scheme == Locked ? stream => LockAsync(stream, HostOf(address), HarvestForm.LineOf(settings, Certificate), cancellationToken) : null;
        return await FtpFolder.ConnectAsync(server.Address, server.Port, login, locked, server.Port == LockedPort, cancellationToken);
    }

    protected override bool IsOfServer(Exception failure, out string told)
    {
        told = failure switch
        {
            FtpRefusedException => failure.Message,
            AuthenticationException => "the server's certificate is not to be trusted",
            SocketException => "no answer from the server",
            IOException => $"the server does not do what is asked: {failure.Message}",
            _ => "",
        };
        return told.Length > 0;
    }

    private static async Task<Stream> LockAsync(Stream stream, string host, string? digest, CancellationToken cancellationToken)
    {
        var locked = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            await locked.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    RemoteCertificateValidationCallback = (_, certificate, _, errors) => digest is null ? errors == SslPolicyErrors.None
                        : certificate is not null && Convert.ToHexString(SHA256.HashData(certificate.Export(X509ContentType.Cert))).Equals(digest, StringComparison.OrdinalIgnoreCase),
                },
                cancellationToken);
            return locked;
        }
        catch
        {
            await locked.DisposeAsync();
            throw;
        }
    }
}
