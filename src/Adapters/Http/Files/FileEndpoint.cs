using System.Diagnostics.CodeAnalysis;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Files;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Files;

/// <summary>What the endpoints of <c>/files/{path}</c> share.</summary>
internal abstract class FileEndpoint : ApiEndpoint
{
    protected const string Route = "/files/{**path}";

    protected Caller Caller => HttpContext.Caller();

    /// <summary>As it stands in the address: with a slash at its end it means a folder.</summary>
    protected string PathText => Segment("path");

    protected bool TryGetPath([NotNullWhen(true)] out FilePath? path, [NotNullWhen(false)] out IResult? problem)
    {
        problem = FilePath.TryParse(PathText, out path, out var mistake) ? null : Problems.InvalidParameters([new Mistake("path", mistake)]);
        return path is not null;
    }

    /// <summary>What the request expects of what is there (RFC 9110, clause 13.1); a weak tag is never the same content.</summary>
    protected BlobCondition Condition()
    {
        var (match, noneMatch) = (Tags(HeaderNames.IfMatch), Tags(HeaderNames.IfNoneMatch));
        return match is null && noneMatch is null ? BlobCondition.Any : new BlobCondition(
            match is not null,
            noneMatch is { IsAny: true },
            match is null or { IsAny: true } ? null : match.Value.Tags,
            noneMatch is null or { IsAny: true } ? null : noneMatch.Value.Tags);
    }

    protected IResult Answer(FileOutcome outcome) => outcome switch
    {
        FileOutcome.Done(var entry, var isNew) => Show(entry, isNew),
        FileOutcome.Missing => Problems.NoSuchFile(PathText),
        FileOutcome.Forbidden(var message) => Refuse(message),
        FileOutcome.Conflict(var message) => Problems.FileConflict(message),
        FileOutcome.Changed => Problems.FileChanged(),
        FileOutcome.Damaged(var message) => Problems.BadRequest($"Nothing was stored: {message}."),
        FileOutcome.TooLarge(var most) => Problems.FileTooLarge(most),
        FileOutcome.NoRoom(var message) => Problems.NoRoom(message),
        FileOutcome.Busy => Problems.FileBusy(),
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is an outcome that nobody answers"),
    };

    private JsonAnswer Show(FileEntry entry, bool isNew)
    {
        var (baseAddress, caller) = (BaseAddress, Caller);
        if (!entry.IsFolder)
        {
            HttpContext.Response.Headers.ETag = $"\"{entry.ETag}\"";
        }

        HttpContext.Response.Headers.Location = FileDocument.AddressOf(baseAddress, entry);
        return new JsonAnswer(json => FileDocument.Write(json, entry, baseAddress, caller)) { Status = isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK };
    }

    // Who has shown no token may have one.
    private Problem Refuse(string message)
    {
        if (Caller.Name is not null)
        {
            return Problems.FileForbidden(message);
        }

        HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.FileUnauthorized(message);
    }

    private (bool IsAny, IReadOnlyList<string> Tags)? Tags(string header)
    {
        var sent = Request.Headers[header];
        if (sent.Count == 0)
        {
            return null;
        }

        var tags = EntityTagHeaderValue.TryParseList(sent, out var parsed) ? parsed : [];
        return (tags.Contains(EntityTagHeaderValue.Any), [.. tags.Where(tag => !tag.IsWeak).Select(tag => tag.Tag.Value!.Trim('"'))]);
    }
}
