using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Records;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace GeoWps.Adapters.Http.Records;

/// <summary>Which records a caller sees. The one place that asks who that is.</summary>
internal static class RecordCaller
{
    public static RecordQuery For(this RecordQuery query, HttpContext context) => Of(context) is var caller && caller.IsAdministrator
        ? query with { SeesAll = true }
        : query with { Caller = caller.Name };

    public static bool Sees(HttpContext context, CatalogueRecord record) => Of(context).Owns(record.Owner);

    private static Caller Of(HttpContext context) =>
        Bearer.IsShown(context.Request, context.RequestServices.GetRequiredService<AdminToken>()) ? Caller.Administrator : new Caller(null, Rights.None);
}
