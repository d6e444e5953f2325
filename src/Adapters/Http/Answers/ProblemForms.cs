using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Tiles.Tms;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>Under the addresses of services that have a form of their own for what went wrong, everything is told in it: also what no endpoint answered.</summary>
internal sealed class ProblemForms(RequestDelegate next)
{
    private static readonly (PathString Path, IProblemForm Form)[] _forms = [("/wmts", new ExceptionReports(OwsNames.Ows1)), ("/tms", new TmsErrors())];

    public Task InvokeAsync(HttpContext context)
    {
        foreach (var (path, form) in _forms)
        {
            if (context.Request.Path.StartsWithSegments(path))
            {
                context.Features.Set(form);
            }
        }

        return next(context);
    }
}
