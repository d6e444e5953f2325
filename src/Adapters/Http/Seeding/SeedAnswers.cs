using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Tiles.Seeding;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Seeding;

internal static class SeedAnswers
{
    /// <summary>201 with the job, as an asynchronous execution is answered.</summary>
    public static IResult Of(ExecuteOutcome outcome, HttpContext context)
    {
        switch (outcome)
        {
            case ExecuteOutcome.Started(var job):
                var baseAddress = context.Request.BaseAddress();
                context.Response.Headers.Location = Addresses.Job(baseAddress, job.Id.Value);
                return new JsonAnswer(json => StatusInfo.Write(json, job, baseAddress)) { Status = StatusCodes.Status201Created };
            case ExecuteOutcome.Refused(var mistakes):
                return mistakes.FirstOrDefault(mistake => mistake.Place == SeedNames.Layer) is { } missing ? Problems.OfStatus(StatusCodes.Status404NotFound, missing.Message) : Problems.InvalidInput(mistakes);
            case ExecuteOutcome.Full(var retryAfter):
                return Problems.Full(retryAfter);
            case ExecuteOutcome.KeyReused:
                return Problems.KeyReused();
            case ExecuteOutcome.NoSuchProcess(var id):
                return Problems.NoSuchProcess(id);
            default:
                throw new InvalidOperationException($"{outcome.GetType().Name} is an outcome that nobody answers");
        }
    }

    /// <summary>What tiles take.</summary>
    public static async Task<JsonAnswer> UseAsync(IAsyncEnumerable<TilesetUse> uses, string? layer, CancellationToken cancellationToken)
    {
        var all = await uses.ToListAsync(cancellationToken);
        all.Sort((one, other) => string.CompareOrdinal(KeyOf(one), KeyOf(other)));
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            if (layer is not null)
            {
                json.WriteString("layer", layer);
            }

            json.WriteNumber("tiles", all.Sum(use => use.Tiles));
            json.WriteNumber("bytes", all.Sum(use => use.Bytes));
            json.WriteStartArray("tilesets");
            foreach (var use in all)
            {
                Write(json, use);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static string KeyOf(TilesetUse use) => $"{use.Tileset.Layer} {use.Tileset.TileMatrixSet} {use.Tileset.Format}";

    private static void Write(Utf8JsonWriter json, TilesetUse use)
    {
        json.WriteStartObject();
        json.WriteString("layer", use.Tileset.Layer);
        json.WriteString("tileMatrixSet", use.Tileset.TileMatrixSet);
        json.WriteString("format", use.Tileset.Format.Name);
        json.WriteNumber("tiles", use.Tiles);
        json.WriteNumber("bytes", use.Bytes);
        json.WriteEndObject();
    }
}
