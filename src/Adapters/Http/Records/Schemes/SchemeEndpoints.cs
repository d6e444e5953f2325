using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Records.Schemes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Records.Schemes;

/// <summary><c>GET /schemes</c>: the classification schemes, by id.</summary>
internal sealed class ListSchemesEndpoint(SchemeBook schemes) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/schemes");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (Parameters.Unknown(Request.Query, "f") is { Count: > 0 } unknown)
        {
            return Problems.InvalidParameters(unknown);
        }

        var all = await schemes.CurrentAsync(ct);
        return Represent(() => SchemeAnswers.List(all, Request), () => SchemeAnswers.ListPage(all, Request));
    }
}

/// <summary><c>GET /schemes/{scheme}</c>: codes with their labels in all languages.</summary>
internal sealed class ShowSchemeEndpoint(SchemeBook schemes) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/schemes/{scheme}");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (Parameters.Unknown(Request.Query, "f") is { Count: > 0 } unknown)
        {
            return Problems.InvalidParameters(unknown);
        }

        return (await schemes.CurrentAsync(ct)).Find(Segment("scheme")) is { } scheme
            ? Represent(() => SchemeAnswers.One(scheme, BaseAddress), () => SchemeAnswers.OnePage(scheme, Request))
            : Problems.NoSuchScheme(Segment("scheme"));
    }
}

/// <summary><c>GET /admin/schemes</c>: the same as <c>/schemes</c>, at the address where they are looked after.</summary>
internal sealed class AdminSchemesEndpoint(SchemeBook schemes) : AdminEndpoint
{
    public override void Configure() => GetAndHead("/admin/schemes");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct) => SchemeAnswers.List(await schemes.CurrentAsync(ct), Request);
}

/// <summary><c>GET /admin/schemes/{scheme}</c>.</summary>
internal sealed class AdminSchemeEndpoint(SchemeBook schemes) : AdminEndpoint
{
    public override void Configure() => GetAndHead("/admin/schemes/{scheme}");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct) =>
        (await schemes.CurrentAsync(ct)).Find(Segment("scheme")) is { } scheme ? SchemeAnswers.One(scheme, BaseAddress) : Problems.NoSuchScheme(Segment("scheme"));
}

/// <summary><c>PUT /admin/schemes/{scheme}</c>: SKOS as JSON, or CSV; 201 where it is new, 200 where it took another's place.</summary>
internal sealed class PutSchemeEndpoint(SchemeBook schemes) : AdminEndpoint
{
    public override void Configure() => Put("/admin/schemes/{scheme}");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var (scheme, problem) = await SchemeBody.ReadAsync(Request, Segment("scheme"), ct);
        if (scheme is null)
        {
            return problem!;
        }

        return await schemes.PutAsync(scheme, ct) is { } isNew
            ? SchemeAnswers.One(scheme, BaseAddress, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            : Problems.TooManySchemes(SchemeBook.MaxSchemes);
    }
}

/// <summary><c>DELETE /admin/schemes/{scheme}</c>; records keep their codes.</summary>
internal sealed class RemoveSchemeEndpoint(SchemeBook schemes) : AdminEndpoint
{
    public override void Configure() => Delete("/admin/schemes/{scheme}");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct) =>
        await schemes.RemoveAsync(Segment("scheme"), ct) ? TypedResults.NoContent() : Problems.NoSuchScheme(Segment("scheme"));
}
