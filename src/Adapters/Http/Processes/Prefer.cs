using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace GeoWps.Adapters.Http.Processes;

/// <summary>How a caller would like to be answered: RFC 7240. What is not known is ignored; of what is said twice, the first counts.</summary>
/// <param name="RespondAsync">At once, with a job.</param>
/// <param name="Wait">How long the caller waits for more than that.</param>
internal sealed record Prefer(bool RespondAsync, TimeSpan? Wait)
{
    /// <summary>Nobody's answer is held back for longer; a longer wish is granted up to here.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    public static Prefer Read(StringValues headers)
    {
        var (respondAsync, wait, waitSeen) = (false, (TimeSpan?)null, false);
        foreach (var header in headers)
        {
            foreach (var preference in Split(header ?? "", ','))
            {
                var pair = Split(preference, ';').FirstOrDefault() ?? "";
                var equals = pair.IndexOf('=', StringComparison.Ordinal);
                var name = (equals < 0 ? pair : pair[..equals]).Trim();
                var value = equals < 0 ? "" : pair[(equals + 1)..].Trim().Trim('"');
                if (name.Equals("respond-async", StringComparison.OrdinalIgnoreCase))
                {
                    respondAsync = true;
                }
                else if (name.Equals("wait", StringComparison.OrdinalIgnoreCase) && !waitSeen)
                {
                    waitSeen = true;
                    wait = Seconds(value);
                }
            }
        }

        return new Prefer(respondAsync, wait);
    }

    /// <summary>What of it was followed, for <c>Preference-Applied</c>.</summary>
    public string Applied() =>
        Wait is { } wait ? string.Create(CultureInfo.InvariantCulture, $"respond-async, wait={(long)wait.TotalSeconds}") : "respond-async";

    private static TimeSpan? Seconds(string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, (long)LongestWait.TotalSeconds))
            : null;

    /// <summary>At a separator that does not stand between quotes.</summary>
    private static IEnumerable<string> Split(string text, char separator)
    {
        var (start, quoted) = (0, false);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == separator && !quoted))
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
            else if (text[i] == '"')
            {
                quoted = !quoted;
            }
        }
    }
}
