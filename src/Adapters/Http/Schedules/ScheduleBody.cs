using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Processes;
using GeoWps.Application.Tiles.Seeding;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Schedules;

/// <summary>Reads a schedule off the wire: <c>{"id": …, "when": "0 3 * * *", "request": {…}}</c>. It is kept whole, so it may be no larger than what is left of a request.</summary>
internal sealed class ScheduleBody(IOptions<RequestLimits> limits)
{
    private const string Id = "id";

    /// <param name="name">Of the address; <see langword="null"/>: the body has it.</param>
    public async Task<(SeedSchedule? Schedule, Problem? Problem)> ReadAsync(HttpContext context, string? name, CancellationToken cancellationToken)
    {
        var (json, problem) = await SmallBody.ReadAsync(context.Request, limits.Value.MaxReducedBytes, "the schedule", cancellationToken);
        if (json is null)
        {
            return (null, problem);
        }

        var mistakes = new List<Mistake>();
        return Read(json.Value, name, mistakes) is { } schedule ? (schedule, null) : (null, Problems.InvalidInput(mistakes));
    }

    private static SeedSchedule? Read(JsonElement json, string? name, List<Mistake> mistakes)
    {
        foreach (var member in json.EnumerateObject().Where(member => member.Name is not (Id or SeedSchedule.WhenMember or SeedSchedule.RequestMember)))
        {
            mistakes.Add(new Mistake(member.Name, "there is no such member"));
        }

        var id = Text(json, Id) ?? name;
        if (id is null)
        {
            mistakes.Add(new Mistake(Id, "is required", MistakeKind.Missing));
        }
        else if (name is not null && id != name)
        {
            mistakes.Add(new Mistake(Id, $"must be left out or be {name}"));
        }
        else if (!Layer.IsId(id))
        {
            mistakes.Add(new Mistake(Id, "must be up to 100 letters, digits and -_. and begin with a letter or digit"));
        }

        var schedule = SeedSchedule.Read(
            id ?? "", Text(json, SeedSchedule.WhenMember) ?? "", json.TryGetProperty(SeedSchedule.RequestMember, out var request) ? request : default, mistakes);
        return mistakes.Count > 0 ? null : schedule;
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() : null;
}
