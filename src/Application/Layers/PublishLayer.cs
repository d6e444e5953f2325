using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Chains;
using GeoWps.Application.Security;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Layers;

/// <summary>
/// Publishes a layer, or gives one other data, as somebody wishes who may publish. Data that lie on another server are looked at and published at once; every other
/// publication is a job.
/// </summary>
public sealed class PublishLayer(
    LayerCatalogue layers,
    LayerPublication publication,
    ExecuteProcess execute,
    IBlobStore blobs,
    TileMatrixSets sets,
    TimeProvider clock,
    IPostGisTables? postGis = null,
    IUpstreamServices? upstream = null)
{
    /// <summary>From a set's definition to its layer: nobody else builds on one that may be taken back.</summary>
    private readonly SemaphoreSlim _defining = new(1);

    public async Task<PublishOutcome> ExecuteAsync(PublishCall call, CancellationToken cancellationToken)
    {
        var (wish, replaces) = (call.Wish, call.Replaces);

        // What the server reaches is not what whoever may publish may read.
        if (!call.Caller.IsAdministrator && wish.Source is SourceWish.OperatorFile or SourceWish.PostGis or SourceWish.Upstream or SourceWish.Offer)
        {
            return new PublishOutcome.NotAllowed();
        }

        if (call.Data is null && wish.Source is null)
        {
            return Refused("/source", "is required: data, or where they are");
        }

        if (call.Data is not null && wish.Source is not null)
        {
            return Refused("/source", "can't be given beside data");
        }

        if (replaces is null && wish.Settings.Id is { } id && await layers.FindAsync(id, cancellationToken) is not null)
        {
            return new PublishOutcome.Exists(id);
        }

        if (replaces is not null && await layers.FindStoredAsync(replaces, cancellationToken) is null)
        {
            return new PublishOutcome.Unknown(replaces);
        }

        return wish.Source switch
        {
            SourceWish.PostGis source => await PostGisAsync(call, source, cancellationToken),
            SourceWish.Upstream source => await UpstreamAsync(call, source, cancellationToken),
            SourceWish.Offer(var wanted) => await OfferAsync(call, wanted, cancellationToken),
            _ => await AsJobAsync(call, cancellationToken),
        };
    }

    private async Task<PublishOutcome> PostGisAsync(PublishCall call, SourceWish.PostGis source, CancellationToken cancellationToken)
    {
        if (postGis is null || !postGis.Connections.Contains(source.Connection, StringComparer.OrdinalIgnoreCase))
        {
            return Refused("/source/postgis/connection", postGis is { Connections: { Count: > 0 } known }
                ? $"there is no connection {source.Connection}; there are: {string.Join(", ", known)}"
                : "the settings have no connection to PostGIS");
        }

        return await postGis.InspectAsync(source.Connection, source.From, source.GeometryColumn, source.IdColumn, cancellationToken) switch
        {
            PostGisInspection.Found(var found, var contents) => await StoreAsync(
                call,
                new DataFacts("", _ => found, contents with { TimeField = contents.TimeField ?? DataReading.TimeFieldOf(contents.Fields) }) { Title = source.From.StartsWith('(') ? null : source.From },
                cancellationToken),
            PostGisInspection.Refused("from", var message) => Refused($"/source/postgis/{(source.From.StartsWith('(') ? "query" : "table")}", message),
            PostGisInspection.Refused(var place, var message) => Refused($"/source/postgis/{place}", message),
            PostGisInspection.Unavailable(var message) => new PublishOutcome.Unavailable(message),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is an inspection that nobody reads"),
        };
    }

    private async Task<PublishOutcome> UpstreamAsync(PublishCall call, SourceWish.Upstream source, CancellationToken cancellationToken)
    {
        if (upstream?.Refuse(source.Source) is { } refusal)
        {
            return Refused("/source/upstream/template", refusal);
        }

        if (sets.Find(source.Source.TileMatrixSet) is not { } set)
        {
            return Refused("/source/upstream/tileMatrixSet", LayerPublication.NoSuchSet(source.Source.TileMatrixSet, sets));
        }

        var contents = new LayerContents { Kind = source.Format.IsVector ? LayerKind.Vector : LayerKind.Map, Crs = set.Crs, Extent = source.Extent };
        return await StoreAsync(
            call, new DataFacts("", _ => source.Source, contents) { Format = source.Format, TileMatrixSets = [source.Source.TileMatrixSet] }, cancellationToken);
    }

    private async Task<PublishOutcome> OfferAsync(PublishCall call, UpstreamOffer wanted, CancellationToken cancellationToken)
    {
        if (upstream is null)
        {
            return Refused("/source/upstream", "other servers can't be asked here");
        }

        switch (await upstream.ReadAsync(wanted, [.. sets.Ids.Select(id => sets.Find(id)!)], cancellationToken))
        {
            case UpstreamReading.Refused(var place, var message):
                return Refused($"/source/upstream/{place}", message);
            case UpstreamReading.Unavailable(var message):
                return new PublishOutcome.Unavailable($"The capabilities could not be read: {message}");
            case UpstreamReading.Found({ NewSet: null } found):
                return await StoreAsync(call, found, found.Source, cancellationToken);
            case UpstreamReading.Found({ NewSet: { } proposed } found):
                await _defining.WaitAsync(cancellationToken);
                try
                {
                    return await DefineAsync(call, found, proposed, cancellationToken);
                }
                finally
                {
                    _defining.Release();
                }

            case var other:
                throw new InvalidOperationException($"{other.GetType().Name} is a reading that nobody reads");
        }
    }

    /// <summary>The set before the layer, which is not without it; it goes when the layer does not come to be.</summary>
    private async Task<PublishOutcome> DefineAsync(PublishCall call, UpstreamLayer found, TileMatrixSet proposed, CancellationToken cancellationToken)
    {
        var (set, isNew) = sets.Define(proposed);
        PublishOutcome? outcome = null;
        try
        {
            return outcome = await StoreAsync(call, found, found.Source with { TileMatrixSet = set.Id }, cancellationToken);
        }
        finally
        {
            if (isNew && outcome is not PublishOutcome.Published)
            {
                sets.Forget(set.Id);
            }
        }
    }

    private Task<PublishOutcome> StoreAsync(PublishCall call, UpstreamLayer found, LayerSource.Upstream source, CancellationToken cancellationToken) => StoreAsync(
        call,
        new DataFacts("", _ => source, found.Contents)
        {
            Title = found.Title,
            Description = found.Description,
            Attribution = found.Attribution,
            Format = found.Format,
            Levels = (found.MinLevel, found.MaxLevel),
            TileMatrixSets = [source.TileMatrixSet],
        },
        cancellationToken);

    private async Task<PublishOutcome> StoreAsync(PublishCall call, DataFacts facts, CancellationToken cancellationToken) =>
        await publication.StoreAsync(draft: null, facts, new Publication(call.Wish.Settings, call.Name, Job: null, call.Replaces) { KeepSettings = call.KeepSettings }, cancellationToken) switch
        {
            StoreOutcome.Stored(var layer, var isNew) => new PublishOutcome.Published(layer, isNew),
            StoreOutcome.Exists(var id) => new PublishOutcome.Exists(id),
            StoreOutcome.Unknown(var id) => new PublishOutcome.Unknown(id),
            StoreOutcome.Refused(var mistakes) => new PublishOutcome.Refused(mistakes),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is an outcome that nobody answers"),
        };

    private async Task<PublishOutcome> AsJobAsync(PublishCall call, CancellationToken cancellationToken)
    {
        var id = JobId.New(clock.GetUtcNow());
        var inputs = Inputs(call);
        Attachment[] attachments = [];
        if (call.Data is { } write)
        {
            var stored = await blobs.PutAsync(JobKeys.Attachment(id, 0), MediaTypes.Unknown, write, cancellationToken);
            attachments = [new Attachment(0, JsonValueKind.String, stored.Length) { IsRaw = true }];
            inputs[PublishWish.Data] = new JsonObject { [Attachment.Marker] = 0 };
        }

        var body = new RequestBody(id, JsonElement.Parse(new JsonObject { ["inputs"] = inputs, ["response"] = "document" }.ToJsonString()), attachments, "");
        var outcome = await execute.ExecuteAsync(
            new ExecuteCall(PublishProvider.Process, body, ExecuteMode.Async, call.Wait, Owner: null, call.BaseAddress, IdempotencyKey: null) { IsJudged = true }.By(call.Caller),
            cancellationToken);
        return outcome switch
        {
            ExecuteOutcome.Refused(var mistakes) => new PublishOutcome.Refused([.. mistakes.Select(InForm)]),
            ExecuteOutcome.Full(var retryAfter) => new PublishOutcome.Full(retryAfter),
            ExecuteOutcome.Started(var job) => await EndAsync(job, call.Replaces is null, cancellationToken),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is an outcome that nobody answers"),
        };
    }

    private static JsonObject Inputs(PublishCall call)
    {
        var inputs = new JsonObject { [PublishWish.Layer] = LayerDocument.Settings(call.Wish.Settings).ToJsonString() };
        switch (call.Wish.Source)
        {
            case SourceWish.Address(var href):
                inputs[PublishWish.Data] = new JsonObject { ["href"] = href };
                break;
            case SourceWish.JobResult(var job, var output):
                inputs[PublishWish.Data] = new JsonObject { ["href"] = $"{call.BaseAddress}jobs/{Uri.EscapeDataString(job)}/results/{Uri.EscapeDataString(output)}" };
                break;
            case SourceWish.OperatorFile(var path):
                inputs[PublishRequest.FileInput] = path;
                break;
        }

        AddIfAny(inputs, PublishRequest.TableInput, call.Wish.Source?.Table ?? call.Table);
        AddIfAny(inputs, PublishWish.Name, call.Name);
        AddIfAny(inputs, PublishRequest.MediaTypeInput, call.MediaType);
        AddIfAny(inputs, PublishRequest.ReplacesInput, call.Replaces);
        if (call.KeepSettings)
        {
            inputs[PublishRequest.KeepInput] = true;
        }

        return inputs;
    }

    private static void AddIfAny(JsonObject inputs, string name, string? value)
    {
        if (value is not null)
        {
            inputs[name] = value;
        }
    }

    private async Task<PublishOutcome> EndAsync(Job job, bool isNew, CancellationToken cancellationToken) => job.State switch
    {
        JobState.Successful when PublishWish.LayerOf(job) is { } id && await layers.FindAsync(id, cancellationToken) is { } layer => new PublishOutcome.Published(layer, isNew) { Job = job },
        JobState.Failed(_, _, var failure) => new PublishOutcome.Failed(failure with { Mistakes = [.. failure.Mistakes.Select(InForm)] }),
        _ => new PublishOutcome.Started(job),
    };

    /// <summary>A mistake in an input of the job as one in what its caller sent.</summary>
    private static Mistake InForm(Mistake mistake) => mistake.Place switch
    {
        PublishWish.Data or PublishRequest.FileInput => mistake with { Place = "/source" },
        _ when mistake.Place.StartsWith(PublishWish.Layer + "/", StringComparison.Ordinal) => mistake with { Place = mistake.Place[PublishWish.Layer.Length..] },
        _ => mistake,
    };

    private static PublishOutcome.Refused Refused(string place, string message) => new([new Mistake(place, message)]);
}

