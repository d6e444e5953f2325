using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using GeoWps.Application.Records.Harvesting;

namespace GeoWps.Adapters.References.Folders;

/// <summary>The login was refused, or TLS was.</summary>
internal sealed class FtpRefusedException(string message) : IOException(message);

/// <summary>One connection to an FTP server (RFC 959): passive, binary; data come from the address that answers, whatever the server says of others.</summary>
internal sealed partial class FtpFolder : IRemoteFolder
{
    /// <summary>Or not to be read: RFC 959, 4.2.2.</summary>
    private const int NotThere = 550;

    private static readonly TimeSpan _connectTime = TimeSpan.FromSeconds(10);

    private readonly IPAddress _address;
    private readonly Func<Stream, Task<Stream>>? _lock;
    private FtpReplies _control;
    private bool _hasFacts;

    private FtpFolder(IPAddress address, FtpReplies control, Func<Stream, Task<Stream>>? @lock) => (_address, _control, _lock) = (address, control, @lock);

    /// <param name="lock">Makes a connection one of TLS; <see langword="null"/>: everything goes in the open.</param>
    /// <param name="isLocked">From the first byte (the old port 990); else after AUTH TLS (RFC 4217).</param>
    public static async Task<FtpFolder> ConnectAsync(
        IPAddress address, int port, HarvestLogin? login, Func<Stream, Task<Stream>>? @lock, bool isLocked, CancellationToken cancellationToken)
    {
        var stream = await OpenAsync(address, port, cancellationToken);
        var folder = new FtpFolder(address, new FtpReplies(stream), @lock);
        try
        {
            if (@lock is not null && isLocked)
            {
                folder._control = new FtpReplies(await @lock(stream));
            }

            await folder.GreetAsync(login, isLocked, cancellationToken);
            return folder;
        }
        catch
        {
            await folder.DisposeAsync();
            await stream.DisposeAsync();
            throw;
        }
    }

    public async IAsyncEnumerable<RemoteEntry> ListAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var entries = new List<RemoteEntry>();
        await using (var content = await DataAsync(_hasFacts ? $"MLSD {path}" : $"LIST {path}", cancellationToken))
        {
            using var lines = new StreamReader(content, new UTF8Encoding(false), leaveOpen: true);
            while (await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                if ((_hasFacts ? FtpEntries.OfFacts(line) : FtpEntries.OfList(line)) is { } entry)
                {
                    entries.Add(entry);
                }
            }
        }

        foreach (var entry in entries)
        {
            // One question each; servers without MLSD have no other way to tell it exactly.
            yield return _hasFacts || entry.Kind != RemoteEntryKind.File ? entry
                : entry with { Modified = await _control.AskAsync($"MDTM {path.TrimEnd('/')}/{entry.Name}", cancellationToken) is { Code: 213 } reply ? FtpEntries.Time(reply.Text.Trim()) : null };
        }
    }

    public async Task<RemoteEntry?> FindAsync(string root, string path, CancellationToken cancellationToken)
    {
        // RFC 3659, 3 and 4; a server without them sends the file all the same.
        var (full, size) = ($"{root}/{path}", -1L);
        switch (await _control.AskAsync($"SIZE {full}", cancellationToken))
        {
            case { Code: NotThere }:
                return null;
            case { Code: 213 } reply when long.TryParse(reply.Text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var told):
                size = told;
                break;
        }

        var modified = await _control.AskAsync($"MDTM {full}", cancellationToken) is { Code: 213 } time ? FtpEntries.Time(time.Text.Trim()) : null;
        return new RemoteEntry(path[(path.LastIndexOf('/') + 1)..], RemoteEntryKind.File, size, modified);
    }

    public Task<Stream> OpenAsync(string path, CancellationToken cancellationToken) => DataAsync($"RETR {path}", cancellationToken);

    public ValueTask DisposeAsync() => _control.DisposeAsync();

    private async Task GreetAsync(HarvestLogin? login, bool isLocked, CancellationToken cancellationToken)
    {
        if (!(await _control.ReadAsync(cancellationToken)).IsDone)
        {
            throw new IOException("it does not take connections now");
        }

        if (_lock is not null && !isLocked)
        {
            if (!(await _control.AskAsync("AUTH TLS", cancellationToken)).IsDone)
            {
                throw new FtpRefusedException("the server has no TLS");
            }

            _control = new FtpReplies(await _lock(_control.Bare()));
        }

        var reply = await _control.AskAsync($"USER {login?.User ?? "anonymous"}", cancellationToken);
        if (reply.Code == 331)
        {
            reply = await _control.AskAsync($"PASS {login?.Password ?? "anonymous@"}", cancellationToken);
        }

        if (!reply.IsDone)
        {
            throw new FtpRefusedException("the server does not take its credentials");
        }

        if (_lock is not null && (!(await _control.AskAsync("PBSZ 0", cancellationToken)).IsDone || !(await _control.AskAsync("PROT P", cancellationToken)).IsDone))
        {
            throw new FtpRefusedException("the server does not lock its data connections");
        }

        _hasFacts = await _control.AskAsync("FEAT", cancellationToken) is { IsDone: true } features && features.Lines.Any(line => line.TrimStart().StartsWith("MLST", StringComparison.OrdinalIgnoreCase));

        // Whoever does not know it has it anyhow, or is heard as well as can be.
        await _control.AskAsync("OPTS UTF8 ON", cancellationToken);
        if (!(await _control.AskAsync("TYPE I", cancellationToken)).IsDone)
        {
            throw new IOException("it does not send files as they are");
        }
    }

    private async Task<Stream> DataAsync(string command, CancellationToken cancellationToken)
    {
        var stream = await OpenAsync(_address, await PortAsync(cancellationToken), cancellationToken);
        try
        {
            if (await _control.AskAsync(command, cancellationToken) is { IsBegun: false } refused)
            {
                var told = string.Create(CultureInfo.InvariantCulture, $"it answers {refused.Code}");
                throw refused.Code == NotThere ? new FileNotFoundException(told) : new IOException(told);
            }

            return new FtpContent(_lock is null ? stream : await _lock(stream), _control);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private async Task<int> PortAsync(CancellationToken cancellationToken)
    {
        var extended = await _control.AskAsync("EPSV", cancellationToken);
        if (extended.Code == 229 && Extended().Match(extended.Text) is { Success: true } one)
        {
            return int.Parse(one.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        }

        var old = await _control.AskAsync("PASV", cancellationToken);
        return old.Code == 227 && Passive().Match(old.Text) is { Success: true } two
            ? (byte.Parse(two.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * 256) + byte.Parse(two.Groups[2].ValueSpan, CultureInfo.InvariantCulture)
            : throw new IOException("it has no passive connections");
    }

    private static async Task<Stream> OpenAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_connectTime);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), patience.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception failure)
        {
            socket.Dispose();
            throw failure is OperationCanceledException && !cancellationToken.IsCancellationRequested ? new IOException("no connection in time", failure) : failure;
        }
    }

    [GeneratedRegex(@"\(\|\|\|(\d{1,5})\|\)")]
    private static partial Regex Extended();

    [GeneratedRegex(@"\d{1,3},\d{1,3},\d{1,3},\d{1,3},(\d{1,3}),(\d{1,3})")]
    private static partial Regex Passive();
}
