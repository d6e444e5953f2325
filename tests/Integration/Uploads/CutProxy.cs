using System.Net;
using System.Net.Sockets;

namespace GeoWps.Tests.Integration.Uploads;

/// <summary>A bad connection: of the first connections through it only so many bytes get to the server, then they are cut, or stand still until they are let go.</summary>
internal sealed class CutProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _server;
    private readonly Queue<long> _limits;
    private readonly TaskCompletionSource? _stalled;
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _cut;

    /// <param name="limits">Bytes of each of the first connections; later ones are not limited.</param>
    /// <param name="stalls">They stand still instead of being cut.</param>
    public CutProxy(Uri server, IEnumerable<long> limits, bool stalls)
    {
        (_server, _limits) = (server, new Queue<long>(limits));
        _stalled = stalls ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _ = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Connections that came to their limit.</summary>
    public int Cut => Volatile.Read(ref _cut);

    /// <summary>When the first one stands still.</summary>
    public Task Stalled => _stalled?.Task ?? Task.CompletedTask;

    /// <summary>Cuts what stands still.</summary>
    public void LetGo() => _letGo.TrySetResult();

    public void Dispose()
    {
        _stop.Cancel();
        _letGo.TrySetResult();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(client, _limits.Count > 0 ? _limits.Dequeue() : long.MaxValue);
            }
        }
        catch (Exception reason) when (reason is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client, long limit)
    {
        using (client)
        {
            try
            {
                using var server = new TcpClient();
                await server.ConnectAsync(_server.Host, _server.Port, _stop.Token);
                var back = server.GetStream().CopyToAsync(client.GetStream(), _stop.Token);
                await Task.WhenAny(ForwardAsync(client, server, limit), back);

                // A reset, not an orderly end.
                client.Client.LingerState = new LingerOption(true, 0);
                server.Client.LingerState = new LingerOption(true, 0);
            }
            catch (Exception reason) when (reason is OperationCanceledException or SocketException or IOException)
            {
                // The server is away, or the test is over.
            }
        }
    }

    private async Task ForwardAsync(TcpClient client, TcpClient server, long limit)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await client.GetStream().ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, limit)), _stop.Token)) > 0;)
        {
            await server.GetStream().WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            limit -= limit == long.MaxValue ? 0 : read;
            if (limit == 0)
            {
                Interlocked.Increment(ref _cut);
                _stalled?.TrySetResult();
                await (_stalled is null ? Task.CompletedTask : _letGo.Task);
                return;
            }
        }
    }
}
