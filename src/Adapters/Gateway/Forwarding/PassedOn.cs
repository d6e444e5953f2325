using System.Net;
using GeoWps.Application.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Gateway.Forwarding;

/// <summary>What nodes are told of a caller's place, sealed; its token they see themselves.</summary>
internal sealed class PassedOn(CallerSeal seal, IServer server)
{
    // Known when the server has started, which is before anybody asks.
    private readonly Lazy<bool> _isReachedFromHereOnly = new(() =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses is { Count: > 0 } addresses && addresses.All(RequestOrigin.IsLoopbackAddress));

    /// <summary>What is public, and only read, is the same for everybody; it is most of what there is, and pays for no seal.</summary>
    public static bool IsNeeded(string method, string service) => !(method is "GET" or "HEAD" && service is "core" or "tiles");

    /// <param name="path">Of the node, unescaped.</param>
    /// <param name="query">As it is sent.</param>
    public string Of(HttpContext context, string method, string path, string query)
    {
        var request = context.Request;
        var remote = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var origin = new RequestOrigin(
            remote, request.Host.Value ?? "", request.Headers.Origin.FirstOrDefault(), request.Headers.Any(header => RequestOrigin.IsOfForwarding(header.Key)));
        return seal.Write(
            new PassedCaller(remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote, _isReachedFromHereOnly.Value && origin.IsLocal), method, path + query);
    }
}
