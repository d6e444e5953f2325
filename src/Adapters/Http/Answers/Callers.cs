using GeoWps.Application.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

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
