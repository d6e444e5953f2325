using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Processes;

/// <summary>Reads an execute request off the wire; what can be refused by its head is refused by its head.</summary>
internal sealed class ExecuteBody(RequestBodyReader reader, IOptions<RequestLimits> limits, TimeProvider clock)
{
    /// <summary>The same with its idempotency key, which is looked at first.</summary>
    public async Task<(RequestBody? Body, string? Key, Problem? Problem)> ReadWithKeyAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (key, wrong) = IdempotencyKey.Read(context.Request);
        if (wrong is not null)
        {
            return (null, null, wrong);
        }

        var (body, problem) = await ReadAsync(context, cancellationToken);
        return (body, key, problem);
    }

    public async Task<(RequestBody? Body, Problem? Problem)> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var request = context.Request;
        if (request.ContentType is { Length: > 0 } contentType && !IsJson(contentType))
        {
            return (null, Problems.NotJson(contentType));
        }

        if (request.ContentLength > limits.Value.MaxBodyBytes)
        {
            return (null, Problems.TooLarge(limits.Value.MaxBodyBytes));
        }

        BodySize.Lift(context);
        return await reader.ReadAsync(JobId.New(clock.GetUtcNow()), request.BodyReader, cancellationToken) switch
        {
            BodyOutcome.Read(var body) => (body, null),
            BodyOutcome.Refused(var mistake) => (null, Problems.InvalidInput([mistake])),
            BodyOutcome.TooLarge(var most) => (null, Problems.TooLarge(most)),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is an outcome that nobody answers"),
        };
    }

    private static bool IsJson(string contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var parsed)
        && (parsed.MediaType.Equals(Media.Json, StringComparison.OrdinalIgnoreCase) || parsed.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        && (!parsed.Charset.HasValue || HeaderUtilities.RemoveQuotes(parsed.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
