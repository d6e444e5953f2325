using GeoWps.Application;
using GeoWps.Application.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>
/// Finds out whom the token of a request names. One of ours that does not count is refused, whatever is asked for: RFC 6750, clause 3.1. Without one nothing is done here,
/// since most requests never ask who their caller is.
/// </summary>
internal sealed class Callers(RequestDelegate next, CallerTokens tokens)
{
    public Task InvokeAsync(HttpContext context) => Bearer.TokenOf(context.Request) is { } text ? IdentifyAsync(context, text) : next(context);

    private async Task IdentifyAsync(HttpContext context, string text)
    {
        switch (await tokens.FindAsync(text, context.RequestAborted))
        {
            case TokenFinding.Holder(var caller):
                context.Features.Set(new Identified(caller));
                break;
            case TokenFinding.Refused(var why):
                await Bearer.Invalid(context, why).ExecuteAsync(context);
                return;
        }

        await next(context);
    }
}

/// <summary>Who showed a token: a feature of the request.</summary>
internal sealed record Identified(Caller Caller);

internal static class CallerOfRequest
{
    /// <summary>Who asks. Without a token nobody in particular, with the rights of <c>Security:Anonymous</c>.</summary>
    public static Caller Caller(this HttpContext context) =>
        context.Features.Get<Identified>()?.Caller ?? context.RequestServices.GetRequiredService<AnonymousCallers>().Of(context);
}

/// <summary>Callers without a token.</summary>
internal sealed class AnonymousCallers(IServer server, IOptions<SecurityOptions> options)
{
    private readonly Caller _local = new(Name: null, options.Value.RightsOfAnonymous(isLocal: true));
    private readonly Caller _other = new(Name: null, options.Value.RightsOfAnonymous(isLocal: false));

    // Known when the server has started, which is before anybody asks.
    private readonly Lazy<bool> _isReachedFromHereOnly = new(() =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses is { Count: > 0 } addresses && addresses.All(RequestOrigin.IsLoopbackAddress));

    public Caller Of(HttpContext context) => _local.Rights != _other.Rights && _isReachedFromHereOnly.Value && OriginOf(context).IsLocal ? _local : _other;

    private static RequestOrigin OriginOf(HttpContext context)
    {
        var request = context.Request;
        var wasForwarded = request.Headers.Any(header => RequestOrigin.IsOfForwarding(header.Key));
        return new RequestOrigin(context.Connection.RemoteIpAddress, request.Host.Value ?? "", request.Headers.Origin.FirstOrDefault(), wasForwarded);
    }
}
