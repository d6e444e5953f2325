using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Options;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Sftp;

namespace GeoWps.Adapters.References.Folders;

/// <summary>Sources of the kind <c>sftp</c>. The server's key must be the one that is named: credentials go to no other.</summary>
internal sealed class SftpHarvest(
    AllowedHosts allowedHosts, GuardedConnector connector, IOptions<HarvestingOptions> options, IOptions<RecordsOptions> records, IDocumentText? documents)
    : RemoteFolderHarvest(allowedHosts, connector, options, records, documents)
{
    private const string HostKey = "hostKey";
    private const string Digest = "SHA256:";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    public override string Kind => "sftp";

    public override IReadOnlyList<string> Settings => [.. base.Settings, HostKey];

    protected override IReadOnlyList<string> Schemes { get; } = ["sftp"];

    protected override int UsualPort => 22;

    public override void Check(JsonElement settings, List<Mistake> mistakes)
    {
        base.Check(settings, mistakes);
        if (HarvestForm.LineOf(settings, HostKey) is not { } key || !key.StartsWith(Digest, StringComparison.Ordinal))
        {
            mistakes.Add(new Mistake(HostKey, "is required: the fingerprint of the server's key, SHA256:…, as 'ssh-keyscan HOST | ssh-keygen -lf -' tells it"));
        }

        if (!settings.TryGetProperty(HarvestForm.Credentials, out _))
        {
            mistakes.Add(new Mistake(HarvestForm.Credentials, "is required", MistakeKind.Missing));
        }
        else if (HarvestLogin.Read(settings, Options) is { Key: { } key2 } login && Key(key2, login.Passphrase) is null)
        {
            mistakes.Add(new Mistake(HarvestForm.Credentials, "its key can't be read, or not with its passphrase"));
        }
    }

    protected override async Task<IRemoteFolder> ConnectAsync(Uri address, JsonElement settings, CancellationToken cancellationToken)
    {
        var login = HarvestLogin.Read(settings, Options) ?? throw new HarvestException("its credentials are not among the settings (Harvesting:Credentials)");
        var server = await ReachAsync(address, cancellationToken);
        AuthenticationMethod method = login.Key is { } key && Key(key, login.Passphrase) is { } file
            ? new PrivateKeyAuthenticationMethod(login.User, file)
            : new PasswordAuthenticationMethod(login.User, login.Password ?? "");
        var client = new SftpClient(new ConnectionInfo(server.Address.ToString(), server.Port, login.User, method) { Timeout = _patience }) { OperationTimeout = _patience };
        var (wanted, isOther) = (HarvestForm.LineOf(settings, HostKey)![Digest.Length..].TrimEnd('='), false);
        client.HostKeyReceived += (_, received) => isOther = !(received.CanTrust = received.FingerPrintSHA256.TrimEnd('=') == wanted);
        try
        {
            await client.ConnectAsync(cancellationToken);
            return new Folder(client);
        }
        catch (Exception failure)
        {
            client.Dispose();
            throw isOther ? new HarvestException("the server has another key than hostKey says", failure) : failure;
        }
    }

    protected override bool IsOfServer(Exception failure, out string told)
    {
        told = failure switch
        {
            SshAuthenticationException => "the server does not take its credentials",
            SftpPathNotFoundException => "a folder or file of it is not there",
            SftpPermissionDeniedException => "a folder or file of it may not be read",
            SshException or SocketException or IOException or ObjectDisposedException => "no answer from the server, or the line broke",
            _ => "",
        };
        return told.Length > 0;
    }

    private static PrivateKeyFile? Key(string key, string? passphrase)
    {
        try
        {
            return new PrivateKeyFile(new MemoryStream(Encoding.ASCII.GetBytes(key)), passphrase);
        }
        catch (Exception failure) when (failure is SshException or InvalidOperationException or FormatException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private sealed class Folder(SftpClient client) : IRemoteFolder
    {
        public async IAsyncEnumerable<RemoteEntry> ListAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var file in client.ListDirectoryAsync(path, cancellationToken))
            {
                if (file.Name is not ("." or ".."))
                {
                    yield return new RemoteEntry(file.Name, KindOf(file), file.Length, file.LastWriteTimeUtc);
                }
            }
        }

        public async Task<RemoteEntry?> FindAsync(string root, string path, CancellationToken cancellationToken)
        {
            try
            {
                // The server names both behind all links.
                var folder = await client.GetAsync(root.Length == 0 ? "/" : root, cancellationToken);
                var file = await client.GetAsync($"{root}/{path}", cancellationToken);
                return file.IsRegularFile && file.FullName == $"{folder.FullName.TrimEnd('/')}/{path}" ? new RemoteEntry(file.Name, RemoteEntryKind.File, file.Length, file.LastWriteTimeUtc) : null;
            }
            catch (SftpPathNotFoundException)
            {
                return null;
            }
        }

        public async Task<Stream> OpenAsync(string path, CancellationToken cancellationToken) => await client.OpenAsync(path, FileMode.Open, FileAccess.Read, cancellationToken);

        public ValueTask DisposeAsync()
        {
            client.Dispose();
            return ValueTask.CompletedTask;
        }

        private static RemoteEntryKind KindOf(ISftpFile file) =>
            file.IsSymbolicLink ? RemoteEntryKind.Other : file.IsDirectory ? RemoteEntryKind.Folder : file.IsRegularFile ? RemoteEntryKind.File : RemoteEntryKind.Other;
    }
}
