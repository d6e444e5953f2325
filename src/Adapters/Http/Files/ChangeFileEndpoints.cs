using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Results;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Files;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Files;

/// <summary><c>DELETE /files/{path}</c>: 204; a folder with files in it only by <c>recursive=true</c>, and then all at once.</summary>
internal sealed class DeleteFileEndpoint(RemoveFile remove) : FileEndpoint
{
    public override void Configure() => Delete(Route);

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (!TryGetPath(out var path, out var problem))
        {
            return problem;
        }

        var outcome = await remove.ExecuteAsync(path, Request.Query["recursive"] == "true", Condition(), Caller, ct);
        return outcome is FileOutcome.Done ? TypedResults.NoContent() : Answer(outcome);
    }
}

/// <summary>
/// <c>POST /files/{path}?moveTo=</c> and <c>?copyTo=</c>: a file or a folder, all at once; <c>?copyFrom=/jobs/{id}/results/{output}</c>: a job's result becomes a file. 409 where
/// something is; <c>overwrite=true</c> replaces a file.
/// </summary>
internal sealed class RelocateFileEndpoint(RelocateFile relocate, SaveResult save, IJobStore jobs, ResultsAnswers results) : FileEndpoint
{
    private const string Prefix = "/files/";

    public override void Configure() => Post(Route);

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (!TryGetPath(out var path, out var problem))
        {
            return problem;
        }

        var (moveTo, copyTo, copyFrom) = (Request.Query["moveTo"].ToString(), Request.Query["copyTo"].ToString(), Request.Query["copyFrom"].ToString());
        if (new[] { moveTo, copyTo, copyFrom }.Count(value => value.Length > 0) != 1)
        {
            return Problems.InvalidParameters(
                [new Mistake("moveTo", "one of moveTo, copyTo (a path, or an address below /files/) and copyFrom (the address of a job's result) is required")]);
        }

        return copyFrom.Length > 0 ? await SaveAsync(path, copyFrom, ct) : await RelocateAsync(path, moveTo, copyTo, ct);
    }

    private async Task<IResult> RelocateAsync(FilePath path, string moveTo, string copyTo, CancellationToken ct)
    {
        var name = copyTo.Length > 0 ? "copyTo" : "moveTo";
        var target = copyTo.Length > 0 ? copyTo : moveTo;
        if (!FilePath.TryParse(Below(target), out var to, out var mistake))
        {
            return Problems.InvalidParameters([new Mistake(name, mistake)]);
        }

        // As in a shell: what goes to "folder/" keeps its name there.
        if (target.EndsWith('/') && !path.IsRoot)
        {
            to = to.Under(path.Name);
        }

        return to is null
            ? Problems.InvalidParameters([new Mistake(name, "the whole path is too long")])
            : Answer(await relocate.ExecuteAsync(
                new RelocateCall(path, to, IsCopy: copyTo.Length > 0, Overwrites, Caller) { Condition = Condition() }, ct));
    }

    private bool Overwrites => Request.Query["overwrite"] == "true";

    private async Task<IResult> SaveAsync(FilePath path, string copyFrom, CancellationToken cancellationToken)
    {
        if (!OwnResults.TryParse(copyFrom, BaseAddress, out var id, out var output))
        {
            return Problems.InvalidParameters([new Mistake("copyFrom", "must be the address of a job's result here, /jobs/{id}/results/{output}")]);
        }

        if (await jobs.FindAsync(id, cancellationToken) is not { } job || !Caller.Owns(job.Owner))
        {
            return Problems.NoSuchJob(id.ToString());
        }

        if (job.State.Status != JobStatus.Successful)
        {
            return results.Of(job, BaseAddress);
        }

        if (OutputNames.Find(job.Outputs, output) is not { } value)
        {
            return Problems.NoSuchOutput(job, output);
        }

        // In "folder/" it has the name that a download of it has.
        if ((PathText.EndsWith('/') ? path.Under(OutputNames.FileNameOf(value)) : path) is not { } target)
        {
            return Problems.InvalidParameters([new Mistake("path", "the whole path is too long")]);
        }

        var outcome = await save.ExecuteAsync(new SaveCall(target, value, Overwrites, Caller, Condition()), cancellationToken);
        return outcome is FileOutcome.Missing ? Problems.ContentGone() : Answer(outcome);
    }

    private string Below(string target) =>
        target.StartsWith(BaseAddress + "files/", StringComparison.OrdinalIgnoreCase) ? Uri.UnescapeDataString(target[(BaseAddress.Length + Prefix.Length - 1)..])
        : target.StartsWith(Prefix, StringComparison.Ordinal) ? target[Prefix.Length..] : target;
}

/// <summary><c>PATCH /files/{path}</c> with <c>{"public": true}</c>: everybody may read it, and what is below it; or its owner only.</summary>
internal sealed class ShareFileEndpoint(FileLibrary library) : FileEndpoint
{
    private const int MostBytes = 4096;

    public override void Configure() => Patch(Route);

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (!TryGetPath(out var path, out var problem))
        {
            return problem;
        }

        var buffer = new byte[MostBytes];
        var length = await Request.Body.ReadAtLeastAsync(buffer, MostBytes, throwOnEndOfStream: false, ct);
        return IsPublic(buffer.AsMemory(0, length)) is { } isPublic
            ? Answer(await library.ShareAsync(path, isPublic, Caller, ct))
            : Problems.BadRequest("The body must be {\"public\": true} or {\"public\": false}.");
    }

    private static bool? IsPublic(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.EnumerateObject().ToArray() is [{ Name: "public", Value.ValueKind: JsonValueKind.True or JsonValueKind.False } member]
                ? member.Value.GetBoolean() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
