using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Execution;
using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Adapters.Execution.Policy;
using GeoWps.Adapters.Execution.Runs;
using GeoWps.Adapters.Storage.Memory;
using GeoWps.Application;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Collections;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Http;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Execution.Runs;

/// <summary>One job with its folder, and everything in memory that its data may come from and go to.</summary>
internal sealed class StagingBench : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RequestLimits _limits = new() { MaxInputBytes = 1 << 20 };
    private readonly InputReader _reader;

    public StagingBench()
    {
        PrivateFolder.Make(Folder);
        _reader = new InputReader(Blobs, Jobs, Web, new RemoteCollections(Web), Options.Create(_limits));
        Data = new DataStaging(Job, Folder, _reader, Formats, _limits.MaxInputBytes);
    }

    public string Folder => _folder["job"];

    public FakeFetcher Web { get; } = new();

    public FakeFormats Formats { get; } = new();

    public FakeJobs Jobs { get; } = new();

    public FakeWorkers Workers { get; } = new();

    public MemoryBlobStore Blobs { get; } = new(1 << 24, new TestClock());

    public Job Job { get; private set; } = Some.Job(new JobState.Running(Some.Time, "w", Some.Time)) with { Attempt = 2 };

    public DataStaging Data { get; }

    public string[] Files => [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal)];

    public string Read(string path) => File.ReadAllText(Path.Combine(Folder, path));

    public async Task<JsonElement> AttachAsync(int number, string content, JsonValueKind kind)
    {
        Job = Job with { Request = Job.Request with { Attachments = [.. Job.Request.Attachments, new Attachment(number, kind, content.Length)] } };
        await Blobs.PutAsync(
            JobKeys.Attachment(Job.Id, number),
            "application/octet-stream",
            (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(content), token).AsTask(),
            CancellationToken.None);
        return JsonElement.Parse($$"""{"$attachment": {{number}}}""");
    }

    public async Task<StagedData> StageAsync(InputValue value, string name = "INPUT", DataUse use = DataUse.Vector)
    {
        var (data, refusal) = await Data.StageAsync(value, name, use, CancellationToken.None);
        refusal.ShouldBeNull();
        return data.ShouldNotBeNull();
    }

    public async Task<string> RefusalOfAsync(InputValue value, string name = "INPUT", DataUse use = DataUse.Vector)
    {
        var (data, refusal) = await Data.StageAsync(value, name, use, CancellationToken.None);
        data.ShouldBeNull();
        return refusal.ShouldNotBeNull();
    }

    /// <summary>All of a request, for an algorithm with these parameters.</summary>
    public Task<StagedRun> StageAsync(ParameterDescriptor[] parameters, params (string Id, InputValue[] Values)[] inputs)
    {
        var security = Options.Create(new SecurityOptions());
        var process = new ProcessMapping(new AlgorithmPolicy(trustsCallers: true, []), "3.22.16").Map(Described.Algorithm("native:a", parameters)).Process.ShouldNotBeNull();
        var checks = new RequestChecks(Workers, security, NullLogger<RequestChecks>.Instance);
        var staging = new RunStaging(_reader, new LiteralReader(_reader), Formats, checks, Options.Create(_limits));
        return staging.StageAsync(Run(process, inputs), process, Folder, CancellationToken.None);
    }

    public JobRun Run(QgisProcess process, params (string Id, InputValue[] Values)[] inputs) => new()
    {
        Job = Job,
        Process = process.Description,
        Request = new ExecuteRequest { Inputs = inputs.ToDictionary(input => input.Id, input => (IReadOnlyList<InputValue>)input.Values) },
        Progress = _ => { },
        Log = (_, _) => { },
    };

    public void Dispose() => _folder.Dispose();

    public static InputValue Inline(string json, string? mediaType = null) => new InputValue.Inline(JsonElement.Parse(json)) { MediaType = mediaType };

    public static InputValue Text(string text, string? mediaType = null) => new InputValue.Inline(JsonSerializer.SerializeToElement(text)) { MediaType = mediaType };

    public static InputValue Bytes(byte[] bytes, string? mediaType = null) =>
        new InputValue.Inline(JsonSerializer.SerializeToElement(Convert.ToBase64String(bytes))) { MediaType = mediaType, Encoding = "base64" };

    public static InputValue Link(string href, string? mediaType = null) => new InputValue.Reference(href) { MediaType = mediaType };
}
