using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>
/// Which column of a row is which member of a record: the setting <c>fields</c>, <c>{"id": "no", "title": "name"}</c>. A value that can't be what it is for (no date, no box) is left out.
/// </summary>
public sealed class RecordFields
{
    public const string Setting = "fields";
    public const string TypeSetting = "type";
    public const string SchemeSetting = "scheme";

    private const string Id = "id";
    private const string TitleField = "title";

    private static readonly char[] Between = [';', ',', '\n'];

    private readonly Dictionary<string, string> _columns;
    private readonly string _type;
    private readonly string _scheme;

    private RecordFields(Dictionary<string, string> columns, string type, string scheme) => (_columns, _type, _scheme) = (columns, type, scheme);

    /// <summary>What a column can be.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [Id, TitleField, "description", "keywords", "language", TypeSetting, "bbox", "time", "created", "updated", "link", "externalId", "classification", "license", "format", "text"];

    /// <summary>The columns that are read.</summary>
    public IReadOnlyList<string> Columns => [.. _columns.Values.Distinct(StringComparer.Ordinal)];

    public string IdColumn => _columns[Id];

    /// <summary>Reads the settings <c>fields</c>, <c>type</c> (of all records; <c>document</c>) and <c>scheme</c> (that <c>classification</c> has codes of).</summary>
    /// <param name="required">Whether columns have to be named; else each member is the column of its own name.</param>
    /// <returns><see langword="null"/> when there are mistakes.</returns>
    public static RecordFields? Read(JsonElement settings, bool required, List<Mistake> mistakes)
    {
        var before = mistakes.Count;
        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        if (settings.TryGetProperty(Setting, out var fields) && fields.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in fields.EnumerateObject())
            {
                if (!Names.Contains(field.Name))
                {
                    mistakes.Add(new Mistake($"{Setting}.{field.Name}", $"there is no such field; there are: {string.Join(", ", Names)}"));
                }
                else if (field.Value.ValueKind != JsonValueKind.String || field.Value.GetString()!.Length == 0)
                {
                    mistakes.Add(new Mistake($"{Setting}.{field.Name}", "must be the name of a column"));
                }
                else
                {
                    columns[field.Name] = field.Value.GetString()!;
                }
            }

            if (!columns.ContainsKey(Id) || !columns.ContainsKey(TitleField))
            {
                mistakes.Add(new Mistake(Setting, "must name the columns of id and title"));
            }
        }
        else if (required || fields.ValueKind != JsonValueKind.Undefined)
        {
            mistakes.Add(new Mistake(Setting, "is required: an object of columns by field"));
        }
        else
        {
            columns = Names.ToDictionary(name => name, StringComparer.Ordinal);
        }

        var (type, scheme) = (Text(settings, TypeSetting, mistakes) ?? "document", Text(settings, SchemeSetting, mistakes) ?? "classification");
        return mistakes.Count > before ? null : new RecordFields(columns, type, scheme);
    }

    /// <summary>A setting that is a text.</summary>
    internal static string? Text(JsonElement settings, string name, List<Mistake> mistakes)
    {
        if (!settings.TryGetProperty(name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text)
        {
            return text;
        }

        mistakes.Add(new Mistake(name, "must be a text"));
        return null;
    }

    /// <param name="version"><see langword="null"/>: a digest of the columns that are read.</param>
    /// <returns><see langword="null"/> when the row has no id.</returns>
    public CatalogueRecord? Make(string source, string? version, Func<string, string?> column)
    {
        string? Value(string field) => _columns.TryGetValue(field, out var name) && column(name) is { } text && text.Trim() is { Length: > 0 } trimmed ? trimmed : null;
        return Value(Id) is not { } id ? null : new CatalogueRecord(source, id, Value(TypeSetting) ?? _type, Value(TitleField) ?? id)
        {
            Description = Value("description"),
            Keywords = List(Value("keywords")),
            Language = Value("language"),
            Extents = Box(Value("bbox")) is { } box ? box : [],
            Time = Interval(Value("time")),
            Created = Instant(Value("created")),
            Updated = Instant(Value("updated")),
            ExternalIds = [.. List(Value("externalId")).Select(one => new ExternalId(one, null))],
            Classifications = [.. List(Value("classification")).Select(code => new Classification(_scheme, code))],
            Links = IsWeb(Value("link")) is { } link ? [new RecordLink(link, "item", Value("format"), null)] : [],
            Formats = List(Value("format")),
            License = Value("license"),
            Text = Value("text"),
            Version = version ?? Digest(string.Join('\u001f', _columns.Select(pair => column(pair.Value)))),
        };
    }

    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    /// <summary>An address that others can follow; nothing else is a link.</summary>
    internal static string? IsWeb(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.UserInfo.Length == 0 ? address : null;

    internal static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    internal static TimeInterval? Interval(string? text) =>
        text is null ? null : TimeInterval.TryParse(text, out var interval) ? interval : Instant(text) is { } time ? new TimeInterval(time, time) : null;

    /// <summary>Four numbers, west before south; two parts where west is east of east.</summary>
    internal static IReadOnlyList<Extent>? Box(string? text)
    {
        var parts = text?.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        var numbers = parts.Select(part => double.TryParse(part.Trim('[', ']', '{', '}'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN).ToArray();
        return numbers.Length == 4 ? Box(numbers[0], numbers[1], numbers[2], numbers[3]) : null;
    }

    internal static IReadOnlyList<Extent>? Box(double west, double south, double east, double north) =>
        !(west is >= -180 and <= 180 && east is >= -180 and <= 180 && south >= -90 && north <= 90 && south <= north) ? null
        : west <= east ? [new Extent(west, south, east, north)]
        : [new Extent(west, south, 180, north), new Extent(-180, south, east, north)];

    // As lists are written by people, in JSON and by PostgreSQL.
    private static IReadOnlyList<string> List(string? text) => text is null ? [] :
        [.. text.Trim('[', ']', '{', '}').Split(Between, StringSplitOptions.TrimEntries).Select(one => one.Trim('"')).Where(one => one.Length > 0).Distinct(StringComparer.Ordinal)];
}
