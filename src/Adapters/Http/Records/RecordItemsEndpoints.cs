using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Adapters.Http.Records.Schemes;
using GeoWps.Adapters.Http.Records.Use;
using GeoWps.Application.Ports;
using GeoWps.Application.Records.Schemes;
using GeoWps.Application.Records.Use;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Records;

/// <summary>Records that are asked for, page by page: OGC API - Records Part 1, clauses 8 and 9.</summary>
internal abstract class RecordSearchEndpoint(IRecordStore records, SchemeBook schemes, UseCounts counts, TimeProvider clock) : ApiEndpoint
{
    protected abstract string Route { get; }

    /// <summary>What a page for people counts by.</summary>
    private static readonly string[] _pageFacets = [RecordProperties.Type, RecordProperties.Keywords, RecordProperties.Source, RecordProperties.Classification];

    private const int MostOnPage = 100;

    public override void Configure() => GetAndHead(Route);

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        HttpContext.Response.Headers.Vary = "Accept, Accept-Language, Authorization";
        var set = await schemes.CurrentAsync(ct);
        var (query, mistakes) = RecordParameters.Read(Request.Query, set);
        Mistake[] wrong = Representation.Wrong(Request) is { } form ? [form, .. mistakes] : [.. mistakes];
        if (wrong.Length > 0)
        {
            return Problems.InvalidParameters(wrong);
        }

        var isPage = Representation.IsPage(Request);
        query = query.For(HttpContext);
        if (isPage)
        {
            query = query with { Limit = Math.Min(query.Limit, MostOnPage), Facets = query.Facets.Count > 0 ? query.Facets : _pageFacets };
        }

        var page = await records.SearchAsync(query, ct);
        if (HttpMethods.IsGet(Request.Method))
        {
            counts.Searched(page.Records.Select(found => found.Record.Id), HttpContext.Caller());
        }

        var (links, labels) = (Paging(query, page), CodeLabels.Of(set, Request));
        return isPage ? RecordsPage.Of(Request, query, page, links, labels) : new JsonAnswer(json => Write(json, page, links, labels)) { ContentType = Media.GeoJson };
    }

    private List<Link> Paging(RecordQuery query, RecordPage page)
    {
        List<Link> links = [new(Request.With(), "self", Media.GeoJson, "This page"), new(Request.With(("f", "html")), "alternate", Media.HtmlType, "This document as a page")];
        if (query.Offset + page.Records.Count is var next && page.Records.Count > 0 && next < page.Matched)
        {
            links.Add(new Link(Request.With(("offset", Text(next))), "next", Media.GeoJson, "Next page"));
        }

        if (query.Offset > 0)
        {
            var before = Math.Max(0, query.Offset - query.Limit);
            links.Add(new Link(Request.With(("offset", before > 0 ? Text(before) : null)), "prev", Media.GeoJson, "Previous page"));
        }

        links.Add(new Link(RecordAddresses.Catalogue(BaseAddress), Links.Collection, Media.Json, "The catalogue"));
        return links;
    }

    private void Write(Utf8JsonWriter json, RecordPage page, List<Link> links, CodeLabels labels)
    {
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        json.WriteString("timeStamp", RecordDocument.Text(clock.GetUtcNow()));
        json.WriteNumber("numberMatched", page.Matched);
        json.WriteNumber("numberReturned", page.Records.Count);
        json.WriteStartArray("features");
        foreach (var found in page.Records)
        {
            RecordDocument.Write(json, found.Record, found, BaseAddress, labels);
        }

        json.WriteEndArray();
        if (page.Facets.Count > 0)
        {
            WriteFacets(json, page, labels);
        }

        json.WriteLinks([.. links]);
        json.WriteEndObject();
    }

    private static void WriteFacets(Utf8JsonWriter json, RecordPage page, CodeLabels labels)
    {
        json.WriteStartObject("facets");
        foreach (var (name, values) in page.Facets)
        {
            json.WriteStartObject(name);
            json.WriteString("type", "term");
            json.WriteString("property", name);
            json.WriteStartArray("buckets");
            foreach (var (value, count) in values)
            {
                json.WriteStartObject();
                json.WriteString("value", value);
                json.WriteIfAny("label", labels.OfFacet(name, value));
                json.WriteNumber("count", count);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary><c>GET /collections/records/items</c>.</summary>
internal sealed class RecordItemsEndpoint(IRecordStore records, SchemeBook schemes, UseCounts counts, TimeProvider clock) : RecordSearchEndpoint(records, schemes, counts, clock)
{
    protected override string Route => $"/collections/{CatalogueId.Value}/items";
}

/// <summary><c>GET /search</c>: the same; behind a gateway it is over all nodes.</summary>
internal sealed class SearchEndpoint(IRecordStore records, SchemeBook schemes, UseCounts counts, TimeProvider clock) : RecordSearchEndpoint(records, schemes, counts, clock)
{
    protected override string Route => $"/{RecordAddresses.Search}";
}

/// <summary><c>GET /collections/records/items/{record}</c>: OGC API - Records Part 1, clause 9.3.</summary>
internal sealed class RecordItemEndpoint(IRecordStore records, SchemeBook schemes, UseCounts counts) : ApiEndpoint
{
    public override void Configure() => GetAndHead($"/collections/{CatalogueId.Value}/items/{{**record}}");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (Parameters.Unknown(Request.Query, "f") is { Count: > 0 } unknown)
        {
            return Problems.InvalidParameters(unknown);
        }

        // A slash that was sent as %2F stays so up to here.
        var id = Segment("record").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (await records.FindAsync(id, ct) is not { } record || !RecordCaller.Sees(HttpContext, record))
        {
            return Problems.NoSuchFeature(CatalogueId.Value, id);
        }

        var (baseAddress, labels) = (BaseAddress, CodeLabels.Of(await schemes.CurrentAsync(ct), Request));
        var answer = Represent(() => Tagged(JsonAnswer.Bytes(json => RecordDocument.Write(json, record, null, baseAddress, labels))), () => RecordsPage.One(record, baseAddress, labels));
        HttpContext.Response.Headers.Vary = "Accept, Accept-Language, Authorization";
        return UseAnswer.Of(answer, Request, () => counts.Opened(record.Id, HttpContext.Caller()));
    }

    private IResult Tagged(byte[] document)
    {
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(document).AsSpan(0, 12))}\"");
        HttpContext.Response.Headers.ETag = tag.ToString();
        return Conditions.NoneMatches(Request, tag) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : JsonAnswer.Of(document, Media.GeoJson);
    }
}
