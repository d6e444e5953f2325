using System.IO.Pipelines;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Bodies;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Processes;

/// <summary>What came of reading a body.</summary>
public abstract record BodyOutcome
{
    private BodyOutcome()
    {
    }

    public sealed record Read(RequestBody Body) : BodyOutcome;

    /// <summary>It is no JSON object that can be read: 400.</summary>
    public sealed record Refused(Mistake Mistake) : BodyOutcome;

    /// <summary>413.</summary>
    public sealed record TooLarge(long MaxBytes) : BodyOutcome;
}

/// <summary>
/// Reads an execute request as a stream: strings anywhere below <c>inputs</c> and arrays under <c>features</c>, <c>geometries</c> and <c>coordinates</c>
/// that are longer than 64 KiB go to the blob store while they are read, so that no request is ever whole in memory.
/// </summary>
public sealed class RequestBodyReader(IBlobStore blobs, IOptions<RequestLimits> limits)
{
    private readonly RequestLimits _limits = limits.Value;

    /// <summary>The same for a body that comes as a stream, which is left open.</summary>
    public async Task<BodyOutcome> ReadAsync(JobId id, Stream body, CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
        try
        {
            return await ReadAsync(id, pipe, cancellationToken);
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    /// <summary>What was stored is deleted again unless the outcome is <see cref="BodyOutcome.Read"/>. The pipe is not completed.</summary>
    /// <param name="id">The id of the job that it will be.</param>
    public async Task<BodyOutcome> ReadAsync(JobId id, PipeReader body, CancellationToken cancellationToken)
    {
        using var reading = new BodyReading(id, body, blobs, _limits, []);
        BodyOutcome? outcome = null;
        try
        {
            outcome = await reading.TryReadAsync(cancellationToken) ? Finish(id, reading) : Failed(reading);
        }
        catch (Exception) when (reading.IsTooLarge || reading.Fault is not null)
        {
            // Ours, thrown through the store that was writing.
            outcome = Failed(reading);
        }
        finally
        {
            if (outcome is not BodyOutcome.Read && reading.Attachments.Count > 0)
            {
                await blobs.DeleteAllAsync(JobKeys.All(id), CancellationToken.None);
            }
        }

        return outcome;
    }

    private BodyOutcome Failed(BodyReading reading) =>
        reading.IsTooLarge ? new BodyOutcome.TooLarge(_limits.MaxBodyBytes) : Refused("", $"the request {reading.Fault}");

    private static BodyOutcome Finish(JobId id, BodyReading reading)
    {
        // One level more for the markers.
        var json = JsonElement.Parse(reading.Reduced, RequestLimits.Reading);
        return Repeated(json) is { } place
            ? Refused(place, "is given twice")
            : new BodyOutcome.Read(new RequestBody(id, json, reading.Attachments, reading.Digest));
    }

    /// <summary>Names that stand twice where it matters which one counts: of the request itself, and of its inputs and outputs.</summary>
    private static string? Repeated(JsonElement json) =>
        RepeatedIn(json, "") ?? RepeatedBelow(json, "inputs", "") ?? RepeatedBelow(json, "outputs", "outputs.");

    private static string? RepeatedBelow(JsonElement json, string member, string prefix)
    {
        if (!json.TryGetProperty(member, out var below) || below.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (RepeatedIn(below, prefix) is { } repeated)
        {
            return repeated;
        }

        foreach (var property in below.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Object && RepeatedIn(property.Value, $"{prefix}{property.Name}.") is { } inside)
            {
                return inside;
            }
        }

        return null;
    }

    private static string? RepeatedIn(JsonElement json, string prefix)
    {
        if (json.GetPropertyCount() < 2)
        {
            return null;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            if (!names.Add(property.Name))
            {
                return prefix + property.Name;
            }
        }

        return null;
    }

    private static BodyOutcome.Refused Refused(string place, string message) => new(new Mistake(place, message));
}
