using GeoWps.Application;
using GeoWps.Application.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>
/// Callers without a token. Who asks at this machine may more, where the server is reached from nowhere else; of callers of a gateway, the gateway says it, sealed. Whatever
/// came by somebody else's hands is from elsewhere, so that a gateway or proxy on this machine opens nothing.
/// </summary>
internal sealed partial class AnonymousCallers(IServer server, CallerSeal seal, TimeProvider clock, IOptions<SecurityOptions> options, ILogger<AnonymousCallers> logger)
{
    /// <summary>Anybody can make it be said: once a minute is enough.</summary>
    private static readonly TimeSpan _quiet = TimeSpan.FromMinutes(1);

    private readonly Caller _local = new(Name: null, options.Value.RightsOfAnonymous(isLocal: true));
    private readonly Caller _other = new(Name: null, options.Value.RightsOfAnonymous(isLocal: false));

    // Known when the server has started, which is before anybody asks.
    private readonly Lazy<bool> _isReachedFromHereOnly = new(() =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses is { Count: > 0 } addresses && addresses.All(RequestOrigin.IsLoopbackAddress));

    private long? _told;

    public Caller Of(HttpContext context) => _local.Rights != _other.Rights && IsLocal(context) ? _local : _other;

    private bool IsLocal(HttpContext context)
    {
        var request = context.Request;
        if (!request.Headers.TryGetValue(CallerSeal.Header, out var told))
        {
            return _isReachedFromHereOnly.Value && new RequestOrigin(
                context.Connection.RemoteIpAddress,
                request.Host.Value ?? "",
                request.Headers.Origin.FirstOrDefault(),
                request.Headers.Any(header => RequestOrigin.IsOfForwarding(header.Key))).IsLocal;
        }

        if (seal.Read(told.ToString(), request.Method, request.Path.Value + request.QueryString.Value) is { } passed)
        {
            return passed.IsLocal;
        }

        var now = clock.GetTimestamp();
        if (_told is not { } before || clock.GetElapsedTime(before, now) >= _quiet)
        {
            _told = now;
            LogNotSealed(CallerSeal.Header);
        }

        return false;
    }

    [LoggerMessage(
        EventId = 4050,
        Level = LogLevel.Warning,
        Message = "A request had {Header} that nobody of this cluster sealed for it, and counts as one from elsewhere; do the gateway and this node have the same Security:AdminToken, and clocks that agree?")]
    private partial void LogNotSealed(string header);
}