/// <param name="Data">Writes what came with the request.</param>
/// <param name="BaseAddress">Under which the caller reached the server, ending in a slash.</param>
/// <param name="Wait">How long the answer may be held back for a publication that ends soon.</param>
public sealed record PublishCall(LayerWish Wish, Func<Stream, CancellationToken, Task>? Data, string BaseAddress, TimeSpan? Wait)
{
    /// <summary>Who asks, and may publish. The job that does it is its own.</summary>
    public required Caller Caller { get; init; }

    /// <summary>Of the file that is sent, without its extension.</summary>
    public string? Name { get; init; }

    public string? MediaType { get; init; }

    /// <summary>Of data that are sent: the table.</summary>
    public string? Table { get; init; }

    /// <summary>The layer that gets the data.</summary>
    public string? Replaces { get; init; }

    /// <summary>Its settings stay.</summary>
    public bool KeepSettings { get; init; }
}

public abstract record PublishOutcome
{
    private PublishOutcome()
    {
    }

    public sealed record Published(Layer Layer, bool IsNew) : PublishOutcome
    {
        /// <summary>That did it, if one did.</summary>
        public Job? Job { get; init; }
    }

    /// <summary>It goes on as a job.</summary>
    public sealed record Started(Job Job) : PublishOutcome;

    /// <summary>The job has failed.</summary>
    public sealed record Failed(JobFailure Failure) : PublishOutcome;

    /// <summary>Files, connections and neighbours of the server's are for administrators.</summary>
    public sealed record NotAllowed : PublishOutcome;

    public sealed record Refused(IReadOnlyList<Mistake> Mistakes) : PublishOutcome;

    /// <summary>The id is taken.</summary>
    public sealed record Exists(string Id) : PublishOutcome;

    /// <summary>There is no such layer.</summary>
    public sealed record Unknown(string Id) : PublishOutcome;

    /// <summary>Too many jobs wait.</summary>
    public sealed record Full(TimeSpan RetryAfter) : PublishOutcome;

    /// <summary>What the layer would be made of does not answer; safe to show.</summary>
    public sealed record Unavailable(string Message) : PublishOutcome;
}
