using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using GeoWps.Application.Nodes;
using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Words;

namespace GeoWps.Application.Records;

/// <summary>What is asked of several nodes together.</summary>
/// <param name="ByRank">Words are asked for, and no other order: the better hit first.</param>
/// <param name="SortBy">Else by these; by title where there are none. Ids break ties.</param>
/// <param name="Address">Of the page that begins at a place.</param>
/// <param name="Page">Of the same for people.</param>
/// <param name="Catalogue">Address of the collection.</param>
/// <param name="Now">When it is answered.</param>
public sealed record MergedSearch(
    int Offset, int Limit, bool ByRank, IReadOnlyList<(string Property, bool Descending)> SortBy, Func<int, string> Address, string Page, string Catalogue, DateTimeOffset Now);

/// <summary>
/// One list of several nodes' records. Each node was asked for everything up to the page's end, so the order is that of the whole and pages fit together as long as nothing changes; ranks compare,
/// since a record's is its own. Of records of different nodes that have an external id in common the first stays. What was taken out of what is known is taken off the number of all.
/// </summary>
public static class RecordMerging
{
    private static readonly JsonWriterOptions _form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="parts">Those without an answer are named in <c>incomplete</c>.</param>
    public static byte[] Merge(IReadOnlyList<NodePart<JsonDocument>> parts, MergedSearch search)
    {
        var answers = parts.Where(part => part.Answer is { RootElement.ValueKind: JsonValueKind.Object }).ToArray();
        var all = answers.SelectMany(part => Features(part.Answer!.RootElement).Select(feature => new Item(part.Node, feature, search))).ToList();
        all.Sort();
        var (kept, doubles) = WithoutDoubles(all);
        var matched = answers.Sum(part => Number(part.Answer!.RootElement, "numberMatched") ?? Features(part.Answer!.RootElement).Count()) - doubles;
        var shown = kept.Skip(search.Offset).Take(search.Limit).ToArray();

        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var json = new Utf8JsonWriter(buffer, _form))
        {
            json.WriteStartObject();
            json.WriteString("type", "FeatureCollection");
            json.WriteString("timeStamp", search.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteNumber("numberMatched", matched);
            json.WriteNumber("numberReturned", shown.Length);
            json.WriteStartArray("features");
            foreach (var item in shown)
            {
                WriteFeature(json, item);
            }

            json.WriteEndArray();
            WriteFacets(json, answers);
            WriteLinks(json, search, shown.Length, matched);
            Merging.WriteIncomplete(json, parts);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static IEnumerable<JsonElement> Features(JsonElement document) =>
        document.TryGetProperty("features", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object) : [];

    private static long? Number(JsonElement document, string name) =>
        document.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) ? value : null;

    private static (List<Item> Kept, int Doubles) WithoutDoubles(List<Item> all)
    {
        var (owners, kept) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<Item>(all.Count));
        foreach (var item in all)
        {
            // A node may have several records of one thing; what is on two nodes is there twice by accident.
            if (item.ExternalIds.Any(id => owners.TryGetValue(id, out var node) && node != item.Node))
            {
                continue;
            }

            foreach (var id in item.ExternalIds)
            {
                owners.TryAdd(id, item.Node);
            }

            kept.Add(item);
        }

        return (kept, all.Count - kept.Count);
    }

    // As the node wrote it, with one member more at its end; taken apart only where it says itself of which node it is.
    private static void WriteFeature(Utf8JsonWriter json, Item item)
    {
        var raw = JsonMarshal.GetRawUtf8Value(item.Feature);
        if (!item.Feature.TryGetProperty("node", out _) && item.Feature.GetPropertyCount() > 0)
        {
            var buffer = new ArrayBufferWriter<byte>(raw.Length + 64);
            buffer.Write(raw[..^1]);
            buffer.Write(",\"node\":"u8);
            using (var name = new Utf8JsonWriter(buffer, _form))
            {
                name.WriteStringValue(item.Node);
            }

            buffer.Write("}"u8);
            json.WriteRawValue(buffer.WrittenSpan, skipInputValidation: true);
            return;
        }

        json.WriteStartObject();
        foreach (var member in item.Feature.EnumerateObject().Where(member => member.Name != "node"))
        {
            member.WriteTo(json);
        }

        json.WriteString("node", item.Node);
        json.WriteEndObject();
    }

