using System.Net;
using System.Net.Sockets;
using System.Text;
using GeoWps.Adapters.Http;
using GeoWps.Adapters.Http.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoWps.Tests.Unit.Http.Transport;

/// <summary>Kestrel over the transport, with an answer of the test's, by one thread for all sockets.</summary>
internal sealed class TransportServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TransportServer(WebApplication app) => (_app, Address) = (app, new Uri(app.Urls.First()));

    public Uri Address { get; }

    public IPEndPoint EndPoint => new(IPAddress.Loopback, Address.Port);

    /// <param name="quick">Answers on the thread of the sockets when it gives a task.</param>
    /// <param name="answer">Everything else, handed over.</param>
    public static async Task<TransportServer> StartAsync(RequestDelegate answer, Func<HttpContext, Task?>? quick = null, Action<KestrelServerLimits>? limits = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddOptions<HttpOptions>().Configure(options => options.SocketThreads = 1);
        builder.Services.AddSingleton<IConnectionListenerFactory, SocketTransportFactory>();
        builder.Services.AddSingleton<IConnectionListenerFactory, EpollTransport>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => limits?.Invoke(kestrel.Limits)).UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Use(next => context => quick?.Invoke(context) ?? next(context));
        app.UseMiddleware<OffSocketThread>();
        app.Run(answer);
        await app.StartAsync();
        return new TransportServer(app);
    }

    public Task StopAsync() => _app.StopAsync();

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(EndPoint);
        return socket;
    }

    /// <summary>What comes until the other side ends.</summary>
    public static async Task<string> ReadAllAsync(Socket socket)
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        while (await socket.ReceiveAsync(buffer) is > 0 and var read)
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
