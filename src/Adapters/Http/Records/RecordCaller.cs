using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Records;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Records;

/// <summary>Which records a caller sees.</summary>
internal static class RecordCaller
{
    public static RecordQuery For(this RecordQuery query, HttpContext context) => context.Caller() is var caller && caller.IsAdministrator
        ? query with { SeesAll = true }
        : query with { Caller = caller.Name, SeesNobodys = caller.May(Rights.Files) };

    public static bool Sees(HttpContext context, CatalogueRecord record) =>
        record.Owner == CatalogueRecord.Nobodys ? context.Caller().May(Rights.Files) : context.Caller().Owns(record.Owner);
}
