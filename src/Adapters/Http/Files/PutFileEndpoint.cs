using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Files;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Files;

/// <summary>
/// <c>PUT /files/{path}</c>: the body becomes the file, in one step at its end; 201 when it is new, 200 when it replaces another. A checksum that is sent is checked before. A path
/// that ends in a slash makes a folder.
/// </summary>
internal sealed class PutFileEndpoint(StoreFile store) : FileEndpoint
{
    public override void Configure() => Put(Route);

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (!TryGetPath(out var path, out var problem))
        {
            return problem;
        }

        // A part of a file is not stored as if it were all of it: RFC 9110, clause 14.5.
        if (Request.Headers.ContentRange.Count > 0)
        {
            return Problems.BadRequest("A part of a file can't be stored; large files go up in parts under /uploads.");
        }

        if (PathText.EndsWith('/'))
        {
            return Request.ContentLength > 0 ? Problems.BadRequest("A folder has no content.") : Answer(await store.MakeFolderAsync(path, Caller, ct));
        }

        var (checksums, mistake) = SentChecksums.Read(Request.Headers);
        if (mistake is not null)
        {
            return Problems.InvalidParameters([mistake]);
        }

        BodySize.Lift(HttpContext);
        return Answer(await store.ExecuteAsync(new StoreCall(path, Caller, Request.Body, Request.ContentLength, Condition()) { Checksums = checksums }, ct));
    }
}
