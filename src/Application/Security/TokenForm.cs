using System.Globalization;
using System.Text.Json;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Security;

/// <summary>
/// A token as it is asked for: <c>{"name": "anna", "may": ["run", "files"], "expires": "90d"}</c>. It expires after a time (<c>30m</c>, <c>12h</c>, <c>90d</c>), at one
/// (RFC 3339), or never, when that is not said.
/// </summary>
public static class TokenForm
{
    public const string Name = "name";
    public const string May = "may";
    public const string Expires = "expires";

    /// <returns><see langword="null"/> with at least one mistake.</returns>
    public static TokenWish? Read(JsonElement form, DateTimeOffset now, List<Mistake> mistakes)
    {
        foreach (var member in form.EnumerateObject().Where(member => member.Name is not (Name or May or Expires)))
        {
            mistakes.Add(new Mistake(member.Name, $"there is no such member; there are: {Name}, {May}, {Expires}"));
        }

        var (name, rights, expires) = (ReadName(form, mistakes), ReadRights(form, mistakes), ReadExpiry(form, now, mistakes));
        return mistakes.Count > 0 ? null : new TokenWish(name!, rights, expires);
    }

    private static string? ReadName(JsonElement form, List<Mistake> mistakes)
    {
        if (!form.TryGetProperty(Name, out var given))
        {
            mistakes.Add(new Mistake(Name, "is required", MistakeKind.Missing));
            return null;
        }

        if (given.ValueKind == JsonValueKind.String && given.GetString() is { } name && TokenBook.IsName(name))
        {
            return name;
        }

        mistakes.Add(new Mistake(Name, $"must be {TokenBook.NameRule}"));
        return null;
    }

    /// <summary>A list, or one text with commas.</summary>
    private static Rights ReadRights(JsonElement form, List<Mistake> mistakes)
    {
        if (!form.TryGetProperty(May, out var given))
        {
            mistakes.Add(new Mistake(May, $"is required: some of {string.Join(", ", RightsText.Names)}", MistakeKind.Missing));
            return Rights.None;
        }

        string[] names = given.ValueKind switch
        {
            JsonValueKind.String => given.GetString()!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            JsonValueKind.Array => [.. given.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())],
            _ => [given.GetRawText()],
        };
        if (!RightsText.TryRead(names, out var rights, out var unknown) || rights == Rights.None)
        {
            mistakes.Add(new Mistake(May, $"must be some of {string.Join(", ", RightsText.Names)}{(unknown is null ? "" : $" (got {unknown})")}"));
        }

        return rights;
    }

    private static DateTimeOffset? ReadExpiry(JsonElement form, DateTimeOffset now, List<Mistake> mistakes)
    {
        if (!form.TryGetProperty(Expires, out var given) || given.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (given.ValueKind != JsonValueKind.String || ReadTime(given.GetString()!, now) is not { } time)
        {
            mistakes.Add(new Mistake(Expires, "must be a time from now on, such as 30m, 12h or 90d, or a date-time of RFC 3339; left out, the token does not expire"));
            return null;
        }

        if (time - now < TokenBook.ShortestLife || time - now > TokenBook.LongestLife)
        {
            mistakes.Add(new Mistake(Expires, string.Create(
                CultureInfo.InvariantCulture, $"must be {TokenBook.ShortestLife.TotalMinutes} minute to {TokenBook.LongestLife.TotalDays} days from now")));
        }

        return time;
    }

    private static DateTimeOffset? ReadTime(string text, DateTimeOffset now)
    {
        if (text.Length is > 1 and < 8 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            // Numbers of so few digits stay within what a time can be.
            TimeSpan? life = text[^1] switch
            {
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                'd' => TimeSpan.FromDays(count),
                _ => null,
            };
            return now + life;
        }

        return text.Contains('T', StringComparison.OrdinalIgnoreCase)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }
}