    // Values of all nodes, their numbers added: doubles are counted on each.
    private static void WriteFacets(Utf8JsonWriter json, NodePart<JsonDocument>[] answers)
    {
        var facets = answers
            .SelectMany(part => part.Answer!.RootElement.TryGetProperty("facets", out var some) && some.ValueKind == JsonValueKind.Object ? some.EnumerateObject() : Enumerable.Empty<JsonProperty>())
            .GroupBy(facet => facet.Name, StringComparer.Ordinal)
            .ToArray();
        if (facets.Length == 0)
        {
            return;
        }

        json.WriteStartObject("facets");
        foreach (var facet in facets)
        {
            json.WriteStartObject(facet.Key);
            json.WriteString("type", "term");
            json.WriteString("property", facet.Key);
            json.WriteStartArray("buckets");
            foreach (var (value, count, label) in facet.SelectMany(one => Buckets(one.Value)).GroupBy(one => one.Value, StringComparer.Ordinal)
                .Select(value => (value.Key, Count: value.Sum(one => one.Count), Label: value.FirstOrDefault(one => one.Label is not null).Label)).OrderByDescending(value => value.Count).ThenBy(value => value.Key, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("value", value);
                if (label is not null)
                {
                    json.WriteString("label", label);
                }

                json.WriteNumber("count", count);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static IEnumerable<(string Value, long Count, string? Label)> Buckets(JsonElement facet) =>
        facet.ValueKind == JsonValueKind.Object && facet.TryGetProperty("buckets", out var buckets) && buckets.ValueKind == JsonValueKind.Array
            ? buckets.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object && Text(one, "value") is not null).Select(one => (Text(one, "value")!, Number(one, "count") ?? 0, Text(one, "label")))
            : [];

    private static void WriteLinks(Utf8JsonWriter json, MergedSearch search, int shown, long matched)
    {
        json.WriteStartArray("links");
        const string Records = "application/geo+json";
        Write("self", search.Address(search.Offset), Records);
        Write("alternate", search.Page, "text/html");
        if (shown > 0 && search.Offset + shown < matched)
        {
            Write("next", search.Address(search.Offset + shown), Records);
        }

        if (search.Offset > 0)
        {
            Write("prev", search.Address(Math.Max(0, search.Offset - search.Limit)), Records);
        }

        Write("collection", search.Catalogue, "application/json");
        json.WriteEndArray();

        void Write(string relation, string address, string type)
        {
            json.WriteStartObject();
            json.WriteString("href", address);
            json.WriteString("rel", relation);
            json.WriteString("type", type);
            json.WriteEndObject();
        }
    }

    private static string? Text(JsonElement one, string name) => one.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    /// <summary>A record of a node, with what it is sorted by.</summary>
    private sealed class Item : IComparable<Item>
    {
        private readonly MergedSearch _search;
        private readonly double _rank;
        private readonly string _id;
        private readonly string?[] _keys;

        public Item(string node, JsonElement feature, MergedSearch search)
        {
            (Node, Feature, _search) = (node, feature, search);
            _id = Text(feature, "id") ?? "";
            _rank = feature.TryGetProperty("rank", out var rank) && rank.ValueKind == JsonValueKind.Number ? rank.GetDouble() : 0;
            var properties = feature.TryGetProperty("properties", out var some) && some.ValueKind == JsonValueKind.Object ? some : default;
            ExternalIds = properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty("externalIds", out var ids) && ids.ValueKind == JsonValueKind.Array
                ? [.. ids.EnumerateArray().Where(id => id.ValueKind == JsonValueKind.Object && Text(id, "value") is not null).Select(id => $"{Text(id, "scheme")}\n{Text(id, "value")}")]
                : [];
            _keys = search.ByRank ? [] : [.. (search.SortBy.Count > 0 ? search.SortBy.Select(one => one.Property) : [RecordProperties.Title]).Select(name => KeyOf(name, properties))];
        }

        public string Node { get; }

        public JsonElement Feature { get; }

        public IReadOnlyList<string> ExternalIds { get; }

        public int CompareTo(Item? other)
        {
            if (_search.ByRank && other!._rank.CompareTo(_rank) is not 0 and var byRank)
            {
                return byRank;
            }

            for (var i = 0; i < _keys.Length; i++)
            {
                // As each node does: what has none comes last, whichever way it goes.
                if ((_keys[i] is null, other!._keys[i] is null) is var (isMine, isOthers) && isMine != isOthers)
                {
                    return isMine ? 1 : -1;
                }

                if (string.CompareOrdinal(_keys[i], other._keys[i]) is not 0 and var byKey)
                {
                    return _search.SortBy.Count > 0 && _search.SortBy[i].Descending ? -byKey : byKey;
                }
            }

            return string.CompareOrdinal(_id, other!._id) is not 0 and var byId ? byId : string.CompareOrdinal(Node, other.Node);
        }

        private string? KeyOf(string property, JsonElement properties) => property switch
        {
            RecordProperties.Id => _id,
            _ when property == RecordProperties.Time => Feature.TryGetProperty("time", out var time) && time.ValueKind == JsonValueKind.Object
                ? Text(time, "timestamp") ?? (time.TryGetProperty("interval", out var ends) && ends.ValueKind == JsonValueKind.Array && ends.GetArrayLength() > 0 ? ends[0].GetString() : null)
                : null,
            _ when properties.ValueKind != JsonValueKind.Object => null,
            RecordProperties.Title => Text(properties, property) is { } title ? WordBreaker.Fold(title) : null,
            _ => Text(properties, property),
        };
    }
}
