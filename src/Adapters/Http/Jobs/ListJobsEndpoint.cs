using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Application.Ports;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Jobs;

/// <summary><c>GET /jobs</c>: class "Job list", newest first: those that the caller may see.</summary>
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

        var page = await jobs.ListAsync(filter with { SeenBy = HttpContext.Caller() }, ct);
        var baseAddress = BaseAddress;
        var last = page.HasMore && page.Jobs.Count > 0 ? page.Jobs[^1].Id.Value : null;
        return Represent(() => Json(page, filter.After?.Value, last, baseAddress), () => JobPages.List(
            page.Jobs, baseAddress, Request.Query["processID"].ToString(), Request.Query["status"].ToString(), last is null ? null : Request.With(("after", last)), [Links.ToJson(Request.With())]));
    }

    private JsonAnswer Json(JobPage page, string? after, string? last, string baseAddress)
    {
        List<Link> links =
        [
            new(Request.With(("after", after)), "self", Media.Json, "This document"),
            new(Request.With(("after", after), ("f", "html")), "alternate", "text/html", "This document as a page"),
        ];
        if (last is not null)
        {
            links.Add(new Link(Request.With(("after", last)), "next", Media.Json, "Next page"));
        }

        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("jobs");
            foreach (var job in page.Jobs)
            {
                StatusInfo.Write(json, job, baseAddress);
            }

            json.WriteEndArray();
            json.WriteLinks([.. links]);
            json.WriteEndObject();
        });
    }
}
