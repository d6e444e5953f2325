using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Records.Use;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Application.Records.Use;
using GeoWps.Domain.Files;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Files;

/// <summary>
/// <c>GET /files/{path}</c>: the content of a file, whole or a range of it; what is in a folder as JSON, a page or GeoJSON; with <c>f=info</c> what a file holds. What is not
/// the caller's, and not shared, is 404.
/// </summary>
internal sealed class GetFileEndpoint(FileLibrary library, ReadContents contents, UseCounts counts) : FileEndpoint
{
    private const string Info = "info";
    private const string GeoJson = "geojson";
    private const int Standard = 100;

    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/files", Route);
    }

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (!TryGetPath(out var path, out var problem))
        {
            return problem;
        }

        if (await library.FindAsync(path, Caller, ct) is not { } entry)
        {
            return Problems.NoSuchFile(PathText);
        }

        var form = Request.Query["f"].ToString();
        if (form == Info)
        {
            return await ContentsAsync(entry, ct);
        }

        if (entry.IsFolder)
        {
            return await ListAsync(entry, form, ct);
        }

        return form.Length > 0 ? Problems.InvalidParameters([new Mistake("f", $"a file is had as it is, or f=info (got {form})")])
            : await library.OpenAsync(entry, ct) is { } blob ? UseAnswer.Of(new FileAnswer(entry, blob), Request, () => counts.Downloaded($"{RecordSources.Files}:{entry.Path}", Caller)) : Problems.NoSuchFile(PathText);
    }

    private async Task<IResult> ContentsAsync(FileEntry entry, CancellationToken cancellationToken)
    {
        if (entry.IsFolder)
        {
            return Problems.InvalidParameters([new Mistake("f", "info is of a file, not of a folder")]);
        }

        var (baseAddress, caller) = (BaseAddress, Caller);
        return await contents.ExecuteAsync(entry, cancellationToken) switch
        {
            ContentsOutcome.Found(var document) => new JsonAnswer(json =>
            {
                json.WriteStartObject();
                FileDocument.WriteMembers(json, entry, baseAddress, caller);
                json.WritePropertyName("contents");
                json.WriteRawValue(document);
                json.WriteLinks(new Link(FileDocument.AddressOf(baseAddress, entry), "enclosure", entry.ContentType, entry.Path.Name));
                json.WriteEndObject();
            }),
            ContentsOutcome.Unavailable(var message) => Problems.SourceUnavailable(message),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is an outcome that nobody answers"),
        };
    }

    private async Task<IResult> ListAsync(FileEntry folder, string form, CancellationToken cancellationToken)
    {
        var (query, mistakes) = FileListing.Read(Request.Query, folder.Path, Standard);
        if (form is not ("" or Representation.Json or Representation.Html or GeoJson))
        {
            mistakes.Add(new Mistake("f", $"must be json, html, geojson or info (got {form})"));
        }

        if (mistakes.Count > 0)
        {
            return Problems.InvalidParameters(mistakes);
        }

        var page = await library.ListAsync(folder, Caller, query with { Limit = query.Limit + 1 }, cancellationToken);
        var more = page.Count > query.Limit;
        FileEntry[] entries = [.. page.Take(query.Limit)];
        var listing = new FileListing(folder, entries, BaseAddress, Caller, Request.With(), more ? Request.With(("after", FileListing.CursorOf(entries[^1]))) : null);
        HttpContext.Response.Headers.Vary = "Accept, Authorization";
        return form == GeoJson ? listing.AsGeoJson() : Representation.IsPage(Request) ? listing.AsPage() : listing.AsJson();
    }
}
