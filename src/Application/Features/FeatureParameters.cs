using System.Globalization;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;

namespace GeoWps.Application.Features;

/// <summary>
/// The parameters of a request for items: OGC API - Features 1.0 (OGC 17-069r4), 7.15, and <c>crs</c> and <c>bbox-crs</c> of Part 2 (OGC 18-058r1). Every
/// parameter that is none of them must be a field of the layer, and asks for features that have that value there.
/// </summary>
internal sealed class FeatureParameters(Layer layer, IReadOnlyList<Crs> offered, ICoordinateTransforms transforms, FeaturesOptions options, Func<string, bool> isId)
{
    public const string Limit = "limit";
    public const string Box = "bbox";
    public const string BoxCrs = "bbox-crs";
    public const string Reference = "crs";
    public const string Time = "datetime";
    public const string After = "after";
    public const string Properties = "properties";

    private const double Turn = 360;

    private static readonly string[] _times = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK"];

    private readonly List<Mistake> _mistakes = [];

    public (FeatureRequest? Request, IReadOnlyList<Mistake> Mistakes) Read(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
        {
            if (!given.TryAdd(name, value))
            {
                Wrong(name, "is given more than once");
            }
        }

        var query = new FeatureQuery { Limit = options.Limit };
        var (crs, boxCrs) = (offered[0], offered[0]);
        var matches = new List<FieldMatch>();
        foreach (var (name, text) in given)
        {
            switch (name)
            {
                case Limit:
                    query = query with { Limit = ReadLimit(text) };
                    break;
                case Box:
                    break;
                case BoxCrs:
                    boxCrs = ReadCrs(name, text);
                    if (!given.ContainsKey(Box))
                    {
                        Wrong(name, "belongs to bbox, which is not given");
                    }

                    break;
                case Reference:
                    crs = ReadCrs(name, text);
                    break;
                case Time:
                    query = query with { Time = ReadTime(text) };
                    break;
                case After:
                    query = query with { After = text };
                    if (!isId(text))
                    {
                        Wrong(name, "the id of a feature is required");
                    }

                    break;
                case Properties:
                    query = query with { Fields = ReadFields(text) };
                    break;
                default:
                    if (ReadMatch(name, text) is { } match)
                    {
                        matches.Add(match);
                    }

                    break;
            }
        }

        query = query with { Matches = matches, Areas = given.TryGetValue(Box, out var box) ? ReadBox(box, boxCrs) : null };
        return _mistakes.Count == 0 ? (new FeatureRequest(query, crs), []) : (null, _mistakes);
    }

    private int ReadLimit(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1)
        {
            return (int)Math.Min(limit, options.MaxLimit);
        }

        Wrong(Limit, $"a whole number from 1 to {options.MaxLimit} is required");
        return 1;
    }

    private Crs ReadCrs(string name, string text)
    {
        if (Crs.TryParse(text, out var crs) && offered.Contains(crs.Value))
        {
            return crs.Value;
        }

        Wrong(name, $"must be {string.Join(" or ", offered.Select(one => one.Uri))}");
        return offered[0];
    }

    private (LayerField, TimeInterval)? ReadTime(string text)
    {
        if (!TimeInterval.TryParse(text, out var interval))
        {
            Wrong(Time, "a date or date-time of RFC 3339, or two of them divided by / (.. for an open end), is required");
            return null;
        }

        // Where nothing has a time, nothing is at another one.
        return layer.Contents.TimeField is { } name && layer.Contents.Fields.FirstOrDefault(field => field.Name == name) is { } time ? (time, interval) : null;
    }

    private List<LayerField> ReadFields(string text)
    {
        var fields = new List<LayerField>();
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal))
        {
            if (layer.Contents.Fields.FirstOrDefault(field => field.Name == name) is { } field)
            {
                fields.Add(field);
            }
            else
            {
                Wrong(Properties, $"there is no field {name}");
            }
        }

        return fields;
    }

    private FieldMatch? ReadMatch(string name, string text)
    {
        if (layer.Contents.Fields.FirstOrDefault(field => field.Name == name) is not { } field)
        {
            Wrong(name, "there is no such parameter, and the layer has no such field");
            return null;
        }

        object? value = (field.Type, field.Format) switch
        {
            ("integer", _) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null,
            ("number", _) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
            ("boolean", _) => text is "true" or "false" ? text == "true" : null,
            (_, "date") => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null,
            // A plus sign that was sent bare arrives as a space.
            (_, "date-time") => DateTimeOffset.TryParseExact(
                text.Replace(' ', '+'), _times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null,
            _ => text,
        };
        if (value is null)
        {
            Wrong(name, field.Type switch
            {
                "integer" => "a whole number is required",
                "number" => "a number is required",
                "boolean" => "true or false is required",
                _ => $"a {field.Format} of RFC 3339 is required",
            });
            return null;
        }

        return new FieldMatch(field, value);
    }

    /// <returns>One area, or two where it goes over the antimeridian; none where the layer's CRS has no place for it.</returns>
    private List<Extent> ReadBox(string text, Crs crs)
    {
        var parts = text.Split(',');
        Span<double> numbers = stackalloc double[6];
        var count = 0;
        foreach (var part in parts)
        {
            if (count == 6 || !double.TryParse(part.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            {
                count = 0;
                break;
            }

            numbers[count++] = number;
        }

        if (count is not (4 or 6))
        {
            Wrong(Box, "four numbers are required, or six with heights, divided by commas");
            return [];
        }

        // Heights are read and not compared: an area has none.
        var half = count / 2;
        var (first, second, third, fourth) = (numbers[0], numbers[1], numbers[half], numbers[half + 1]);
        var box = AxisOrder.IsYFirst(crs) ? new Extent(second, first, fourth, third) : new Extent(first, second, third, fourth);
        var isDegrees = crs.SameAs(Crs.Wgs84);
        if (box.MinY > box.MaxY || (half == 3 && numbers[2] > numbers[5]) || (!isDegrees && box.MinX > box.MaxX))
        {
            Wrong(Box, isDegrees ? "the south is north of the north, or the bottom above the top" : "the lower corner comes first");
            return [];
        }

        return [.. (isDegrees ? AroundTheWorld(box) : [box]).Select(area => transforms.Extent(area, crs, layer.Contents.Crs) ?? Extent.Empty).Where(area => !area.IsEmpty)];
    }

    /// <summary>Longitudes from -180 to 180: what goes over the antimeridian, or is counted beyond it, are two areas.</summary>
    private static Extent[] AroundTheWorld(Extent box)
    {
        if (box.MaxX - box.MinX >= Turn)
        {
            return [box with { MinX = -180, MaxX = 180 }];
        }

        var (west, east) = (Normal(box.MinX), Normal(box.MaxX));
        return (box.MinX >= -180 && box.MaxX <= 180 && box.MinX <= box.MaxX) ? [box]
            : west <= east ? [box with { MinX = west, MaxX = east }]
            : [box with { MinX = west, MaxX = 180 }, box with { MinX = -180, MaxX = east }];
    }

    private static double Normal(double longitude) => longitude is >= -180 and <= 180 ? longitude : longitude - (Turn * Math.Floor((longitude + 180) / Turn));

    private void Wrong(string place, string message) => _mistakes.Add(new Mistake(place, message));
}
