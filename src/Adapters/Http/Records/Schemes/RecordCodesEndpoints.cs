using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Application.Records.Schemes;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Records.Schemes;

/// <summary>What the endpoints of a record's codes share.</summary>
internal abstract class RecordCodesEndpoint : AdminEndpoint
{
    /// <summary>Slashes of the id are written <c>%2F</c> here.</summary>
    protected const string Route = "/admin/records/{record}/classifications";

    protected string RecordId => Segment("record").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    protected static IResult Answer(CatalogueRecord record, CodeLabels labels, string self) => new JsonAnswer(json =>
    {
        json.WriteStartObject();
        json.WriteString("record", record.Id);
        json.WriteStartArray("classifications");
        foreach (var code in record.Classifications)
        {
            json.WriteStartObject();
            json.WriteString("scheme", code.Scheme);
            json.WriteString("code", code.Code);
            json.WriteIfAny("label", labels.Of(code.Scheme, code.Code));
            json.WriteString("by", code.IsAssigned ? "operator" : "source");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteLinks(new Link(self, "self", Media.Json, "This document"));
        json.WriteEndObject();
    });
}

/// <summary><c>GET /admin/records/{record}/classifications</c>: all codes of a record, and who gave them.</summary>
internal sealed class ShowRecordCodesEndpoint(IRecordStore records, SchemeBook schemes) : RecordCodesEndpoint
{
    public override void Configure() => GetAndHead(Route);

    protected override async Task<IResult> AdministerAsync(CancellationToken ct) => await records.FindAsync(RecordId, ct) is { } record
        ? Answer(record, CodeLabels.Of(await schemes.CurrentAsync(ct), Request), Request.With())
        : Problems.NoSuchFeature(CatalogueId.Value, RecordId);
}

/// <summary><c>PUT /admin/records/{record}/classifications</c>: the operator's codes from now on, beside those of the record's source. Empty: none.</summary>
internal sealed class PutRecordCodesEndpoint(SchemeBook schemes) : RecordCodesEndpoint
{
    private const int MostBytes = 64 * 1024;

    public override void Configure() => Put(Route);

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var (json, problem) = await SmallBody.ReadAsync(Request, MostBytes, "the list of codes", ct);
        if (json is null)
        {
            return problem!;
        }

        var (set, mistakes) = (await schemes.CurrentAsync(ct), new List<Mistake>());
        var codes = Read(json.Value, set, mistakes);
        return mistakes.Count > 0 ? Problems.InvalidInput(mistakes)
            : await schemes.ClassifyAsync(RecordId, codes, ct) is { } record ? Answer(record, CodeLabels.Of(set, Request), Request.With())
            : Problems.NoSuchFeature(CatalogueId.Value, RecordId);
    }

    private static List<Classification> Read(JsonElement json, SchemeSet schemes, List<Mistake> mistakes)
    {
        var codes = new List<Classification>();
        if (!json.TryGetProperty("classifications", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > SchemeBook.MaxCodes)
        {
            mistakes.Add(new Mistake("classifications", $"a list of up to {SchemeBook.MaxCodes} objects with scheme and code is required"));
            return codes;
        }

        foreach (var (i, one) in list.EnumerateArray().Index())
        {
            var place = $"classifications[{i}]";
            if (TextOf(one, "scheme") is not { } scheme || TextOf(one, "code") is not { } code)
            {
                mistakes.Add(new Mistake(place, "scheme and code, both texts, are required"));
            }
            else if (schemes.Find(scheme) is null)
            {
                mistakes.Add(new Mistake(place, $"there is no scheme {scheme}"));
            }
            else if (!schemes.Has(scheme, code))
            {
                mistakes.Add(new Mistake(place, $"the scheme {scheme} has no code {code}"));
            }
            else
            {
                codes.Add(new Classification(scheme, code) { IsAssigned = true });
            }
        }

        return codes;
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
