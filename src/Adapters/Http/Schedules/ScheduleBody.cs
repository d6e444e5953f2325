using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Seeding;
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
    private const int Piece = 16 * 1024;

    /// <param name="name">Of the address; <see langword="null"/>: the body has it.</param>
    public async Task<(SeedSchedule? Schedule, Problem? Problem)> ReadAsync(HttpContext context, string? name, CancellationToken cancellationToken)
    {
        var request = context.Request;
        if (request.ContentType is { Length: > 0 } contentType && !SeedBody.IsJson(contentType))
        {
            return (null, Problems.NotJson(contentType));
        }

        var most = limits.Value.MaxReducedBytes;
        var (text, piece) = (new MemoryStream(), new byte[Piece]);
        while (await request.Body.ReadAsync(piece, cancellationToken) is > 0 and var length)
        {
            if (text.Length + length > most)
            {
                return (null, Problems.TooLarge(most));
            }

            text.Write(piece, 0, length);
        }

        try
        {
            var json = JsonElement.Parse(text.GetBuffer().AsSpan(0, (int)text.Length), RequestLimits.Reading);
            var mistakes = new List<Mistake>();
            var schedule = json.ValueKind == JsonValueKind.Object ? Read(json, name, mistakes) : null;
            return schedule is null
                ? (null, Problems.InvalidInput(mistakes.Count > 0 ? mistakes : [new Mistake("", "the schedule must be a JSON object")]))
                : (schedule, null);
        }
        catch (JsonException fault)
        {
            return (null, Problems.InvalidInput([new Mistake("", $"the schedule is not JSON, in line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}")]));
        }
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
