using System.Globalization;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Processes;
using GeoWps.Adapters.Http.Schedules;
using GeoWps.Application.Processes;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Application.Tiles.Seeding;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Harvesting;

/// <summary><c>GET /admin/sources</c>: all, each with its last run and its next time.</summary>
internal sealed class ListSourcesEndpoint(HarvestSources sources, TimeProvider clock) : AdminEndpoint
{
    public override void Configure() => GetAndHead("/admin/sources");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var (all, now, baseAddress, self) = (await sources.ListAsync(ct), clock.GetUtcNow(), BaseAddress, Request.With());
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("sources");
            foreach (var source in all)
            {
                SourceAnswers.Write(json, source, now, baseAddress);
            }

            json.WriteEndArray();
            json.WriteLinks(new Link(self, "self", Media.Json, "This document"));
            json.WriteEndObject();
        });
    }
}

/// <summary>What the endpoints of one source share.</summary>
internal abstract class SourceEndpoint(HarvestSources sources, TimeProvider clock) : AdminEndpoint
{
    protected HarvestSources Sources => sources;

    protected async Task<IResult> ShowAsync(string id, int status, CancellationToken cancellationToken)
    {
        if (await sources.FindAsync(id, cancellationToken) is not { } source)
        {
            return Problems.NoSuchSource(id);
        }

        var (now, baseAddress) = (clock.GetUtcNow(), BaseAddress);
        return new JsonAnswer(json => SourceAnswers.Write(json, source, now, baseAddress)) { Status = status };
    }

    /// <param name="name">Of the address; <see langword="null"/>: the body has it.</param>
    protected async Task<IResult> StoreAsync(string? name, long most, CancellationToken cancellationToken)
    {
        var (json, problem) = await SmallBody.ReadAsync(Request, most, "the source", cancellationToken);
        if (json is null)
        {
            return problem!;
        }

        var mistakes = new List<Mistake>();
        if (await sources.StoreAsync(json.Value, name, mistakes, cancellationToken) is not var (id, change))
        {
            return Problems.InvalidInput(mistakes);
        }

        if (change == ScheduleChange.Exists)
        {
            return Problems.SourceExists(id);
        }

        if (change == ScheduleChange.Added)
        {
            HttpContext.Response.Headers.Location = SourceAnswers.AddressOf(BaseAddress, id);
        }

        return await ShowAsync(id, change == ScheduleChange.Added ? StatusCodes.Status201Created : StatusCodes.Status200OK, cancellationToken);
    }
}

/// <summary><c>GET /admin/sources/{source}</c></summary>
internal sealed class ShowSourceEndpoint(HarvestSources sources, TimeProvider clock) : SourceEndpoint(sources, clock)
{
    public override void Configure() => GetAndHead("/admin/sources/{source}");

    protected override Task<IResult> AdministerAsync(CancellationToken ct) => ShowAsync(Segment("source"), StatusCodes.Status200OK, ct);
}

/// <summary><c>POST /admin/sources</c>: 201 with a new one, 409 when its id is taken.</summary>
internal sealed class AddSourceEndpoint(HarvestSources sources, IOptions<RequestLimits> limits, TimeProvider clock) : SourceEndpoint(sources, clock)
{
    public override void Configure() => Post("/admin/sources");

    protected override Task<IResult> AdministerAsync(CancellationToken ct) => StoreAsync(name: null, limits.Value.MaxReducedBytes, ct);
}

/// <summary><c>PUT /admin/sources/{source}</c>: puts it in place of the one of this id, or is a new one.</summary>
internal sealed class PutSourceEndpoint(HarvestSources sources, IOptions<RequestLimits> limits, TimeProvider clock) : SourceEndpoint(sources, clock)
{
    public override void Configure() => Put("/admin/sources/{source}");

    protected override Task<IResult> AdministerAsync(CancellationToken ct) => StoreAsync(Segment("source"), limits.Value.MaxReducedBytes, ct);
}

/// <summary><c>DELETE /admin/sources/{source}</c>, with its records.</summary>
internal sealed class RemoveSourceEndpoint(HarvestSources sources) : AdminEndpoint
{
    public override void Configure() => Delete("/admin/sources/{source}");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var id = Segment("source");
        return await sources.RemoveAsync(id, ct) ? TypedResults.NoContent() : Problems.NoSuchSource(id);
    }
}

/// <summary><c>POST /admin/sources/{source}/run?maxRemoved=1</c>: starts its job now; 409 while the one before runs.</summary>
internal sealed class RunSourceEndpoint(HarvestSources sources) : AdminEndpoint
{
    public override void Configure() => Post("/admin/sources/{source}/run");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var id = Segment("source");
        if (await sources.FindAsync(id, ct) is null)
        {
            return Problems.NoSuchSource(id);
        }

        var mistakes = Parameters.Unknown(Request.Query, HarvestForm.MaxRemoved).ToList();
        if (ReadMaxRemoved(mistakes) is var maxRemoved && mistakes.Count > 0)
        {
            return Problems.InvalidParameters(mistakes);
        }

        var (key, wrong) = IdempotencyKey.Read(Request);
        return wrong ?? (await sources.NowAsync(id, BaseAddress, key, maxRemoved, ct) is var outcome && outcome is ScheduleOutcome.StillRuns(var job)
            ? Problems.StillHarvested(job)
            : ScheduleAnswers.Of(outcome, HttpContext));
    }

    private double? ReadMaxRemoved(List<Mistake> mistakes)
    {
        if (!Request.Query.TryGetValue(HarvestForm.MaxRemoved, out var values))
        {
            return null;
        }

        if (values is [{ } text] && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share <= 1)
        {
            return share;
        }

        mistakes.Add(new Mistake(HarvestForm.MaxRemoved, "must be a share between 0 and 1"));
        return null;
    }
}
