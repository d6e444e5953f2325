using System.Text.Json;
using System.Text.Json.Nodes;
using Cronos;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>A source as it is sent and shown: <c>{"id": …, "kind": …, "when": "0 3 * * *", "settings": {…}, "maxRemoved": 0.25}</c>. Credentials are never shown: <c>true</c> stands where there are some, and sent so it means those that are kept.</summary>
public static class HarvestForm
{
    public const string Id = "id";
    public const string Kind = "kind";
    public const string When = "when";
    public const string Settings = "settings";
    public const string MaxRemoved = "maxRemoved";
    public const string Credentials = "credentials";

    private static readonly string[] Own = [RecordSources.Files, RecordSources.Layers, RecordSources.Processes, RecordSources.Services, CatalogueId.Value];

    /// <returns>A member of settings that is a text of one line; <see langword="null"/>: it is none, empty, or not there.</returns>
    public static string? LineOf(JsonElement settings, string name) =>
        settings.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && !text.Any(char.IsControl) ? text : null;

    /// <param name="name">Of the address; <see langword="null"/>: the body has it.</param>
    /// <param name="before">The source that it replaces.</param>
    /// <returns><see langword="null"/> when there are mistakes.</returns>
    public static HarvestSource? Read(JsonElement json, string? name, HarvestSource? before, IEnumerable<IHarvestReader> readers, DateTimeOffset now, List<Mistake> mistakes)
    {
        foreach (var member in json.EnumerateObject().Where(member => member.Name is not (Id or Kind or When or Settings or MaxRemoved)))
        {
            mistakes.Add(new Mistake(member.Name, "there is no such member"));
        }

        var id = ReadId(json, name, mistakes);
        var when = Text(json, When);
        if (when is not null && !CronExpression.TryParse(when, out _))
        {
            mistakes.Add(new Mistake(When, $"'{when}' is not allowed; it must be MINUTE HOUR DAY MONTH WEEKDAY, in UTC"));
        }

        var maxRemoved = ReadMaxRemoved(json, mistakes);
        var all = readers.ToArray();
        var kind = Text(json, Kind) ?? before?.Kind;
        if (all.FirstOrDefault(each => each.Kind == kind) is not { } reader)
        {
            mistakes.Add(new Mistake(Kind, $"must be one of: {string.Join(", ", all.Select(each => each.Kind).Order(StringComparer.Ordinal))}"));
            return null;
        }

        if (!json.TryGetProperty(Settings, out var settings) || settings.ValueKind != JsonValueKind.Object)
        {
            mistakes.Add(new Mistake(Settings, "is required, an object", MistakeKind.Missing));
            return null;
        }

        settings = WithCredentials(settings, before);
        var wrong = new List<Mistake>();
        foreach (var member in settings.EnumerateObject().Where(member => !reader.Settings.Contains(member.Name)))
        {
            wrong.Add(new Mistake(member.Name, $"there is no such setting; there are: {string.Join(", ", reader.Settings)}"));
        }

        reader.Check(settings, wrong);
        mistakes.AddRange(wrong.Select(mistake => mistake with { Place = $"{Settings}.{mistake.Place}" }));
        return mistakes.Count > 0 ? null : new HarvestSource(id!, kind!, when, settings.GetRawText(), now) { MaxRemoved = maxRemoved };
    }

    /// <summary>The settings, without what is nobody's business.</summary>
    public static string Shown(HarvestSource source)
    {
        var settings = JsonNode.Parse(source.Settings)!.AsObject();
        if (settings.ContainsKey(Credentials))
        {
            settings[Credentials] = true;
        }

        return settings.ToJsonString();
    }

    /// <returns><see langword="null"/>: never again, or only at a wish.</returns>
    public static DateTimeOffset? NextAfter(HarvestSource source, DateTimeOffset time) =>
        source.When is { } when && CronExpression.Parse(when).GetNextOccurrence((time > source.Updated ? time : source.Updated).UtcDateTime) is { } next ? new DateTimeOffset(next, TimeSpan.Zero) : null;

    private static string? ReadId(JsonElement json, string? name, List<Mistake> mistakes)
    {
        var id = Text(json, Id) ?? name;
        if (id is null)
        {
            mistakes.Add(new Mistake(Id, "is required", MistakeKind.Missing));
        }
        else if (name is not null && id != name)
        {
            mistakes.Add(new Mistake(Id, $"must be left out or be {name}"));
        }
        else if (!Layer.IsId(id) || Own.Contains(id, StringComparer.OrdinalIgnoreCase))
        {
            mistakes.Add(new Mistake(Id, $"must be up to 100 letters, digits and -_. and begin with a letter or digit, and none of {string.Join(", ", Own)}"));
        }

        return id;
    }

    private static double? ReadMaxRemoved(JsonElement json, List<Mistake> mistakes)
    {
        if (!json.TryGetProperty(MaxRemoved, out var given) || given.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (given.ValueKind == JsonValueKind.Number && given.TryGetDouble(out var share) && share is >= 0 and <= 1)
        {
            return share;
        }

        mistakes.Add(new Mistake(MaxRemoved, "must be a share between 0 and 1"));
        return null;
    }

    private static JsonElement WithCredentials(JsonElement settings, HarvestSource? before)
    {
        if (!settings.TryGetProperty(Credentials, out var given) || given.ValueKind != JsonValueKind.True)
        {
            return settings;
        }

        var whole = JsonNode.Parse(settings.GetRawText())!.AsObject();
        whole.Remove(Credentials);
        if (before is not null && JsonNode.Parse(before.Settings)!.AsObject()[Credentials] is { } kept)
        {
            whole[Credentials] = kept.DeepClone();
        }

        return JsonElement.Parse(whole.ToJsonString());
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() : null;
}
