using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Storage.Memory;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Collections;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Processes.Inputs;

/// <summary>A job whose inputs are read: its attachments, other jobs, a web.</summary>
internal sealed class ReadingBench
{
    private readonly List<Attachment> _attachments = [];

    public MemoryBlobStore Blobs { get; } = new(64 * 1024 * 1024, TimeProvider.System);

    public FakeJobs Jobs { get; } = new();

    public FakeWeb Web { get; } = new();

    public RequestLimits Limits { get; } = new();

    public string? Owner { get; set; }

    public bool IsAdministered { get; set; }

    public Job Job => Some.Job(new JobState.Running(Some.Time, "w", Some.Time)) with { Owner = Owner, IsAdministered = IsAdministered, Request = new JobRequest("{}", _attachments, Bound.Base) };

    public InputReader Reader => new(Blobs, Jobs, Web, new RemoteCollections(Web), Options.Create(Limits));

    /// <returns>The marker that stands in its place.</returns>
    public async Task<string> AttachAsync(string content, JsonValueKind kind = JsonValueKind.String)
    {
        var number = _attachments.Count;
        await PutAsync(JobKeys.Attachment(Some.Id, number), content);
        _attachments.Add(new Attachment(number, kind, Encoding.UTF8.GetByteCount(content)));
        return $$$$"""{"$attachment":{{{{number}}}}}""";
    }

    public Task PutAsync(string key, string content) =>
        Blobs.PutAsync(key, "x/y", (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(content), token).AsTask(), CancellationToken.None);

    public async Task<(InputContent Outcome, string Content)> CopyAsync(InputValue value)
    {
        using var copy = new MemoryStream();
        var outcome = await Reader.CopyAsync(Job, value, copy, CancellationToken.None);
        return (outcome, Encoding.UTF8.GetString(copy.ToArray()));
    }

    public async Task<string> ContentAsync(InputValue value)
    {
        var (outcome, content) = await CopyAsync(value);
        outcome.ShouldBeOfType<InputContent.Copied>().Length.ShouldBe(Encoding.UTF8.GetByteCount(content));
        return content;
    }

    public async Task<string> RefusalAsync(InputValue value) => (await CopyAsync(value)).Outcome.ShouldBeOfType<InputContent.Refused>().Message;

    public static InputValue Inline(string json, string? encoding = null, string? mediaType = null) =>
        new InputValue.Inline(JsonElement.Parse(json)) { Encoding = encoding, MediaType = mediaType };

    public static InputValue Link(string href, string? encoding = null, string? mediaType = null) =>
        new InputValue.Reference(href) { Encoding = encoding, MediaType = mediaType };
}
