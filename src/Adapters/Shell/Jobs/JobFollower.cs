using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Jobs;

/// <summary>Watches a job to its end: by its events where the server sends them, else by asking.</summary>
internal sealed class JobFollower(ApiClient api)
{
    /// <summary>How long a server may be away (a restart) before following is given up; the job goes on without us.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <param name="tell">Called with whatever an event holds: a status, a <c>progress</c>, or the <c>text</c> of a message.</param>
    public async Task<JobView> FollowAsync(string id, Action<JsonObject> tell, CancellationToken cancellationToken)
    {
        var path = $"jobs/{Uri.EscapeDataString(id)}";
        var events = true;
        var pause = TimeSpan.FromMilliseconds(100);
        var silentSince = default(long?);
        while (true)
        {
            try
            {
                if (events)
                {
                    events = await TryListenAsync(path, tell, cancellationToken);
                }

                var job = new JobView(await api.GetJsonAsync(path, cancellationToken));
                silentSince = null;
                if (job.HasEnded)
                {
                    return job;
                }

                tell((JsonObject)job.Json);
            }
            catch (NoAnswerException) when (Environment.TickCount64 - (silentSince ??= Environment.TickCount64) < _patience.TotalMilliseconds)
            {
                events = true;
            }

            await Task.Delay(pause * (0.8 + (Random.Shared.NextDouble() * 0.4)), cancellationToken);
            pause = pause < TimeSpan.FromSeconds(1) ? pause * 1.5 : pause;
        }
    }

    /// <returns>Whether the server has events for us.</returns>
    private async Task<bool> TryListenAsync(string path, Action<JsonObject> tell, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await api.OpenAsync($"{path}/events", ["text/event-stream"], cancellationToken);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            await foreach (var data in ReadEventsAsync(body, cancellationToken))
            {
                if (TryParse(data) is { } known)
                {
                    tell(known);
                }
            }

            return true;
        }
        catch (ApiException)
        {
            return false;
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            return true;
        }
    }

    private static JsonObject? TryParse(string data)
    {
        try
        {
            return JsonNode.Parse(data) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The <c>data</c> of each server-sent event.</summary>
    internal static async IAsyncEnumerable<string> ReadEventsAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream);
        var data = new List<string>();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                data.Add(line.AsSpan(5).TrimStart(' ').ToString());
            }
            else if (line.Length == 0 && data.Count > 0)
            {
                yield return string.Join('\n', data);
                data.Clear();
            }
        }
    }
}
