using System.Text.Json;
using Cronos;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>A seeding by the clock.</summary>
/// <param name="Name">By which the log calls it, and its address.</param>
/// <param name="Cron">Minute, hour, day, month, weekday; UTC. Names such as <c>@daily</c> stand for the five as well.</param>
/// <param name="Request">In the short form of <see cref="StartSeeding"/>, with its layer.</param>
public sealed record SeedSchedule(string Name, string Cron, JsonElement Request)
{
    public const string WhenMember = "when";
    public const string RequestMember = "request";

    private readonly CronExpression _when = CronExpression.Parse(Cron);

    /// <summary>It stands in the settings and is not changed through the API.</summary>
    public bool IsOfSettings { get; private init; }

    /// <summary>Times before do not count.</summary>
    public DateTimeOffset Updated { get; private init; } = DateTimeOffset.MinValue;

    /// <summary>Reads <c>NAME: MINUTE HOUR DAY MONTH WEEKDAY {…}</c>, as settings have it.</summary>
    /// <exception cref="FormatException">It is no such line; the message says where.</exception>
    public static SeedSchedule Parse(string line)
    {
        var (colon, brace) = (line.IndexOf(':', StringComparison.Ordinal), line.IndexOf('{', StringComparison.Ordinal));
        if (colon <= 0 || brace <= colon)
        {
            throw new FormatException($"'{line}' is not allowed; it must be NAME: MINUTE HOUR DAY MONTH WEEKDAY {{request}}");
        }

        var name = line[..colon].Trim();
        try
        {
            var mistakes = new List<Mistake>();
            var schedule = Read(name, line[(colon + 1)..brace].Trim(), JsonElement.Parse(line[brace..]), mistakes);
            return schedule is null ? throw new FormatException($"{name}: {string.Join("; ", mistakes.Select(mistake => mistake.Message))}") : schedule with { IsOfSettings = true };
        }
        catch (JsonException error)
        {
            throw new FormatException($"{name}: {error.Message}", error);
        }
    }

    /// <returns><see langword="null"/> when there are mistakes.</returns>
    public static SeedSchedule? Read(string name, string cron, JsonElement request, List<Mistake> mistakes)
    {
        var before = mistakes.Count;
        if (!CronExpression.TryParse(cron, out _))
        {
            mistakes.Add(new Mistake(WhenMember, $"'{cron}' is not allowed; it must be MINUTE HOUR DAY MONTH WEEKDAY, in UTC"));
        }

        if (request.ValueKind != JsonValueKind.Object)
        {
            mistakes.Add(new Mistake(RequestMember, "must be an object"));
            return null;
        }

        var wrong = new List<Mistake>();
        StartSeeding.Read(request, layer: null, wrong);
        if (!request.TryGetProperty(SeedNames.Layer, out var layer) || layer.ValueKind != JsonValueKind.String)
        {
            wrong.Add(new Mistake(SeedNames.Layer, "is required"));
        }

        mistakes.AddRange(wrong.Select(mistake => mistake with { Place = $"{RequestMember}.{mistake.Place}", Message = $"{mistake.Place} {mistake.Message}" }));
        return mistakes.Count > before ? null : new SeedSchedule(name, cron, request);
    }

    /// <summary>As it was stored; it was read before it was.</summary>
    internal static SeedSchedule Of(StoredSchedule stored) => new(stored.Id, stored.Cron, JsonElement.Parse(stored.Request)) { Updated = stored.Updated };

    /// <returns><see langword="null"/>: never again.</returns>
    public DateTimeOffset? NextAfter(DateTimeOffset time) =>
        _when.GetNextOccurrence((time > Updated ? time : Updated).UtcDateTime) is { } next ? new DateTimeOffset(next, TimeSpan.Zero) : null;
}
