using System.Globalization;
using System.Numerics;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Application.Records.Schemes;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Records;

/// <summary>The parameters of a search: OGC API - Records Part 1, clauses 8.4 to 8.6, and filters of OGC API - Features Part 3 in CQL2. Beside them every queryable that is a text.</summary>
internal sealed class RecordParameters(SchemeSet schemes)
{
    public const int StandardLimit = 10;
    public const int MaxLimit = 2_000;
    private const int MaxOffset = 10_000_000;
    private const int MaxList = 1_000;

    /// <summary>With those below them.</summary>
    private const int MaxCodes = 20_000;

    /// <summary>Of an external id, at which a scheme is looked for before it.</summary>
    private const int MaxColons = 8;

    private static readonly string[] _crs84 = ["http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/def/crs/OGC/0/CRS84", "CRS84", "OGC:CRS84"];
    private static readonly string[] _latitudeFirst = ["http://www.opengis.net/def/crs/EPSG/0/4326", "EPSG:4326"];

    private readonly List<Mistake> _mistakes = [];
    private readonly List<RecordFilter> _filters = [];

    /// <returns>A query, or what is wrong.</returns>
    /// <param name="schemes">Where a code is asked for, what is below it is found, too.</param>
    public static (RecordQuery Query, IReadOnlyList<Mistake> Mistakes) Read(IQueryCollection query, SchemeSet schemes)
    {
        var parameters = new RecordParameters(schemes);
        var read = parameters.ReadAll(query);
        return (read, parameters._mistakes);
    }

    private RecordQuery ReadAll(IQueryCollection parameters)
    {
        var query = new RecordQuery { Limit = StandardLimit };
        var (filter, isLatitudeFirst) = ((string?)null, false);
        foreach (var (name, values) in parameters)
        {
            if (values.Count > 1 && name is "q" or "bbox" or "datetime" or "limit" or "offset" or "filter" or "filter-lang" or "filter-crs" or "sortby" or "bbox-crs")
            {
                Wrong(name, "is given more than once");
                continue;
            }

            // An empty field of a form is as if it were not there.
            var text = values.ToString();
            if (text.Length == 0)
            {
                continue;
            }

            switch (name)
            {
                case "f":
                    break;
                case "q":
                    query = query with { Text = text };
                    break;
                case "ids":
                    query = query with { Ids = List(name, text) };
                    break;
                case "externalIds" or "externalId":
                    query = query with { ExternalIds = [.. List(name, text).SelectMany(Readings)] };
                    break;
                case "type":
                    // A service can be named by its records' class: type=C.
                    string[] types = List(name, text);
                    _filters.Add(new RecordFilter.Any([In(RecordProperties.Type, types), In(RecordProperties.Classification, WithNarrower(name, null, types))]));
                    break;
                case "classification":
                    query = query with { Classifications = Classes(name, List(name, text)) };
                    break;
                case "bbox":
                    query = query with { Areas = Box(text) };
                    break;
                case "bbox-crs":
                    if (!_crs84.Contains(text, StringComparer.OrdinalIgnoreCase))
                    {
                        Wrong(name, $"must be {_crs84[0]}");
                    }

                    break;
                case "datetime":
                    query = query with { Time = TimeInterval.TryParse(text, out var time) ? time : Wrong<TimeInterval?>(name, "a date or date-time of RFC 3339, or two of them divided by / (.. for an open end), is required") };
                    break;
                case "sortby":
                    query = query with { SortBy = Sort(text) };
                    break;
                case "limit":
                    query = query with { Limit = Number(name, text, 1, MaxLimit) };
                    break;
                case "offset":
                    query = query with { Offset = Number(name, text, 0, MaxOffset) };
                    break;
                case "facets":
                    query = query with { Facets = Facets(text) };
                    break;
                case "filter":
                    filter = text;
                    break;
                case "filter-lang":
                    if (text != "cql2-text")
                    {
                        Wrong(name, "must be cql2-text");
                    }

                    break;
                case "filter-crs":
                    isLatitudeFirst = _latitudeFirst.Contains(text, StringComparer.OrdinalIgnoreCase);
                    if (!isLatitudeFirst && !_crs84.Contains(text, StringComparer.OrdinalIgnoreCase))
                    {
                        Wrong(name, $"must be {_crs84[0]} or {_latitudeFirst[0]}");
                    }

                    break;
                default:
                    ReadQueryable(name, text);
                    break;
            }
        }

        ReadFilter(filter, isLatitudeFirst);
        return query with { Filter = _filters.Count switch { 0 => null, 1 => _filters[0], _ => new RecordFilter.All(_filters) } };
    }

    private static RecordFilter.In In(string property, IEnumerable<string> values) => new(property, [.. values.Select(value => new FilterValue(value, FilterValueKind.Text))], false);

