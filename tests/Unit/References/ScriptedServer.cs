using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GeoWps.Tests.Unit.References;

/// <summary>A web server that says, byte for byte, what a test tells it, and remembers what it was asked.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<string, Stream, CancellationToken, Task> _answer;
    private readonly Task _loop;

    /// <param name="answer">Gets the path; writes a whole response, head included.</param>
    public ScriptedServer(Func<string, Stream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = AcceptAsync();
    }

    public ScriptedServer(Func<string, string> answer)
        : this((path, stream, cancellationToken) => stream.WriteAsync(Encoding.UTF8.GetBytes(answer(path)), cancellationToken).AsTask())
    {
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Address => $"http://127.0.0.1:{Port}";

    /// <summary>Heads of the requests.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static string Ok(string body, string headers = "") =>
        $"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{headers}\r\n{body}";

    public static string Redirect(string location) =>
        $"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _listener.Stop();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var head = new StringBuilder();
                var next = new byte[1];
                while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(next, _stopping.Token) == 1)
                {
                    head.Append((char)next[0]);
                }

                Requests.Enqueue(head.ToString());
                await _answer(head.ToString().Split(' ').ElementAtOrDefault(1) ?? "", stream, _stopping.Token);
            }
            catch (Exception failure) when (failure is OperationCanceledException or IOException)
            {
                // The other side left, or the test is over.
            }
        }
    }
}
