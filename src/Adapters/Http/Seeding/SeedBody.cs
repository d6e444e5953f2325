using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Processes;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Seeding;

/// <summary>Reads a request to seed off the wire; what of it is large goes to the blob store while it is read.</summary>
internal sealed class SeedBody(IBlobStore blobs, IOptions<RequestLimits> limits, TimeProvider clock)
{
    public async Task<(RequestBody? Body, string? Key, Problem? Problem)> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var request = context.Request;
        var (key, wrong) = IdempotencyKey.Read(request);
        if (wrong is not null)
        {
            return (null, null, wrong);
        }

        if (request.ContentType is { Length: > 0 } contentType && !IsJson(contentType))
        {
            return (null, null, Problems.NotJson(contentType));
        }

        if (request.ContentLength > limits.Value.MaxBodyBytes)
        {
            return (null, null, Problems.TooLarge(limits.Value.MaxBodyBytes));
        }

        BodySize.Lift(context);
        using var source = new BodySource(request.Body);
        var (body, mistake) = await ReadAsync(source, () => source.Digest, cancellationToken);
        return (body, key, body is null ? Problems.InvalidInput([mistake!]) : null);
    }

    /// <param name="digest">Of what was read.</param>
    public async Task<(RequestBody? Body, Mistake? Mistake)> ReadAsync(IContentSource source, Func<string> digest, CancellationToken cancellationToken)
    {
        var parts = new RequestParts(JobId.New(clock.GetUtcNow()), blobs, limits);
        RequestBody? body = null;
        try
        {
            var (json, fault) = await parts.JsonAsync(source, cancellationToken);
            if (json is not JsonObject request)
            {
                return (null, new Mistake("", fault is null ? "the request must be a JSON object" : $"the request {fault}"));
            }

            body = parts.Finish(request, digest());
            return (body, null);
        }
        catch (ArgumentException)
        {
            return (null, new Mistake("", "the request has a member twice"));
        }
        finally
        {
            if (body is null)
            {
                await parts.DiscardAsync();
            }
        }
    }

    public static bool IsJson(string contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var parsed) && parsed.MediaType.Equals(Media.Json, StringComparison.OrdinalIgnoreCase);
}