    private void ReadQueryable(string name, string text)
    {
        if (RecordProperties.KindOf(name) is RecordPropertyKind.Text or RecordPropertyKind.TextList)
        {
            _filters.Add(new RecordFilter.Comparison(name, ComparisonOperator.Equal, new FilterValue(text, FilterValueKind.Text), false));
        }
        else
        {
            Wrong(name, "there is no such parameter; there are q, ids, externalIds, type, classification, bbox, datetime, sortby, limit, offset, facets, filter, filter-lang, filter-crs, f and the queryables");
        }
    }

    private void ReadFilter(string? filter, bool isLatitudeFirst)
    {
        if (filter is null)
        {
            return;
        }

        try
        {
            _filters.Add(Cql2Parser.Parse(filter, isLatitudeFirst));
        }
        catch (Cql2Exception wrong)
        {
            Wrong("filter", wrong.Message);
        }
    }

    private string[] List(string name, string text)
    {
        string[] list = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        if (list.Length > MaxList)
        {
            Wrong(name, $"at most {MaxList} values can be asked for at once");
        }

        return list.Length > MaxList ? [] : list;
    }

    // A colon may divide scheme and value, or be in either of them; and the whole may be a scheme: requirement externalIds-response.
    private static IEnumerable<ExternalId> Readings(string text)
    {
        yield return new ExternalId(text, null);
        yield return new ExternalId(ExternalId.Any, text.TrimEnd(':'));
        for (var (at, colons) = (text.IndexOf(':', StringComparison.Ordinal), 0); at >= 0 && colons < MaxColons; at = text.IndexOf(':', at + 1), colons++)
        {
            if (at > 0 && at < text.Length - 1)
            {
                yield return new ExternalId(text[(at + 1)..], text[..at]);
            }
        }
    }

    // plan:C is the code C of the scheme plan, C the code of any.
    private IReadOnlyList<(string? Scheme, IReadOnlyList<string> Codes)> Classes(string name, IEnumerable<string> values) =>
    [
        .. values.Select(value => value.LastIndexOf(':') is > 0 and var at ? (Scheme: value[..at], Code: value[(at + 1)..]) : (Scheme: (string?)null, Code: value))
            .GroupBy(value => value.Scheme)
            .Select(scheme => (scheme.Key, WithNarrower(name, scheme.Key, scheme.Select(value => value.Code)))),
    ];

    private IReadOnlyList<string> WithNarrower(string name, string? scheme, IEnumerable<string> codes)
    {
        var all = schemes.WithNarrower(scheme, codes);
        if (all.Count <= MaxCodes)
        {
            return all;
        }

        Wrong(name, $"more than {MaxCodes} codes are below these; ask for narrower ones, or for those of one scheme");
        return [];
    }

    private IReadOnlyList<Extent> Box(string text)
    {
        var numbers = new List<double>();
        foreach (var part in text.Split(','))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            {
                return Wrong<IReadOnlyList<Extent>>("bbox", $"'{part}' is no number") ?? [];
            }

            numbers.Add(number);
        }

        double[] flat = numbers.Count switch
        {
            4 => [.. numbers],
            6 => [numbers[0], numbers[1], numbers[3], numbers[4]],
            _ => [],
        };
        return flat.Length == 0 ? Wrong<IReadOnlyList<Extent>>("bbox", "four numbers are required, west, south, east, north, or six with heights") ?? []
            : flat[1] > flat[3] ? Wrong<IReadOnlyList<Extent>>("bbox", "its south is north of its north") ?? []
            : RecordAreas.Of(flat[0], flat[1], flat[2], flat[3]);
    }

    private IReadOnlyList<(string Property, bool Descending)> Sort(string text)
    {
        var sort = new List<(string, bool)>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // A plus sign that was sent bare arrives as a space.
            var name = part.TrimStart('+', '-', ' ');
            if (!RecordProperties.Sortable.Contains(name))
            {
                Wrong("sortby", $"'{name}' is nothing to sort by; there are {string.Join(", ", RecordProperties.Sortable)}");
            }

            sort.Add((name, part[0] == '-'));
        }

        return sort;
    }

    private IReadOnlyList<string> Facets(string text)
    {
        var names = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var name in names.Where(name => !RecordProperties.Facets.Contains(name) && !name.StartsWith(RecordProperties.SchemePrefix, StringComparison.Ordinal)))
        {
            Wrong("facets", $"'{name}' is nothing to count by; there are {string.Join(", ", RecordProperties.Facets)}, and {RecordProperties.SchemePrefix}ID of a classification scheme");
        }

        return [.. names.Take(20)];
    }

    private int Number(string name, string text, int least, int most)
    {
        // However great a limit is, the greatest is meant.
        if (BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && (number <= most || name == "limit"))
        {
            return (int)BigInteger.Min(number, most);
        }

        Wrong(name, $"a whole number from {least} to {most} is required");
        return least;
    }

    private void Wrong(string place, string message) => _mistakes.Add(new Mistake(place, message));

    private T? Wrong<T>(string place, string message)
    {
        Wrong(place, message);
        return default;
    }
}
