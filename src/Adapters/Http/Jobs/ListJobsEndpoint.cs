using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Jobs;

/// <summary><c>GET /jobs</c>: class "Job list", newest first.</summary>
internal sealed class ListJobsEndpoint(IJobStore jobs) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/jobs");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var (filter, mistakes) = JobQuery.Read(Request.Query);
        if (filter is null)
        {
            return Problems.InvalidParameters(mistakes);
        }

        var page = await jobs.ListAsync(filter, ct);
        var baseAddress = BaseAddress;
        var self = new Link(Request.With("after", filter.After?.Value), "self", Media.Json, "This document");
        var next = page.HasMore && page.Jobs.Count > 0 ? Request.With("after", page.Jobs[^1].Id.Value) : null;
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("jobs");
            foreach (var job in page.Jobs)
            {
                StatusInfo.Write(json, job, baseAddress);
            }

            json.WriteEndArray();
            json.WriteLinks(next is null ? [self] : [self, new Link(next, "next", Media.Json, "Next page")]);
            json.WriteEndObject();
        });
    }
}
