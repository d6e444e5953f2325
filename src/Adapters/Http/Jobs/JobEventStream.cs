using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Http.Jobs;

/// <summary>Writes the events of one job in the form <c>text/event-stream</c> (WHATWG HTML, "Server-sent events"), each with an id, data on one line.</summary>
internal sealed class JobEventStream(PipeWriter pipe, string baseAddress)
{
    /// <summary>The id of the event after which nothing comes.</summary>
    public const string LastId = "end";

    /// <summary>Silence for longer than this is filled, so that proxies do not close the connection.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private long _count;

    /// <param name="place">Of a job that waits, where it is known.</param>
    public async Task SendAsync(JobEvent happening, CancellationToken cancellationToken, QueuePlace? place = null)
    {
        switch (happening)
        {
            case JobEvent.Changed(var job):
                // Results are announced before the status that ends the stream.
                if (job.State.Status == JobStatus.Successful)
                {
                    Write("results", json => WriteResults(json, job), last: false);
                }

                Write("status", json => StatusInfo.Write(json, job, baseAddress, place), job.State.HasEnded);
                break;
            case JobEvent.Progressed(_, var percent):
                Write("progress", json => WriteProgress(json, percent), last: false);
                break;
            case JobEvent.Logged(_, var entry):
                Write("log", json => LogEndpoint.Write(json, entry), last: false);
                break;
            default:
                return;
        }

        await pipe.FlushAsync(cancellationToken);
    }

    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        pipe.Write(": still here\n\n"u8);
        await pipe.FlushAsync(cancellationToken);
    }

    private void Write(string name, Action<Utf8JsonWriter> data, bool last)
    {
        Encoding.UTF8.GetBytes($"id: {(last ? LastId : (++_count).ToString(System.Globalization.CultureInfo.InvariantCulture))}\nevent: {name}\ndata: ", pipe);
        using (var json = new Utf8JsonWriter(pipe, JsonAnswer.Form))
        {
            data(json);
        }

        pipe.Write("\n\n"u8);
    }

    private void WriteResults(Utf8JsonWriter json, Job job)
    {
        json.WriteStartObject();
        json.WriteString("href", Addresses.Results(baseAddress, job.Id.Value));
        json.WriteEndObject();
    }

    private static void WriteProgress(Utf8JsonWriter json, double percent)
    {
        json.WriteStartObject();
        json.WriteNumber("progress", Math.Round(percent, 1));
        json.WriteEndObject();
    }
}
