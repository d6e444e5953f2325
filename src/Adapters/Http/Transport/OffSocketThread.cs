using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Transport;

/// <summary>What comes after this may wait: it runs on the pool, and the threads of the sockets go on with others.</summary>
internal sealed class OffSocketThread(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) => context.Features.Get<IHandover>() is { } handover ? HandOverAsync(handover, context) : next(context);

    private async Task HandOverAsync(IHandover handover, HttpContext context)
    {
        await handover.Begin();
        try
        {
            await next(context);
        }
        finally
        {
            handover.End();
        }
    }
}
