using GeoWps.Application.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>Gives a body to what no endpoint answered, and turns what broke into a problem that tells nothing of the inside.</summary>
internal sealed partial class Failures(RequestDelegate next, ILogger<Failures> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (Unanswered(context) is { } problem)
            {
                await problem.ExecuteAsync(context);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more. 499 is what a log may count; it is never sent.
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }
        }
        catch (BadHttpRequestException exception)
        {
            await SendAsync(context, Problems.OfStatus(exception.StatusCode, exception.Message));
        }
        catch (ContentGoneException)
        {
            await SendAsync(context, Problems.ContentGone());
        }
        catch (ElsewhereException elsewhere)
        {
            await SendAsync(context, Problems.Elsewhere(elsewhere.Message), elsewhere.Node);
        }
        catch (Exception exception)
        {
            var reference = Guid.NewGuid().ToString("N")[..12];
            LogFailed(exception, context.Request.Method, context.Request.Path, reference);
            await SendAsync(context, Problems.Internal(reference));
        }
    }

    private static Problem? Unanswered(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted || response.ContentType is not null || response.ContentLength is not null)
        {
            return null;
        }

        return response.StatusCode switch
        {
            StatusCodes.Status404NotFound => Problems.NotFound(context.Request.Path),
            // The other half of an OPTIONS is in Cors.
            StatusCodes.Status405MethodNotAllowed when !HttpMethods.IsOptions(context.Request.Method) => Problems.WrongMethod(context.Request.Method),
            _ => null,
        };
    }

    private static async Task SendAsync(HttpContext context, Problem problem, string? elsewhere = null)
    {
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return;
        }

        context.Response.Clear();
        Cors.Allow(context.Response);
        if (elsewhere is not null)
        {
            context.Response.Headers[ElsewhereException.Header] = ElsewhereException.Written(elsewhere);
        }

        await problem.ExecuteAsync(context);
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Error, Message = "{Method} {Path} failed; told the caller reference {Reference}")]
    private partial void LogFailed(Exception exception, string method, PathString path, string reference);
}
