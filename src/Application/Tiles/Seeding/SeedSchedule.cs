using System.Text.Json;
using Cronos;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>A seeding by the clock.</summary>
/// <param name="Name">By which the log calls it.</param>
/// <param name="When">Minute, hour, day, month, weekday; UTC.</param>
/// <param name="Request">In the short form of <see cref="StartSeeding"/>, with its layer.</param>
public sealed record SeedSchedule(string Name, CronExpression When, JsonElement Request)
{
    /// <summary>Reads <c>NAME: MINUTE HOUR DAY MONTH WEEKDAY {…}</c>; names such as <c>@daily</c> stand for the five as well.</summary>
    /// <exception cref="FormatException">It is no such line; the message says where.</exception>
    public static SeedSchedule Parse(string line)
    {
        var (colon, brace) = (line.IndexOf(':', StringComparison.Ordinal), line.IndexOf('{', StringComparison.Ordinal));
        if (colon <= 0 || brace <= colon)
        {
            throw new FormatException($"'{line}' is not allowed; it must be NAME: MINUTE HOUR DAY MONTH WEEKDAY {{request}}");
        }

        var name = line[..colon].Trim();
        var mistakes = new List<Mistake>();
        try
        {
            var request = JsonElement.Parse(line[brace..]);
            StartSeeding.Read(request, layer: null, mistakes);
            if (!request.TryGetProperty(SeedNames.Layer, out var layer) || layer.ValueKind != JsonValueKind.String)
            {
                mistakes.Add(new Mistake(SeedNames.Layer, "is required"));
            }

            return mistakes.Count == 0
                ? new SeedSchedule(name, CronExpression.Parse(line[(colon + 1)..brace].Trim()), request)
                : throw new FormatException($"{name}: {string.Join("; ", mistakes)}");
        }
        catch (Exception error) when (error is CronFormatException or JsonException)
        {
            throw new FormatException($"{name}: {error.Message}", error);
        }
    }
}
