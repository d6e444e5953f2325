using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Records.Schemes;
using GeoWps.Application.Ports;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Application.Records.Schemes;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Records;

/// <summary>
/// <c>GET /collections/records/changes?since=STATE</c>: the records that came or changed since a state, and the ids of those that went, all of one moment; without <c>since</c> only what the state is.
/// 410 where that is not known any more: then all records are to be read.
/// </summary>
internal sealed class RecordChangesEndpoint(IRecordStore records, SchemeBook schemes, TimeProvider clock) : ApiEndpoint
{
    public override void Configure() => GetAndHead($"/collections/{CatalogueId.Value}/changes");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var since = Request.Query[RecordChangesLink.Since];
        List<Mistake> mistakes = [.. Parameters.Unknown(Request.Query, RecordChangesLink.Since)];
        if (since.Count > 1 || since is [{ Length: 0 or > 100 }])
        {
            mistakes.Add(new Mistake(RecordChangesLink.Since, "must be a state as an answer before has said it"));
        }

        if (mistakes.Count > 0)
        {
            return Problems.InvalidParameters(mistakes);
        }

        HttpContext.Response.Headers.Vary = "Accept-Language, Authorization";
        HttpContext.Response.Headers.CacheControl = "no-store";
        if (await records.ChangesAsync(new RecordQuery().For(HttpContext), since is [{ } state] ? state : null, RecordChangesLink.Most, ct) is not { } changes)
        {
            return Problems.ChangesUnknown();
        }

        var (baseAddress, labels, now) = (BaseAddress, CodeLabels.Of(await schemes.CurrentAsync(ct), Request), clock.GetUtcNow());
        return new JsonAnswer(json => Write(json, changes, baseAddress, labels, now)) { ContentType = Media.GeoJson };
    }

    private static void Write(Utf8JsonWriter json, RecordChanges changes, string baseAddress, CodeLabels labels, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        json.WriteString("timeStamp", RecordDocument.Text(now));
        json.WriteString(RecordChangesLink.State, changes.State);
        json.WriteNumber(RecordChangesLink.Total, changes.Total);
        json.WriteStartArray(RecordChangesLink.Removed);
        foreach (var id in changes.Removed)
        {
            json.WriteStringValue(id);
        }

        json.WriteEndArray();
        json.WriteStartArray("features");
        foreach (var record in changes.Changed)
        {
            RecordDocument.Write(json, record, null, baseAddress, labels);
        }

        json.WriteEndArray();
        json.WriteLinks(new Link(RecordAddresses.Catalogue(baseAddress), Links.Collection, Media.Json, "The catalogue"));
        json.WriteEndObject();
    }
}
