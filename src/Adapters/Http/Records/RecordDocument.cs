using System.Globalization;
using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Records.Schemes;
using GeoWps.Application.Ports;
using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Words;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;

namespace GeoWps.Adapters.Http.Records;

/// <summary>A record as GeoJSON: <c>recordGeoJSON.yaml</c> of OGC API - Records Part 1.</summary>
internal static class RecordDocument
{
    private const string Core = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core";

    /// <param name="found">How it was found, where it was; <see langword="null"/> where it was asked for by its id.</param>
    public static void Write(Utf8JsonWriter json, CatalogueRecord record, FoundRecord? found, string baseAddress, CodeLabels labels)
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteString("id", record.Id);
        json.WriteStartArray("conformsTo");
        json.WriteStringValue(Core);
        json.WriteEndArray();
        json.WritePropertyName("geometry");
        WriteGeometry(json, record);
        json.WritePropertyName("time");
        WriteTime(json, record.Time);
        json.WriteStartObject("properties");
        WriteProperties(json, record, labels);
        json.WriteEndObject();
        json.WriteLinks([.. LinksOf(record, baseAddress)]);
        if (found is { Rank: > 0 })
        {
            json.WriteNumber("rank", found.Rank);
            json.WriteIfAny("hit", Marked(found.Hit));
        }

        json.WriteEndObject();
    }

    public static IEnumerable<Link> LinksOf(CatalogueRecord record, string baseAddress)
    {
        var address = RecordAddresses.Item(baseAddress, record.Id);
        yield return new Link(address, "self", Media.GeoJson, "This record");
        yield return Links.ToPage(address);
        yield return new Link(RecordAddresses.Catalogue(baseAddress), Links.Collection, Media.Json, "The catalogue");
        foreach (var link in record.Links)
        {
            yield return new Link(RecordAddresses.Of(baseAddress, link), link.Rel, link.Type!, link.Title!);
        }
    }

    /// <summary>A sentence as HTML, what was found between <c>mark</c> tags.</summary>
    public static string? Marked(string? hit)
    {
        if (hit is null)
        {
            return null;
        }

        // Other letters may stand as they are.
        var html = new StringBuilder(hit).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;").Replace("'", "&#39;");
        return html.Replace(HitSentence.Open.ToString(), "<mark>").Replace(HitSentence.Close.ToString(), "</mark>").ToString();
    }

    public static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    private static void WriteProperties(Utf8JsonWriter json, CatalogueRecord record, CodeLabels labels)
    {
        json.WriteString("type", record.Type);
        json.WriteString("title", record.Title);
        json.WriteIfAny("description", record.Description);
        WriteList(json, "keywords", record.Keywords, json.WriteStringValue);
        if (record.Language is { Length: > 0 } language)
        {
            json.WriteStartObject("language");
            json.WriteString("code", language);
            json.WriteEndObject();
        }

        json.WriteIfAny("created", Text(record.Created));
        json.WriteIfAny("updated", Text(record.Updated));
        WriteList(json, "themes", record.Classifications.GroupBy(one => one.Scheme, StringComparer.Ordinal).ToArray(), scheme =>
        {
            json.WriteStartObject();
            WriteList(json, "concepts", scheme.ToArray(), one =>
            {
                json.WriteStartObject();
                json.WriteString("id", one.Code);
                json.WriteIfAny("title", labels.Of(one.Scheme, one.Code));
                json.WriteEndObject();
            });
            json.WriteString("scheme", scheme.Key);
            json.WriteEndObject();
        });
        WriteList(json, "externalIds", record.ExternalIds, id =>
        {
            json.WriteStartObject();
            json.WriteIfAny("scheme", id.Scheme);
            json.WriteString("value", id.Value);
            json.WriteEndObject();
        });
        WriteList(json, "formats", record.Formats, format =>
        {
            json.WriteStartObject();
            json.WriteString(format.Contains('/', StringComparison.Ordinal) ? "mediaType" : "name", format);
            json.WriteEndObject();
        });
        json.WriteIfAny("license", record.License);
        json.WriteString("source", record.Source);
        foreach (var (name, value) in record.Properties.Where(one => RecordProperties.KindOf(one.Key) == RecordPropertyKind.Any && one.Key is not "themes" and not "contacts" and not "languages"))
        {
            json.WritePropertyName(name);
            WriteValue(json, value);
        }
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> list, Action<T> write)
    {
        if (list.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var one in list)
        {
            write(one);
        }

        json.WriteEndArray();
    }

    // What is no JSON is a text.
    private static void WriteValue(Utf8JsonWriter json, string value)
    {
        try
        {
            using var document = JsonDocument.Parse(value);
            document.RootElement.WriteTo(json);
        }
        catch (JsonException)
        {
            json.WriteStringValue(value);
        }
    }

    private static void WriteGeometry(Utf8JsonWriter json, CatalogueRecord record)
    {
        if (record.GeometryJson is { Length: > 0 } geometry)
        {
            json.WriteRawValue(geometry);
            return;
        }

        switch (record.Extents.Count)
        {
            case 0:
                json.WriteNullValue();
                return;
            case 1 when record.Extents[0] is { Width: 0, Height: 0 } point:
                json.WriteStartObject();
                json.WriteString("type", "Point");
                json.WritePropertyName("coordinates");
                WritePosition(json, point.MinX, point.MinY);
                json.WriteEndObject();
                return;
            default:
                json.WriteStartObject();
                json.WriteString("type", record.Extents.Count == 1 ? "Polygon" : "MultiPolygon");
                json.WriteStartArray("coordinates");
                foreach (var extent in record.Extents)
                {
                    WriteBox(json, extent, record.Extents.Count > 1);
                }

                json.WriteEndArray();
                json.WriteEndObject();
                return;
        }
    }

    private static void WriteBox(Utf8JsonWriter json, in Extent box, bool isPart)
    {
        if (isPart)
        {
            json.WriteStartArray();
        }

        json.WriteStartArray();
        foreach (var (x, y) in ((double, double)[])[(box.MinX, box.MinY), (box.MaxX, box.MinY), (box.MaxX, box.MaxY), (box.MinX, box.MaxY), (box.MinX, box.MinY)])
        {
            WritePosition(json, x, y);
        }

        json.WriteEndArray();
        if (isPart)
        {
            json.WriteEndArray();
        }
    }

    private static void WritePosition(Utf8JsonWriter json, double x, double y)
    {
        json.WriteStartArray();
        json.WriteNumberValue(x);
        json.WriteNumberValue(y);
        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, TimeInterval? time)
    {
        if (time is not { } interval || (interval.From is null && interval.To is null))
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        if (interval.From is { } from && from == interval.To)
        {
            json.WriteString("timestamp", Text(from));
        }
        else
        {
            json.WriteStartArray("interval");
            json.WriteStringValue(Text(interval.From) ?? "..");
            json.WriteStringValue(Text(interval.To) ?? "..");
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
