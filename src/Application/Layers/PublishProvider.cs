using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Application.Jobs;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Chains;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Layers;

/// <summary>
/// The process <c>geowps:publish</c>: makes a layer of data. What can't be served as it is becomes a GeoPackage by an algorithm of QGIS, run as a job of its own.
/// </summary>
/// <param name="execute">It holds the list of which this is one, so it is asked for late.</param>
public sealed partial class PublishProvider(
    InputReader reader,
    DataReading reading,
    LayerPublication publication,
    LayerCatalogue layers,
    ILayerFiles files,
    IVectorStores vectors,
    IOperatorFolders folders,
    TileMatrixSets sets,
    IBlobStore blobs,
    IJobStore jobs,
    IJobEvents events,
    Func<ExecuteProcess> execute,
    IOptions<LayersOptions> options,
    IOptions<JobsOptions> jobsOptions,
    TimeProvider clock,
    ILogger<PublishProvider> logger) : IProcessProvider
{
    public const string Process = PublishWish.Process;

    public const string LaneName = "publish";

    private const int AtOnce = 4;
    private const string Arriving = "arriving";

    /// <summary>Percent: data are on their way; are there; were made a GeoPackage; are what is served. Two conversions share what is between the second and the last.</summary>
    private const double HasBegun = 2, HasArrived = 10, HasHalf = 70, HasAll = 90;
    private const string Converted = "OUTPUT";
    private const string Csv = "text/csv";

    private static readonly ProcessDescription _process = PublishDescription.Make();

    public string Lane => LaneName;

    public int Concurrency => AtOnce;

    /// <summary>Layers come by both ways.</summary>
    public IReadOnlyList<string> Services => [NodeServices.Processes, NodeServices.Tiles];

    public ProcessCatalogue Catalogue { get; } =
        new("1", new[] { _process }.ToFrozenDictionary(process => process.Id), FrozenDictionary<string, string>.Empty);

    public async ValueTask<IReadOnlyList<Mistake>> CheckAsync(ProcessDescription process, ExecuteRequest request, CancellationToken cancellationToken)
    {
        var mistakes = new List<Mistake>();
        var call = PublishRequest.Read(request, mistakes);
        if (call.File is { } path && folders.Find(path).Refusal is { } refusal)
        {
            mistakes.Add(new Mistake(PublishRequest.FileInput, refusal));
        }

        if (call.File is null == call.Data is null)
        {
            mistakes.Add(new Mistake(PublishWish.Data, $"either {PublishWish.Data} or {PublishRequest.FileInput} is required"));
        }

        if (call.Replaces is null && call.Wish.Settings.Id is { } id && await layers.FindStoredAsync(id, cancellationToken) is not null)
        {
            mistakes.Add(new Mistake($"{PublishWish.Layer}/id", $"there is a layer {id} already"));
        }

        var unknown = new List<Mistake>();
        LayerPublication.CheckSets(call.Wish.Settings.Tiles.TileMatrixSets, sets, unknown);
        mistakes.AddRange(unknown.Select(mistake => mistake with { Place = PublishWish.Layer + mistake.Place }));
        if (call.IsResult && await NoRoomAsync(0, cancellationToken) is { } full)
        {
            mistakes.Add(new Mistake("", full));
        }

        return mistakes;
    }

    public async Task<RunOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var mistakes = new List<Mistake>();
        var call = PublishRequest.Read(run.Request, mistakes);
        if (mistakes.Count > 0)
        {
            return new RunOutcome.Refused(mistakes);
        }

        using var draft = files.Begin();
        var (outcome, failed) = call.File is { } path
            ? await FromFolderAsync(run, path, call, draft, cancellationToken)
            : await FromInputAsync(run, call, draft, cancellationToken);
        if (failed is not null)
        {
            return failed;
        }

        run.Progress(HasAll);
        return await StoreAsync(run, call, ((DataOutcome.Ready)outcome!).Facts, draft, cancellationToken);
    }

    private async Task<(DataOutcome? Ready, RunOutcome? Failed)> FromFolderAsync(
        JobRun run, string path, PublishRequest call, LayerDraft draft, CancellationToken cancellationToken)
    {
        var (real, refusal) = folders.Find(path);
        if (real is null)
        {
            return Refuse(PublishRequest.FileInput, refusal!);
        }

        var seen = await reading.ReadAsync(real, call.Table, isOperators: true, cancellationToken);
        if (seen is DataOutcome.Ready { Facts: { IsInPlace: true } facts })
        {
            return (new DataOutcome.Ready(facts with { FileName = real }), null);
        }

        run.Progress(HasBegun);
        await vectors.CopyAsync(real, draft.PathOf(Arriving), cancellationToken);
        return await ReadyAsync(run, call, draft, seen, MediaTypeOf(path), path, PublishRequest.FileInput, cancellationToken);
    }

    private async Task<(DataOutcome? Ready, RunOutcome? Failed)> FromInputAsync(JobRun run, PublishRequest call, LayerDraft draft, CancellationToken cancellationToken)
    {
        run.Progress(HasBegun);
        InputContent content;
        await using (var file = draft.Create(Arriving))
        {
            content = await reader.CopyAsync(run.Job, call.Data!, file, cancellationToken);
        }

        if (content is not InputContent.Copied copied)
        {
            return Refuse(PublishWish.Data, ((InputContent.Refused)content).Message);
        }

        if (copied.Length == 0)
        {
            return Refuse(PublishWish.Data, "is empty");
        }

        var mediaType = call.MediaType ?? MediaTypeOf(copied.FileName) ?? copied.MediaType;
        return await ReadyAsync(run, call, draft, await reading.ReadAsync(draft.PathOf(Arriving), call.Table, isOperators: false, cancellationToken), mediaType, copied.FileName, PublishWish.Data, cancellationToken);
    }

    /// <summary>Gives the file its name, or has it made one that can be served.</summary>
    /// <param name="fileName">Of the data; empty where they have none.</param>
    private async Task<(DataOutcome? Ready, RunOutcome? Failed)> ReadyAsync(
        JobRun run, PublishRequest call, LayerDraft draft, DataOutcome seen, string? mediaType, string fileName, string place, CancellationToken cancellationToken)
    {
        run.Progress(HasArrived);
        if (seen is DataOutcome.Convert convert)
        {
            if (await ConvertAsync(run, call.Table, draft, convert, mediaType, place, (HasArrived, HasHalf), cancellationToken) is { } failed)
            {
                return (null, failed);
            }

            seen = await reading.ReadAsync(draft.PathOf(Arriving), table: null, isOperators: false, cancellationToken);
            if (seen is DataOutcome.Convert { Reproject: true } again && !convert.Reproject)
            {
                // What CRS it has could not be seen before.
                if (await ConvertAsync(run, table: null, draft, again, MediaTypes.GeoPackage, place, (HasHalf, HasAll), cancellationToken) is { } failedAgain)
                {
                    return (null, failedAgain);
                }

                seen = await reading.ReadAsync(draft.PathOf(Arriving), table: null, isOperators: false, cancellationToken);
            }

            // It has the name of a step's output.
            seen = seen is DataOutcome.Ready made ? new DataOutcome.Ready(made.Facts with { Title = call.Name ?? (Path.GetFileNameWithoutExtension(fileName) is { Length: > 0 } stem ? stem : null) }) : seen;
        }

        switch (seen)
        {
            case DataOutcome.Ready ready:
                draft.Rename(Arriving, ready.Facts.FileName);
                return (ready, null);
            case DataOutcome.Refused(var message):
                return Refuse(place, message);
            default:
                return Refuse(place, "has no geometry that a layer could be made of");
        }
    }

    /// <summary>The file becomes an input of the step, and its result takes the file's place.</summary>
    /// <param name="share">Of the progress, percent.</param>
    private async Task<RunOutcome?> ConvertAsync(
        JobRun run, string? table, LayerDraft draft, DataOutcome.Convert convert, string? mediaType, string place, (double From, double To) share, CancellationToken cancellationToken)
    {
        var number = run.Job.Request.Attachments.Count;
        var key = JobKeys.Attachment(run.Job.Id, number);
        await blobs.TakeAsync(key, MediaTypes.Unknown, draft.PathOf(Arriving), cancellationToken);
        var step = JobId.New(clock.GetUtcNow());
        var address = OwnResults.AddressOfPart(run.Job.Request.BaseAddress, run.Job.Id, number);
        var request = JsonElement.Parse(StepRequest(table is null ? address : $"{address}#layername={Uri.EscapeDataString(table)}", convert.Reproject, mediaType).ToJsonString());
        var process = convert.Reproject ? "native:reprojectlayer" : "native:savefeatures";
        var (job, refusal) = await ExecuteAsync(run, process, new RequestBody(step, request, [], ""), share, cancellationToken);
        if ((job is null ? refusal : InnerExecution.FailureOf(job)) is { } failure)
        {
            return failure.Message == JobFailure.NotOffered(process).Message ? Refuse(place, WithoutQgis(convert)).Failed
                : failure.Kind == FailureKind.Input ? Refuse(place, convert.CrsName is { } crs ? $"is in {crs}: {InData(failure)}" : InData(failure)).Failed
                : new RunOutcome.Failed(failure);
        }

        if (job!.Outputs.FirstOrDefault(output => output.Id == Converted) is not OutputValue.Content content
            || await blobs.OpenAsync(content.Key, 0, null, cancellationToken) is not { } made)
        {
            return new RunOutcome.Failed(new JobFailure(FailureKind.Internal, $"Job {step} left no GeoPackage."));
        }

        await using (made)
        await using (var file = draft.Create(Arriving))
        {
            await made.Content.CopyToAsync(file, cancellationToken);
        }

        // The same bytes need not lie there twice until the job's time is over.
        await jobs.RemoveAsync(blobs, step, cancellationToken);
        await blobs.DeleteAsync(key, cancellationToken);
        LogConverted(run.Job.Id, process, content.Length);
        return null;
    }

    /// <summary>What the step warns of, such as how exact places are, is about the publication; how far it is, is a share of the publication's.</summary>
    private async Task<(Job? Job, JobFailure? Refusal)> ExecuteAsync(JobRun run, string process, RequestBody step, (double From, double To) share, CancellationToken cancellationToken)
    {
        using var vain = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var telling = TellAsync(run, events.WatchAsync(step.Id, vain.Token), share);
        Job? job = null;
        try
        {
            (job, var refusal) = await new InnerExecution(run, execute(), clock).ExecuteAsync(process, step, cancellationToken);
            return (job, refusal);
        }
        finally
        {
            if (job is null)
            {
                await vain.CancelAsync();
            }

            // It ends with the event in which the job has ended, and that is told before the job's end is known here.
            await telling;
        }
    }

    private static async Task TellAsync(JobRun run, IAsyncEnumerable<JobEvent> happenings, (double From, double To) share)
    {
        try
        {
            await foreach (var happening in happenings)
            {
                switch (happening)
                {
                    case JobEvent.Logged { Entry: { Level: "warning" } line }:
                        run.Log(line.Level, line.Text);
                        break;
                    case JobEvent.Progressed(_, var percent):
                        run.Progress(share.From + ((share.To - share.From) * percent / 100));
                        break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It ended.
        }
    }

    private static string WithoutQgis(DataOutcome.Convert convert) => convert.CrsName is { } crs
        ? $"is in {crs}, from which this server can't bring coordinates into degrees without QGIS, and QGIS is not here"
        : "is no GeoPackage with an R-tree, and QGIS, which would make it one, is not here";

    /// <summary>What a step says of its input is about what came in.</summary>
    private static string InData(JobFailure failure) => failure.Mistakes.Count > 0 ? string.Join("; ", failure.Mistakes.Select(mistake => mistake.Message)) : failure.Message;

    private static JsonObject StepRequest(string address, bool reproject, string? mediaType)
    {
        var data = new JsonObject { ["href"] = address };
        if (MediaTypes.WithoutParameters(mediaType ?? "") == Csv)
        {
            // Everything else tells itself what it is.
            data["type"] = Csv;
        }

        var inputs = new JsonObject { ["INPUT"] = data };
        if (reproject)
        {
            inputs["TARGET_CRS"] = "EPSG:4326";
        }

        return new JsonObject { ["inputs"] = inputs, ["outputs"] = new JsonObject { [Converted] = new JsonObject { ["mediaType"] = MediaTypes.GeoPackage } } };
    }

    private async Task<RunOutcome> StoreAsync(JobRun run, PublishRequest call, DataFacts facts, LayerDraft draft, CancellationToken cancellationToken)
    {
        // The job that its caller knows.
        var job = run.Job.Parent ?? run.Job.Id;
        var settings = call.Wish.Settings;
        if (call.IsResult)
        {
            if (await NoRoomAsync(draft.Length, cancellationToken) is { } full)
            {
                return new RunOutcome.Failed(new JobFailure(FailureKind.Input, full));
            }

            settings = settings with
            {
                Id = settings.Id ?? $"{LayerPublication.Slug(call.Name ?? "result")}-{job}",
                Title = settings.Title ?? call.Name,
                Expires = Sooner(settings.Expires, clock.GetUtcNow() + TimeSpan.FromHours(jobsOptions.Value.RetentionHours)),
            };
        }

        var stored = await publication.StoreAsync(
            facts.IsInPlace ? null : draft,
            facts,
            new Publication(settings, call.Name, job.Value, call.Replaces) { KeepSettings = call.KeepSettings },
            cancellationToken);
        switch (stored)
        {
            case StoreOutcome.Stored(var layer, _):
                LogPublished(layer.Id, layer.Revision, run.Job.Id);
                return new RunOutcome.Succeeded([new OutputValue.Literal(PublishWish.Layer, JsonSerializer.SerializeToElement(new JsonObject
                {
                    ["id"] = layer.Id,
                    ["title"] = layer.Title,
                    ["href"] = $"{run.Job.Request.BaseAddress}collections/{layer.Id}",
                }), MediaTypes.Json)]);
            case StoreOutcome.Refused(var mistakes):
                return new RunOutcome.Refused([.. mistakes.Select(mistake => mistake with { Place = PublishWish.Layer + mistake.Place })]);
            case StoreOutcome.Exists(var id):
                return Refuse($"{PublishWish.Layer}/id", $"there is a layer {id} already").Failed!;
            default:
                return Refuse(PublishRequest.ReplacesInput, $"there is no layer {call.Replaces}").Failed!;
        }
    }

    private async Task<string?> NoRoomAsync(long bytes, CancellationToken cancellationToken)
    {
        var use = await layers.TemporaryAsync(cancellationToken);
        var (most, mostBytes) = (options.Value.MaxPublished, options.Value.MaxPublishedMb * 1024L * 1024L);
        return use.Layers >= most ? string.Create(CultureInfo.InvariantCulture, $"the server keeps {most} published results, and has so many: try again when some have ended")
            : use.Bytes + bytes > mostBytes ? string.Create(CultureInfo.InvariantCulture, $"published results may take {mostBytes} bytes, and this would be more: try again when some have ended")
            : null;
    }

    private static DateTimeOffset Sooner(DateTimeOffset? asked, DateTimeOffset end) => asked < end ? asked.Value : end;

    private static (DataOutcome? Ready, RunOutcome? Failed) Refuse(string place, string message) => (null, new RunOutcome.Refused([new Mistake(place, message)]));

    /// <summary>Only what its content does not tell.</summary>
    private static string? MediaTypeOf(string fileName) => Path.GetExtension(fileName).ToUpperInvariant() is ".CSV" or ".TSV" ? Csv : null;

    [LoggerMessage(EventId = 1500, Level = LogLevel.Information, Message = "Layer {Layer}, revision {Revision}, was published by job {JobId}")]
    private partial void LogPublished(string layer, long revision, JobId jobId);

    [LoggerMessage(EventId = 1501, Level = LogLevel.Debug, Message = "Job {JobId}: {Process} made a GeoPackage of {Bytes} bytes")]
    private partial void LogConverted(JobId jobId, string process, long bytes);
}
