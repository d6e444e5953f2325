using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace GeoWps.Bench.Search;

/// <summary>
/// A node as one that has a machine of its own looks from here: its searches are the answers that the real node gave, byte by byte, after the time that it took for them alone, and they cost the
/// processors of this machine next to nothing: a thread for each connection, which reads, sleeps and writes. Everything else is asked of the real node.
/// </summary>
internal sealed partial class RememberedNode : IDisposable
{
    private const int TimerSlack = 29;

    // A way is measured with a sleep, so that what a thread takes to wake up belongs to it.
    private const double Trial = 1;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ServerProcess _node;
    private readonly Dictionary<string, (byte[] Answer, double Milliseconds)> _answers = new(StringComparer.Ordinal);

    private RememberedNode(ServerProcess node) => _node = node;

    public HttpClient Client { get; private set; } = new();

    /// <param name="times">Of each of <see cref="ManyRecords.Searches"/>, in milliseconds, as the caller saw it.</param>
    public static async Task<RememberedNode> StartAsync(ServerProcess node, IReadOnlyList<double> times)
    {
        var self = new RememberedNode(node);
        self._listener.Start();
        self.Client = new HttpClient { BaseAddress = new Uri($"http://{self._listener.LocalEndpoint}") };
        new Thread(self.Accept) { IsBackground = true }.Start();
        foreach (var words in ManyRecords.Searches)
        {
            using var answer = await node.Client.GetAsync(SearchBench.Address(words));
            self._answers[words] = (Bytes(answer, await answer.Content.ReadAsByteArrayAsync()), Trial);
        }

        // What the way to here and back takes is a part of what the caller saw.
        var ways = new List<double>();
        foreach (var words in Enumerable.Repeat(ManyRecords.Searches, 20).SelectMany(all => all))
        {
            ways.Add(await SearchBench.OneAsync(self.Client, words));
        }

        var way = SearchBench.At(ways[(ways.Count / 2)..], 0.5) - Trial;
        for (var i = 0; i < ManyRecords.Searches.Length; i++)
        {
            var words = ManyRecords.Searches[i];
            self._answers[words] = (self._answers[words].Answer, Math.Max(0, times[i] - way));
        }

        return self;
    }

    public void Dispose()
    {
        _listener.Dispose();
        Client.Dispose();
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.AcceptSocket();
                new Thread(() => Answer(socket)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // Nobody listens any more.
        }
    }

    private void Answer(Socket socket)
    {
        // 1 ns; it is 50 µs otherwise.
        _ = Control(TimerSlack, 1, 0, 0, 0);
        using (socket)
        {
            socket.NoDelay = true;
            var buffer = new byte[16 * 1024];
            var filled = 0;
            try
            {
                while (socket.Receive(buffer.AsSpan(filled)) is > 0 and var count)
                {
                    filled += count;
                    if (buffer.AsSpan(0, filled).EndsWith("\r\n\r\n"u8))
                    {
                        var head = Encoding.ASCII.GetString(buffer, 0, filled).Split("\r\n");
                        filled = 0;
                        Answer(socket, head[0].Split(' ')[1], head[1..^2]);
                    }
                }
            }
            catch (SocketException)
            {
                // Who asked has gone.
            }
        }
    }

    private void Answer(Socket socket, string target, IEnumerable<string> headers)
    {
        var uri = new Uri(Client.BaseAddress!, target);
        if (uri.AbsolutePath == "/search" && uri.Query.TrimStart('?').Split('&').FirstOrDefault(one => one.StartsWith("q=", StringComparison.Ordinal)) is { } words &&
            _answers.TryGetValue(Uri.UnescapeDataString(words[2..].Replace('+', ' ')), out var known))
        {
            Sleep(known.Milliseconds);
            socket.Send(known.Answer);
            return;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(uri.PathAndQuery, UriKind.Relative));
        foreach (var (name, value) in headers.Select(line => line.Split(": ", 2)).Select(parts => (parts[0], parts[1])).Where(header => header.Item1 is not ("Host" or "Connection")))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = _node.Client.Send(request);
        using var body = new MemoryStream();
        answer.Content.ReadAsStream().CopyTo(body);
        socket.Send(Bytes(answer, body.ToArray()));
    }

    private static byte[] Bytes(HttpResponseMessage answer, byte[] body)
    {
        var head = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {(int)answer.StatusCode} {answer.ReasonPhrase}\r\nContent-Length: {body.Length}\r\n"));
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Connection" or "Content-Length")))
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {string.Join(", ", values)}\r\n");
        }

        return [.. Encoding.ASCII.GetBytes($"{head}\r\n"), .. body];
    }

    // .NET's own timers know whole milliseconds only.
    private static void Sleep(double milliseconds)
    {
        var nanoseconds = (long)(milliseconds * 1_000_000);
        var time = new TimeSpec(nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
        _ = NanoSleep(in time, 0);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec time, nint left);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint a, nuint b, nuint c, nuint d);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
