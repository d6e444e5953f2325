using System.Globalization;
using System.Text;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Application.Records.Use;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Records.Use;

/// <summary><c>GET /admin/use?from=2026-01&amp;to=2026-12&amp;by=month,record,caller</c>: how often records were used, as JSON page by page, or all of it as CSV.</summary>
internal sealed class UseEndpoint(IUseStore store, UseCounts counts) : AdminEndpoint
{
    public const string Route = "/admin/use";

    private const string Csv = "csv";
    private const int StandardLimit = 1_000;
    private const int MaxLimit = 10_000;

    private static readonly (string Name, UseParts Part)[] _parts = [("month", UseParts.Month), ("record", UseParts.Record), ("caller", UseParts.Caller)];

    public override void Configure() => GetAndHead(Route);

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var mistakes = new List<Mistake>(Parameters.Unknown(Request.Query, "f", "from", "to", "by", "limit", "offset"));
        var query = new UseQuery(Month("from", mistakes), Month("to", mistakes), By(mistakes), Number("offset", 0, 0, int.MaxValue, mistakes), Number("limit", StandardLimit, 1, MaxLimit, mistakes));
        if (mistakes.Count == 0 && query is { From: { } from, To: { } to } && string.CompareOrdinal(from, to) > 0)
        {
            mistakes.Add(new Mistake("to", $"must not be before from ({from})"));
        }

        var form = Request.Query["f"].ToString();
        if (form is not ("" or Representation.Json or Csv))
        {
            mistakes.Add(new Mistake("f", $"must be json or csv (got {form})"));
        }

        if (mistakes.Count > 0)
        {
            return Problems.InvalidParameters(mistakes);
        }

        // What this node has counted by now is told, too.
        await counts.StoreAsync(ct);
        return form == Csv || (form.Length == 0 && Accept.Prefers(Request, "text/csv", Media.Json))
            ? new CsvAnswer(store, query)
            : Page(await store.ReadAsync(query with { Limit = query.Limit + 1 }, ct), query);
    }

    private JsonAnswer Page(IReadOnlyList<RecordUse> uses, UseQuery query)
    {
        List<Link> links = [new(Request.With(), "self", Media.Json, "This document"), new(Request.With(("f", Csv), ("limit", null), ("offset", null)), "alternate", "text/csv", "All of it as CSV")];
        if (uses.Count > query.Limit)
        {
            links.Add(new Link(Request.With(("offset", (query.Offset + query.Limit).ToString(CultureInfo.InvariantCulture))), "next", Media.Json, "Next page"));
        }

        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("use");
            foreach (var use in uses.Take(query.Limit))
            {
                json.WriteStartObject();
                foreach (var (name, part) in _parts.Where(one => query.By.HasFlag(one.Part)))
                {
                    json.WriteString(name, ValueOf(use, part));
                }

                json.WriteNumber("opened", use.Figures.Opened);
                json.WriteNumber("downloaded", use.Figures.Downloaded);
                json.WriteNumber("searched", use.Figures.Searched);
                json.WriteNumber("shown", use.Figures.Shown);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteLinks([.. links]);
            json.WriteEndObject();
        });
    }

    private static string ValueOf(RecordUse use, UseParts part) => part switch
    {
        UseParts.Month => use.Month,
        UseParts.Record => use.Record,
        _ => use.Caller,
    };

    private string? Month(string name, List<Mistake> mistakes)
    {
        var text = Request.Query[name].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        if (!DateTime.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            mistakes.Add(new Mistake(name, $"a month such as 2026-01 is required (got {text})"));
        }

        return text;
    }

    private UseParts By(List<Mistake> mistakes)
    {
        var by = UseParts.None;
        foreach (var name in Parameters.List(Request.Query, "by"))
        {
            var part = Array.Find(_parts, one => one.Name == name).Part;
            if (part == UseParts.None)
            {
                mistakes.Add(new Mistake("by", $"must be of month, record and caller (got {name})"));
            }

            by |= part;
        }

        return by == UseParts.None ? UseParts.Month : by;
    }

    private int Number(string name, int standard, int least, int most, List<Mistake> mistakes)
    {
        var text = Request.Query[name].ToString();
        if (text.Length == 0)
        {
            return standard;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        mistakes.Add(new Mistake(name, $"a whole number from {least} to {most} is required"));
        return standard;
    }

    /// <summary>All rows, in pieces; RFC 4180.</summary>
    private sealed class CsvAnswer(IUseStore store, UseQuery query) : IResult
    {
        private const int AtOnce = 5_000;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "text/csv; charset=utf-8; header=present";
            httpContext.Response.Headers.ContentDisposition = "attachment; filename=\"use.csv\"";
            httpContext.Response.Headers.CacheControl = "no-store";
            if (HttpMethods.IsHead(httpContext.Request.Method))
            {
                return;
            }

            (string Name, UseParts Part)[] parts = [.. _parts.Where(one => query.By.HasFlag(one.Part))];
            var text = new StringBuilder().AppendJoin(',', parts.Select(part => part.Name)).Append(",opened,downloaded,searched,shown\r\n");
            for (var offset = 0; ; offset += AtOnce)
            {
                var uses = await store.ReadAsync(query with { Offset = offset, Limit = AtOnce }, httpContext.RequestAborted);
                foreach (var use in uses)
                {
                    text.AppendJoin(',', parts.Select(part => Field(ValueOf(use, part.Part))))
                        .Append(CultureInfo.InvariantCulture, $",{use.Figures.Opened},{use.Figures.Downloaded},{use.Figures.Searched},{use.Figures.Shown}\r\n");
                }

                await httpContext.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), httpContext.RequestAborted);
                text.Clear();
                if (uses.Count < AtOnce)
                {
                    return;
                }
            }
        }

        private static string Field(string value) => value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
