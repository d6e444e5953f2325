using System.Text.Json;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>What went wrong, as a client is told: RFC 9457 and <c>exception.yaml</c>. Every problem of the REST side is made in this file.</summary>
internal sealed record Problem(int Status, string Title, string Detail) : IResult
{
    public string Type { get; init; } = "about:blank";

    public IReadOnlyList<Mistake> Mistakes { get; init; } = [];

    /// <summary>By which the server's log tells more.</summary>
    public string? Reference { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", Type);
        json.WriteString("title", Title);
        json.WriteNumber("status", Status);
        json.WriteString("detail", Detail);
        json.WriteIfAny("reference", Reference);
        if (Mistakes.Count > 0)
        {
            json.WriteStartArray("mistakes");
            foreach (var mistake in Mistakes)
            {
                json.WriteStartObject();
                json.WriteString("place", mistake.Place);
                json.WriteString("message", mistake.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (httpContext.Features.Get<IProblemForm>() is { } form)
        {
            return form.Of(this).ExecuteAsync(httpContext);
        }

        if (RetryAfter is { } wait)
        {
            httpContext.Response.ComeBackAfter(wait);
        }

        // Also of what broke before its endpoint could say so.
        httpContext.Response.Headers.Vary = "Accept";
        if (Representation.IsPage(httpContext.Request))
        {
            return ProblemPage.Of(this, httpContext.Request.BaseAddress()).ExecuteAsync(httpContext);
        }

        return new JsonAnswer(Write) { Status = Status, ContentType = Accept.ForProblems(httpContext.Request) }.ExecuteAsync(httpContext);
    }
}

internal static class Problems
{
    private const string Ogc = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/";
    private const string Ogc2 = "http://www.opengis.net/def/exceptions/ogcapi-processes-2/1.0/";
    private const string WorkflowError = "https://www.opengis.net/def/exceptions/ogcapi-processes-3/0.0/workflow-error";
    private const int Shown = 5;

    public static Problem NoSuchProcess(string id) =>
        new(StatusCodes.Status404NotFound, "No such process", $"There is no process {id}.") { Type = Ogc + "no-such-process" };

    public static Problem NoSuchJob(string id) =>
        new(StatusCodes.Status404NotFound, "No such job", $"There is no job {id}.") { Type = Ogc + "no-such-job" };

    public static Problem NoSuchCollection(string id) => new(StatusCodes.Status404NotFound, "No such collection", $"There is no collection {id}.");

    public static Problem NoFeatures(string id) => new(StatusCodes.Status404NotFound, "No features", $"The collection {id} has no features to be asked for: it is a map, or nothing tells its features apart.");

    public static Problem NoSuchFeature(string collection, string id) => new(StatusCodes.Status404NotFound, "No such feature", $"The collection {collection} has no feature {id}.");

    public static Problem NotRead(string why, TimeSpan? retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, "Features not available", why) { RetryAfter = retryAfter ?? TimeSpan.FromSeconds(10) };

    public static Problem NoSuchTileMatrixSet(string id) => new(StatusCodes.Status404NotFound, "No such tile matrix set", $"There is no tile matrix set {id} here.");

    public static Problem NoSuchTile(string what) => new(StatusCodes.Status404NotFound, "No such tile", what);

    public static Problem NotMade(string why, TimeSpan? retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, "Tile not available", why) { RetryAfter = retryAfter ?? TimeSpan.FromSeconds(10) };

    public static Problem NotAcceptable(IEnumerable<string> offered) =>
        new(StatusCodes.Status406NotAcceptable, "Not acceptable", $"This is to be had as {string.Join(", ", offered)}.");

    public static Problem NotReady(Job job) =>
        new(StatusCodes.Status404NotFound, "Result not ready", $"The job {job.Id} has not ended yet.") { Type = Ogc + "result-not-ready" };

    public static Problem NoSuchOutput(Job job, string name) =>
        new(StatusCodes.Status404NotFound, "No such output", $"The job {job.Id} has no result {name}.");

    public static Problem Dismissed(Job job) =>
        new(StatusCodes.Status410Gone, "Dismissed", $"The job {job.Id} was dismissed and has no results.");

    /// <param name="detail">Names the node.</param>
    public static Problem Elsewhere(string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, "At another node", detail) { RetryAfter = TimeSpan.FromSeconds(10) };

    public static Problem ContentGone() => new(StatusCodes.Status410Gone, "Gone", "The results were removed.");

    public static Problem NotFound(string path) => new(StatusCodes.Status404NotFound, "Not found", $"There is nothing at {path}.");

    public static Problem WrongMethod(string method) =>
        new(StatusCodes.Status405MethodNotAllowed, "Method not allowed", $"{method} is not possible here; the Allow header names what is.");

    /// <summary>A chain has statuses and a type of its own: OGC 21-009 (draft), <c>/req/nested-processes/response-workflow-errors</c>.</summary>
    public static Problem InvalidInput(IReadOnlyList<Mistake> mistakes)
    {
        var problem = Invalid("Invalid input", mistakes);
        return mistakes.Any(mistake => mistake.Kind == MistakeKind.Step) ? problem with { Status = StatusCodes.Status422UnprocessableEntity, Title = "Invalid chain", Type = WorkflowError }
            : mistakes.Any(mistake => mistake.Kind == MistakeKind.Chaining) ? problem with { Status = StatusCodes.Status424FailedDependency, Title = "Steps that do not fit together", Type = WorkflowError }
            : problem;
    }

    public static Problem InvalidParameters(IReadOnlyList<Mistake> mistakes) => Invalid("Invalid parameter", mistakes);

    public static Problem BadRequest(string detail) => new(StatusCodes.Status400BadRequest, "Invalid request", detail);

    public static Problem TooLarge(long maxBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, "Request too large", $"A request may have at most {maxBytes} bytes; give large inputs by reference.");

    public static Problem NotJson(string contentType) =>
        new(StatusCodes.Status415UnsupportedMediaType, "Unsupported media type", $"An execute request is application/json, not {contentType}.");

    /// <param name="rights">Their names.</param>
    public static Problem NoToken(string rights) =>
        new(StatusCodes.Status401Unauthorized, "Token required", $"This needs the administrator's token, or one with the right {rights}: Authorization: Bearer TOKEN.");

    public static Problem InvalidToken(string why) => new(StatusCodes.Status401Unauthorized, "Invalid token", why);

    public static Problem NotEnough(string rights) => new(StatusCodes.Status403Forbidden, "Not allowed", $"The token may not do this: it lacks the right {rights}.");

    public static Problem NotYours(JobId job) => new(
        StatusCodes.Status401Unauthorized, "Token required", $"The administrator started the job {job}: dismissing it needs the token, Authorization: Bearer TOKEN.");

    public static Problem WrongToken() => new(StatusCodes.Status403Forbidden, "Wrong token", "The token is not the administrator's.");

    public static Problem Duplicate(string id) =>
        new(StatusCodes.Status409Conflict, "Process exists", $"The process {id} is deployed already; PUT replaces it.") { Type = Ogc2 + "duplicated-process" };

    public static Problem Immutable(string id) =>
        new(StatusCodes.Status403Forbidden, "Immutable process", $"The process {id} was not deployed and can not be changed.") { Type = Ogc2 + "immutable-process" };

    public static Problem NotDeployable(string contentType, string allowed) =>
        new(StatusCodes.Status415UnsupportedMediaType, "Unsupported media type", $"A process is deployed as {allowed}, not {contentType}.")
        {
            Type = Ogc2 + "unsupported-media-type",
        };

    public static Problem NotLoaded(IReadOnlyList<Mistake> mistakes) => Invalid("Process can't be deployed", mistakes);

    public static Problem NoPackage(string id) =>
        new(StatusCodes.Status404NotFound, "No package", $"The process {id} was not deployed and has no package.");

    public static Problem NoQgis() =>
        new(StatusCodes.Status503ServiceUnavailable, "QGIS not ready", "There is no QGIS here, or it is still starting.") { RetryAfter = TimeSpan.FromSeconds(5) };

    public static Problem PackageTooLarge(long maxBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, "Package too large", $"A package may have at most {maxBytes} bytes.");

    public static Problem NoSuchLayer(string id) => new(StatusCodes.Status404NotFound, "No such layer", $"There is no layer {id}.");

    public static Problem LayerExists(string id) =>
        new(StatusCodes.Status409Conflict, "Layer exists", $"There is a layer {id} already; PUT replaces it, PATCH changes it.");

    public static Problem InvalidLayer(IReadOnlyList<Mistake> mistakes) => Invalid("Invalid layer", mistakes);

    public static Problem SourceUnavailable(string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, "Source not available", detail) { RetryAfter = TimeSpan.FromSeconds(10) };

    public static Problem NoSuchUpload() => new(StatusCodes.Status404NotFound, "No such upload", "There is no such upload; it may have expired.");

    public static Problem WrongTusVersion() => new(
        StatusCodes.Status412PreconditionFailed, "Wrong version", "An upload is spoken about in tus 1.0.0, which every request but OPTIONS and GET says: Tus-Resumable: 1.0.0.");

    public static Problem NotAnUpload(string contentType) =>
        new(StatusCodes.Status415UnsupportedMediaType, "Unsupported media type", $"What is added to an upload is application/offset+octet-stream, not {contentType}.");

    public static Problem UploadLocked() => new(StatusCodes.Status423Locked, "Upload locked", "Another request goes on with this upload.") { RetryAfter = TimeSpan.FromSeconds(1) };

    public static Problem WrongUploadOffset(long offset) =>
        new(StatusCodes.Status409Conflict, "Wrong offset", $"The upload goes on at {offset}.");

    public static Problem UploadTooLarge(long maxBytes) => new(StatusCodes.Status413PayloadTooLarge, "Upload too large", $"The upload may have at most {maxBytes} bytes.");

    public static Problem WrongChecksum() => new(Uploads.Tus.ChecksumMismatch, "Wrong checksum", "What came is not what Upload-Checksum says; nothing of it was kept.");

    public static Problem WrongDigest(string expected, string actual) =>
        new(StatusCodes.Status422UnprocessableEntity, "Wrong checksum", $"What was uploaded has the SHA-256 {actual}, and it should be {expected}.");

    public static Problem FinalUpload() => new(StatusCodes.Status403Forbidden, "Made of others", "An upload that is made of others takes nothing itself.");

    public static Problem TooManyUploads(int most) =>
        new(StatusCodes.Status429TooManyRequests, "Too many uploads", $"There are {most} unfinished uploads, and no more are kept; finish some, or remove them.");


    public static Problem NoSuchFile(string path) => new(StatusCodes.Status404NotFound, "No such file", $"There is no file or folder {path} here.");

    public static Problem FileConflict(string why) => new(StatusCodes.Status409Conflict, "File in the way", $"Nothing was changed: {why}.");

    public static Problem FileChanged() => new(StatusCodes.Status412PreconditionFailed, "Changed meanwhile", "The file is not what the request expects; nothing was changed.");

    public static Problem FileForbidden(string why) => new(StatusCodes.Status403Forbidden, "Not allowed", $"This is not allowed: {why}.");

    public static Problem FileUnauthorized(string why) =>
        new(StatusCodes.Status401Unauthorized, "Token required", $"This is not allowed without a token: {why}. Authorization: Bearer TOKEN.");

    public static Problem FileTooLarge(long maxBytes) => new(StatusCodes.Status413PayloadTooLarge, "File too large", $"A file may have at most {maxBytes} bytes.");

    public static Problem NoRoom(string why) => new(StatusCodes.Status507InsufficientStorage, "No room", $"Nothing was stored: {why}.");

    public static Problem FileBusy() =>
        new(StatusCodes.Status503ServiceUnavailable, "File being changed", "Somebody else is changing it, or something around it.") { RetryAfter = TimeSpan.FromSeconds(2) };

    public static Problem NoSuchSchedule(string id) => new(StatusCodes.Status404NotFound, "No such schedule", $"There is no schedule {id}.");

    public static Problem ScheduleExists(string id) =>
        new(StatusCodes.Status409Conflict, "Schedule exists", $"There is a schedule {id} already; PUT replaces it, unless it stands in the settings.");

    public static Problem FixedSchedule(string id) =>
        new(StatusCodes.Status403Forbidden, "Schedule of the settings", $"The schedule {id} stands in the server's settings and can not be changed here.");

    public static Problem TooManySchedules(int most) =>
        new(StatusCodes.Status409Conflict, "Too many schedules", $"There are {most} schedules, and no more are kept; remove one.");

    public static Problem NoSuchDocument(string id) => new(StatusCodes.Status404NotFound, "No such document", $"The record {id} has no document, or its source has it no more.");

    public static Problem NoPreview(string mediaType) => new(
        StatusCodes.Status415UnsupportedMediaType, "No preview", $"Of this document ({mediaType}) there is no preview: there are some of PDF, text, CSV and HTML that can be read here.");

    public static Problem DocumentNotHad(string source, bool isLate) => isLate
        ? new(StatusCodes.Status504GatewayTimeout, "Source too slow", $"The source {source} has not delivered in time.")
        : new(StatusCodes.Status502BadGateway, "Source not available", $"The source {source} does not deliver; the server's log tells why.");

    public static Problem ChangesUnknown() =>
        new(StatusCodes.Status410Gone, "Changes not known", "What has changed since that state is not known any more, or too much has: all records are to be read.");

    public static Problem DocumentsFull() =>
        new(StatusCodes.Status503ServiceUnavailable, "Too many documents", "As many documents of sources as may be are open; try again later.") { RetryAfter = TimeSpan.FromSeconds(5) };

    public static Problem NoSuchSource(string id) => new(StatusCodes.Status404NotFound, "No such source", $"There is no source {id}.");

    public static Problem SourceExists(string id) => new(StatusCodes.Status409Conflict, "Source exists", $"There is a source {id} already; PUT replaces it.");

    public static Problem StillHarvested(Job job) => new(StatusCodes.Status409Conflict, "Still runs", $"The source's job {job.Id} has not ended.");

    public static Problem StillRuns(Job job) => new(StatusCodes.Status409Conflict, "Still runs", $"The schedule's job {job.Id} has not ended.");

    public static Problem NoSuchToken(string name) => new(StatusCodes.Status404NotFound, "No such token", $"There is no token {name}.");

    public static Problem TokenExists(string name) =>
        new(StatusCodes.Status409Conflict, "Token exists", $"There is a token {name} already; revoke it first, and what it has made stays its name's.");

    public static Problem TooManyTokens(int most) => new(StatusCodes.Status409Conflict, "Too many tokens", $"There are {most} tokens, and no more are kept; revoke one.");

    public static Problem NoSuchScheme(string id) => new(StatusCodes.Status404NotFound, "No such scheme", $"There is no classification scheme {id}.");

    public static Problem TooManySchemes(int most) =>
        new(StatusCodes.Status409Conflict, "Too many schemes", $"There are {most} classification schemes, and no more are kept; remove one.");

    public static Problem KeyReused() =>
        new(StatusCodes.Status422UnprocessableEntity, "Idempotency key reused", "The Idempotency-Key was sent before with another request.");

    public static Problem Full(TimeSpan retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, "Queue full", "Too many jobs are waiting; try again later.") { RetryAfter = retryAfter };

    public static Problem Internal(string reference) =>
        new(StatusCodes.Status500InternalServerError, "Internal server error", $"Something failed on the server; its log knows more under {reference}.")
        {
            Reference = reference,
        };

    public static Problem OfStatus(int status, string detail) => new(status, "Invalid request", detail);

    /// <summary>Why a job has no results. 4xx for what its caller can mend, 500 for the rest: 502 to 504 would look like a broken node to a proxy.</summary>
    public static Problem Failed(JobFailure failure)
    {
        var (status, title) = failure.Kind switch
        {
            FailureKind.Input => (StatusCodes.Status400BadRequest, "Invalid input"),
            FailureKind.Algorithm => (StatusCodes.Status422UnprocessableEntity, "Algorithm failed"),
            FailureKind.Time => (StatusCodes.Status500InternalServerError, "Time limit exceeded"),
            FailureKind.Memory => (StatusCodes.Status500InternalServerError, "Memory limit exceeded"),
            FailureKind.Crash => (StatusCodes.Status500InternalServerError, "Process crashed"),
            FailureKind.Lost => (StatusCodes.Status500InternalServerError, "Worker lost"),
            FailureKind.Internal => (StatusCodes.Status500InternalServerError, "Internal server error"),
        };
        return new Problem(status, title, failure.Message) { Mistakes = failure.Mistakes };
    }

    private static Problem Invalid(string title, IReadOnlyList<Mistake> mistakes)
    {
        var detail = string.Join("; ", mistakes.Take(Shown)) + (mistakes.Count > Shown ? $"; and {mistakes.Count - Shown} more" : "");
        return new Problem(StatusCodes.Status400BadRequest, title, detail) { Mistakes = mistakes };
    }
}
