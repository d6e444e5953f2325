using System.Globalization;
using System.Text;

namespace GeoWps.Adapters.References.Folders;

/// <summary>The control connection of FTP: a command, its reply (RFC 959, 4.2). Text is UTF-8 (RFC 2640).</summary>
internal sealed class FtpReplies(Stream stream) : IAsyncDisposable
{
    private const int MostLine = 8192;
    private const int MostLines = 1000;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly byte[] _buffer = new byte[4096];
    private int _at;
    private int _end;

    /// <summary>The connection itself, to be locked; nothing that came in the open may be taken for what came locked.</summary>
    public Stream Bare() => _at == _end ? stream : throw new IOException("it says more than it was asked for");

    /// <exception cref="IOException">A part of it would be a command of its own.</exception>
    public async Task<FtpReply> AskAsync(string command, CancellationToken cancellationToken)
    {
        if (command.Any(char.IsControl))
        {
            throw new IOException("a name has control characters");
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), cancellationToken);
        await stream.FlushAsync(cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    public async Task<FtpReply> ReadAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_patience);
        try
        {
            var lines = new List<string> { await LineAsync(patience.Token) };
            if (lines[0].Length < 3 || !int.TryParse(lines[0].AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            {
                throw new IOException("it is no FTP server");
            }

            if (lines[0].Length > 3 && lines[0][3] == '-')
            {
                var last = lines[0][..3] + " ";
                do
                {
                    lines.Add(lines.Count < MostLines ? await LineAsync(patience.Token) : throw new IOException("a reply has no end"));
                }
                while (!lines[^1].StartsWith(last, StringComparison.Ordinal));
            }

            return new FtpReply(code, lines);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException("no reply in time", late);
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task<string> LineAsync(CancellationToken cancellationToken)
    {
        var line = new MemoryStream();
        while (true)
        {
            if (_at == _end)
            {
                (_at, _end) = (0, await stream.ReadAsync(_buffer, cancellationToken));
                if (_end == 0)
                {
                    throw new IOException("the connection has ended");
                }
            }

            var letter = _buffer[_at++];
            if (letter == '\n')
            {
                return Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length).TrimEnd('\r');
            }

            line.WriteByte(line.Length < MostLine ? letter : throw new IOException("a line has no end"));
        }
    }
}

/// <param name="Code">Three digits: 1 it begins, 2 it is done, 3 more is wanted, 4 not now, 5 no.</param>
internal sealed record FtpReply(int Code, IReadOnlyList<string> Lines)
{
    public bool IsDone => Code is >= 200 and < 300;

    public bool IsBegun => Code is >= 100 and < 200;

    /// <summary>The last line, without its code.</summary>
    public string Text => Lines[^1].Length > 4 ? Lines[^1][4..] : "";
}
