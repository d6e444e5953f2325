using System.Collections.Concurrent;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Echo;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Jobs;
using GeoWps.Tests.Unit.Processes.Inputs;

namespace GeoWps.Tests.Unit.Processes.Echo;

/// <summary>Runs requests with the echo processes as a worker does.</summary>
internal sealed class EchoBench
{
    public ReadingBench Reading { get; } = new();

    public SteppedClock Clock { get; } = new();

    /// <summary>What was reported, in order.</summary>
    public ConcurrentQueue<double> Progress { get; } = [];

    public EchoProvider Provider => new(Reading.Reader, Reading.Blobs, Clock);

    public static ProcessDescription Describe(string id) => new EchoBench().Provider.Catalogue.Find(id).ShouldNotBeNull();

    public Task<RunOutcome> RunAsync(string json, string id = "echo", CancellationToken cancellationToken = default)
    {
        var (provider, job) = (Provider, Reading.Job);
        var process = provider.Catalogue.Find(id).ShouldNotBeNull();
        var bound = new RequestBinder(Reading.Web).Bind(process, job.Request with { Json = json });
        bound.Mistakes.ShouldBeEmpty();
        return provider.RunAsync(
            new JobRun { Job = job, Process = process, Request = bound.Request!, Progress = Progress.Enqueue, Log = (_, _) => { } },
            cancellationToken);
    }

    /// <summary>Every output in one line: its id, content and media type.</summary>
    public async Task<string[]> OutputsAsync(string json, string id = "echo") =>
        [.. (await RunAsync(json, id)).ShouldBeOfType<RunOutcome.Succeeded>().Outputs.Select(Say)];

    public async Task<string[]> MistakesAsync(string json, string id = "echo") =>
        [.. (await RunAsync(json, id)).ShouldBeOfType<RunOutcome.Refused>().Mistakes.Select(mistake => mistake.ToString())];

    public async Task<List<string>> KeysAsync()
    {
        var keys = new List<string>();
        await foreach (var blob in Reading.Blobs.ListAsync(JobKeys.Output(Reading.Job.Id, 1, ""), CancellationToken.None))
        {
            keys.Add(blob.Key);
        }

        return keys;
    }

    private static string Say(OutputValue value) => value switch
    {
        OutputValue.Literal literal => $"{literal.Id} {literal.Json.GetRawText()}" + (literal.MediaType is { } type ? $" as {type}" : ""),
        OutputValue.Content content => $"{content.Id} {content.Name} of {content.Length} as {content.MediaType}",
        OutputValue.Many many => $"{many.Id} ({string.Join("; ", many.Values.Select(Say))})",
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };
}
