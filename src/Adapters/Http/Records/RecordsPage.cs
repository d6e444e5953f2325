using System.Globalization;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Adapters.Http.Records.Schemes;
using GeoWps.Application.Ports;
using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Words;
using GeoWps.Domain.Time;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Records;

/// <summary>Records for people: a form, what was found with its words marked, and by what it can be narrowed. OGC API - Records Part 1, class "HTML".</summary>
internal static class RecordsPage
{
    // Of a form: what it has no field for stays as it is.
    private static readonly string[] _fields = ["q", "f", "offset"];

    public static IResult Of(HttpRequest request, RecordQuery query, RecordPage found, IReadOnlyList<Link> links, CodeLabels labels)
    {
        var baseAddress = request.BaseAddress();
        return new Page("Search", baseAddress, [(Addresses.In(RecordAddresses.Catalogue(baseAddress), Representation.Html), "Records")], [Links.ToJson(request.With())]).Answer(html =>
        {
            Form(html, request.BaseAddress() + request.Path.Value!.TrimStart('/'), request.Query);
            html.Element("p", found.Matched == 0
                ? "Nothing was found."
                : found.Records.Count == 0 ? string.Create(CultureInfo.InvariantCulture, $"This page is behind the last of {found.Matched:N0}.")
                : string.Create(CultureInfo.InvariantCulture, $"{query.Offset + 1:N0} to {query.Offset + found.Records.Count:N0} of {found.Matched:N0}."));
            html.Element("ul", () =>
            {
                foreach (var one in found.Records)
                {
                    html.Element("li", () => Row(html, one, baseAddress), ("dir", "auto"));
                }
            }, ("class", "rows"));
            html.Element("p", () =>
            {
                foreach (var link in links.Where(link => link.Rel is "prev" or "next"))
                {
                    html.Link(link.Href, link.Title!);
                    html.Text(" ");
                }
            });
            foreach (var (name, values) in found.Facets.Where(facet => facet.Value.Count > 0))
            {
                Facet(html, request, name, values, labels);
            }
        });
    }

    public static IResult One(CatalogueRecord record, string baseAddress, CodeLabels labels)
    {
        (string, string)[] trail = [(Addresses.In(RecordAddresses.Catalogue(baseAddress), Representation.Html), "Records"), (Addresses.In(RecordAddresses.Items(baseAddress), Representation.Html), "Search")];
        return new Page(record.Title, baseAddress, trail, [Links.ToJson(RecordAddresses.Item(baseAddress, record.Id))]).Answer(html =>
        {
            html.Element("p", record.Description);
            html.Element("dl", () =>
            {
                html.Fact("Type", record.Type);
                html.Fact("Keywords", string.Join(", ", record.Keywords));
                html.Fact("Language", record.Language);
                html.Fact("Time", record.Time is { } time ? Days(time) : null);
                html.Fact("Extent", string.Join("; ", record.Extents.Select(box => string.Create(CultureInfo.InvariantCulture, $"{box.MinX:0.####}, {box.MinY:0.####} to {box.MaxX:0.####}, {box.MaxY:0.####}"))));
                html.Fact("Formats", string.Join(", ", record.Formats));
                html.Fact("Classification", string.Join(", ", record.Classifications.Select(one => $"{string.Join(' ', (string?[])[one.Code, labels.Of(one.Scheme, one.Code)]).Trim()} ({one.Scheme})")));
                html.Fact("Other ids", string.Join(", ", record.ExternalIds.Select(id => id.Value)));
                html.Fact("License", record.License);
                html.Fact("Changed", RecordDocument.Text(record.Updated));
                html.Fact("Source", record.Source);
                html.Fact("Id", record.Id);
                foreach (var (name, value) in record.Properties)
                {
                    html.Fact(name, value.Trim('"'));
                }
            });
            if (record.Links.Count > 0)
            {
                html.Element("h2", "Links");
                html.Element("ul", () =>
                {
                    foreach (var link in record.Links)
                    {
                        html.Element("li", () => html.Link(RecordAddresses.Of(baseAddress, link), link.Title ?? link.Href));
                    }
                });
            }
        });
    }

    public static void Form(HtmlWriter html, string action, IQueryCollection? query) => html.Element("form", () =>
    {
        html.Element("label", "Words, all of which have to be there; \"in quotation marks\" as they stand", ("for", "q"));
        html.Void("input", ("id", "q"), ("name", "q"), ("type", "search"), ("value", query?["q"].ToString()));
        html.Void("input", ("name", "f"), ("type", "hidden"), ("value", Representation.Html));
        foreach (var (name, values) in query ?? QueryCollection.Empty)
        {
            if (!_fields.Contains(name))
            {
                html.Void("input", ("name", name), ("type", "hidden"), ("value", values.ToString()));
            }
        }

        html.Element("button", "Search");
    }, ("role", "search"), ("method", "get"), ("action", action.Split('?')[0]));

    // Whole days without their hours.
    private static string Days(TimeInterval time)
    {
        var (from, to) = (Day(time.From, TimeSpan.Zero) ?? TimeInterval.Text(time.From) ?? "…", Day(time.To, new TimeSpan(23, 59, 59)) ?? TimeInterval.Text(time.To) ?? "…");
        return from == to ? from : $"{from} to {to}";
    }

    private static string? Day(DateTimeOffset? time, TimeSpan second) => time?.UtcDateTime is { } utc && (int)utc.TimeOfDay.TotalSeconds == (int)second.TotalSeconds
        ? utc.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : null;

    private static void Row(HtmlWriter html, FoundRecord found, string baseAddress)
    {
        html.Element("strong", () => html.Link(Addresses.In(RecordAddresses.Item(baseAddress, found.Record.Id), Representation.Html), found.Record.Title.Length > 0 ? found.Record.Title : found.Record.Id));
        html.Element("code", found.Record.Type);
        if (found.Hit is { } hit)
        {
            html.Element("p", () => Marked(html, hit));
        }
        else if (found.Record.Description is { Length: > 0 } description)
        {
            html.Element("p", description.Length > 240 ? description[..240] + "…" : description);
        }
    }

    private static void Marked(HtmlWriter html, string hit)
    {
        foreach (var part in hit.Split(HitSentence.Open))
        {
            var end = part.IndexOf(HitSentence.Close, StringComparison.Ordinal);
            if (end > 0)
            {
                html.Element("mark", () => html.Text(part[..end]));
            }

            html.Text(part[(end + 1)..]);
        }
    }

    private static void Facet(HtmlWriter html, HttpRequest request, string name, IReadOnlyList<(string Value, long Count)> values, CodeLabels labels)
    {
        var parameter = name.StartsWith(RecordProperties.SchemePrefix, StringComparison.Ordinal) ? RecordProperties.Classification : name;
        var isChosen = request.Query.ContainsKey(parameter);
        html.Element("h2", char.ToUpperInvariant(name[0]) + name[1..]);
        html.Element("ul", () =>
        {
            if (isChosen)
            {
                html.Element("li", () => html.Link(request.With((parameter, null), ("offset", null)), "Any"));
            }

            foreach (var (value, count) in values)
            {
                var chosen = parameter == RecordProperties.Classification && name != parameter ? $"{name[RecordProperties.SchemePrefix.Length..]}:{value}" : value;
                html.Element("li", () =>
                {
                    html.Link(request.With((parameter, chosen), ("offset", null)), labels.OfFacet(name, value) is { } label ? $"{value} {label}" : value);
                    html.Text(string.Create(CultureInfo.InvariantCulture, $" ({count:N0})"));
                });
            }
        }, ("class", "line"));
    }
}
