using System.Globalization;
using System.Text.Json;

namespace GeoWps.Application.Processes.Collections;

/// <summary>
/// An input that is a collection: <c>{"collection": address}</c> of OGC API - Processes, Part 3 (OGC 21-009, draft), with <c>filter</c>, <c>properties</c>
/// and <c>sortBy</c> of its input modifiers, and <c>bbox</c> and <c>datetime</c> of OGC API - Features. They become parameters of the request for its items.
/// </summary>
public static class CollectionAddress
{
    public const string Member = "collection";

    /// <summary>Features asked for in one page; a server may give fewer.</summary>
    private const int PageSize = 1000;

    private static readonly HashSet<string> Known = [Member, "filter", "properties", "sortBy", "bbox", "datetime", "type", "mediaType", "format"];

    /// <param name="relativeTo">What a relative address is relative to.</param>
    /// <returns>The address of the items, or what is wrong.</returns>
    public static (string? Items, string? Refusal) Read(JsonElement json, string? relativeTo)
    {
        if (json.EnumerateObject().FirstOrDefault(member => !Known.Contains(member.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } other)
        {
            return (null, $"a collection has no {other.Name}; it can have filter, properties, sortBy, bbox and datetime");
        }

        var text = json.GetProperty(Member) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";
        if (text.Length == 0 || !Uri.TryCreate(relativeTo is null ? null : new Uri(relativeTo), text, out var address) || !address.Scheme.StartsWith("http", StringComparison.Ordinal))
        {
            return (null, "collection must be the address of a collection");
        }

        var parameters = new List<string>();
        if (address.Query.Length > 1)
        {
            parameters.Add(address.Query[1..]);
        }

        if ((Filter(json, parameters) ?? List(json, "properties", "properties", parameters) ?? List(json, "sortBy", "sortby", parameters) ?? Box(json, parameters) ?? Time(json, parameters)) is { } wrong)
        {
            return (null, wrong);
        }

        parameters.Add(string.Create(CultureInfo.InvariantCulture, $"limit={PageSize}"));
        var path = address.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return ($"{path}{(path.EndsWith("/items", StringComparison.Ordinal) ? "" : "/items")}?{string.Join('&', parameters)}", null);
    }

    /// <summary>CQL2, as text or as JSON.</summary>
    private static string? Filter(JsonElement json, List<string> parameters)
    {
        if (!json.TryGetProperty("filter", out var filter) || filter.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (filter.ValueKind is not (JsonValueKind.String or JsonValueKind.Object))
        {
            return "filter must be CQL2, as text or as JSON";
        }

        var isText = filter.ValueKind == JsonValueKind.String;
        parameters.Add("filter=" + Uri.EscapeDataString(isText ? filter.GetString()! : filter.GetRawText()));
        parameters.Add(isText ? "filter-lang=cql2-text" : "filter-lang=cql2-json");
        return null;
    }

    private static string? List(JsonElement json, string member, string parameter, List<string> parameters)
    {
        if (!json.TryGetProperty(member, out var names) || names.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var all = names.ValueKind == JsonValueKind.Array ? names.EnumerateArray().ToList() : [names];
        if (all.Exists(name => name.ValueKind != JsonValueKind.String))
        {
            return $"{member} must be names of fields";
        }

        parameters.Add($"{parameter}={string.Join(',', all.Select(name => Uri.EscapeDataString(name.GetString()!)))}");
        return null;
    }

    private static string? Box(JsonElement json, List<string> parameters)
    {
        if (!json.TryGetProperty("bbox", out var box) || box.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (box.ValueKind != JsonValueKind.Array || box.GetArrayLength() is not (4 or 6) || box.EnumerateArray().Any(number => number.ValueKind != JsonValueKind.Number))
        {
            return "bbox must be four or six numbers, longitude first";
        }

        parameters.Add($"bbox={string.Join(',', box.EnumerateArray().Select(number => number.GetRawText()))}");
        return null;
    }

    private static string? Time(JsonElement json, List<string> parameters)
    {
        if (!json.TryGetProperty("datetime", out var time) || time.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (time.ValueKind != JsonValueKind.String)
        {
            return "datetime must be a date-time, or two of them divided by /";
        }

        parameters.Add("datetime=" + Uri.EscapeDataString(time.GetString()!));
        return null;
    }
}
