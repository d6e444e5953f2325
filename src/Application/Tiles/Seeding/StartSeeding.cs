using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>
/// Makes a job of a request in the short form, an object with the operation and its inputs:
/// <c>{"operation": "seed", "layer": "roads", "maxZoom": 10, "bbox": [5, 47, 15, 55]}</c>. Whoever calls this has seen that the caller may.
/// </summary>
public sealed class StartSeeding(ExecuteProcess execute, IBlobStore blobs)
{
    /// <param name="layer">The layer's id; <see langword="null"/>: the request names it.</param>
    /// <param name="idempotencyKey">The same key with the same request is the same job.</param>
    public async Task<ExecuteOutcome> ExecuteAsync(RequestBody body, string? layer, string baseAddress, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var mistakes = new List<Mistake>();
        var (operation, json) = Read(body.Json, layer, mistakes);
        if (mistakes.Count > 0)
        {
            await blobs.DeleteAllAsync(JobKeys.All(body.Id), CancellationToken.None);
            return new ExecuteOutcome.Refused(mistakes);
        }

        var call = new ExecuteCall(SeedNames.ProcessOf(operation), body with { Json = json }, ExecuteMode.Async, Wait: null, Owner: null, baseAddress, idempotencyKey)
        {
            IsAdministrator = true,
        };
        return await execute.ExecuteAsync(call, cancellationToken);
    }

    /// <summary>The execute document that a short form stands for.</summary>
    internal static (SeedOperation Operation, JsonElement Json) Read(JsonElement request, string? layer, List<Mistake> mistakes)
    {
        var operation = SeedOperation.Seed;
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            json.WriteStartObject("inputs");
            if (layer is not null)
            {
                json.WriteString(SeedNames.Layer, layer);
            }

            foreach (var member in request.EnumerateObject())
            {
                switch (member.Name)
                {
                    case SeedNames.Operation:
                        operation = ReadOperation(member.Value, mistakes);
                        break;
                    case SeedNames.Layer when layer is not null:
                        if (member.Value.ValueKind != JsonValueKind.String || member.Value.GetString() != layer)
                        {
                            mistakes.Add(new Mistake(SeedNames.Layer, $"must be left out or be {layer}"));
                        }

                        break;
                    case SeedNames.Bbox when member.Value.ValueKind == JsonValueKind.Array:
                        json.WriteStartObject(SeedNames.Bbox);
                        json.WritePropertyName(SeedNames.Bbox);
                        member.Value.WriteTo(json);
                        json.WriteEndObject();
                        break;
                    case "outputs" or "response" or "subscriber" or "inputs":
                        mistakes.Add(new Mistake(member.Name, "there is no such member"));
                        break;
                    default:
                        member.WriteTo(json);
                        break;
                }
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        if (!request.TryGetProperty(SeedNames.Operation, out _))
        {
            mistakes.Add(new Mistake(SeedNames.Operation, "is required: seed, reseed or truncate", MistakeKind.Missing));
        }

        return (operation, JsonElement.Parse(memory.ToArray(), RequestLimits.Reading));
    }

    private static SeedOperation ReadOperation(JsonElement value, List<Mistake> mistakes)
    {
        if (value.ValueKind == JsonValueKind.String && !value.GetString()!.Contains(':', StringComparison.Ordinal) && SeedNames.Find(value.GetString()!) is { } operation)
        {
            return operation;
        }

        mistakes.Add(new Mistake(SeedNames.Operation, "must be seed, reseed or truncate"));
        return SeedOperation.Seed;
    }
}
