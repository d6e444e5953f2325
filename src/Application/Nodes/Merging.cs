using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GeoWps.Application.Nodes;

/// <summary>How one document is made of several nodes'.</summary>
public enum MergeKind
{
    /// <summary>The <c>features</c> of all, one node's after the other's; their counts are added.</summary>
    Features,

    /// <summary>What has the same <c>id</c> is there once, as the first node that has it says.</summary>
    UnionById,

    /// <summary>The answer that comes first.</summary>
    First,
}

/// <summary>The part of a list that is asked for, and how the list is linked.</summary>
/// <param name="Offset">How many come before it.</param>
/// <param name="Limit">How many it has at most.</param>
/// <param name="Self">Address of this part.</param>
/// <param name="Next">Makes the address of the part that begins at a place.</param>
public sealed record MergedPage(int Offset, int Limit, string Self, Func<int, string> Next);

/// <summary>A list that nodes page by the id before.</summary>
/// <param name="Name">The document's member that it is.</param>
/// <param name="NewestFirst">By id downwards; else upwards.</param>
/// <param name="Last">The id of what comes at the end of all, whatever its order.</param>
public sealed record ListForm(string Name, bool NewestFirst = false, string? Last = null);

/// <summary>One document of several. Order, paging and counts are those of the whole: each node was asked for everything up to the page's end.</summary>
public static class Merging
{
    private static readonly JsonWriterOptions _form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What each node has to be asked for, so that the page can be made.</summary>
    public static int Wanted(MergedPage page) => page.Offset + page.Limit;

    /// <param name="parts">In the nodes' order; those without an answer are named in <c>incomplete</c>.</param>
    /// <param name="kind">Not <see cref="MergeKind.First"/>.</param>
    /// <returns><see langword="null"/>: a node gives less at once than was wanted, and the page is beyond what it gave.</returns>
    public static byte[]? Merge(MergeKind kind, IReadOnlyList<NodePart<JsonDocument>> parts, MergedPage page)
    {
        var lists = parts.Where(part => part.Answer is not null).Select(part => ListOf(part.Answer!.RootElement)).ToArray();

        // What comes after a list that was cut short has no known place.
        var cut = Array.FindIndex(lists, list => list.HasMore && list.Items.Length < Wanted(page));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var items = lists.Take(cut < 0 ? lists.Length : cut + 1).SelectMany(list => list.Items).Where(item => kind == MergeKind.Features || IdOf(item) is not { } id || seen.Add(id)).ToArray();
        if (cut >= 0 && items.Length <= page.Offset)
        {
            return null;
        }

        var shown = items.Skip(page.Offset).Take(page.Limit).ToArray();
        var isWhole = Array.TrueForAll(lists, list => !list.HasMore);
        long? matched = kind == MergeKind.Features && Array.TrueForAll(lists, list => list.Matched is not null) ? lists.Sum(list => list.Matched!.Value)
            : isWhole ? items.Length
            : null;
        var hasNext = !isWhole || items.Length > page.Offset + shown.Length;

        return Bytes(json =>
        {
            var name = lists.Select(list => list.Name).FirstOrDefault(name => name is not null) ?? "features";
            json.WriteStartObject();
            if (name == "features")
            {
                json.WriteString("type", "FeatureCollection");
            }

            json.WriteStartArray(name);
            foreach (var item in shown)
            {
                item.WriteTo(json);
            }

            json.WriteEndArray();
            if (matched is { } count)
            {
                json.WriteNumber("numberMatched", count);
            }

            json.WriteNumber("numberReturned", shown.Length);
            WriteLinks(json, [("self", page.Self), .. hasNext && shown.Length > 0 ? [("next", page.Next(page.Offset + shown.Length))] : Array.Empty<(string, string)>()]);
            WriteIncomplete(json, parts);
            json.WriteEndObject();
        });
    }

    /// <summary>
    /// The union of several nodes' lists of processes, by id: <c>processList.yaml</c>. A process whose version is not the same on all nodes has the further member
    /// <c>versions</c>.
    /// </summary>
    public static byte[] Processes(IReadOnlyList<NodePart<JsonDocument>> parts, int limit, string self, Func<string, string> after) =>
        ById(parts, new ListForm("processes"), limit, self, after, WriteProcess);

    /// <summary>The union of several nodes' lists that are paged by the id before: each id once, as the first node that has it says.</summary>
    /// <param name="after">Makes the address of the page after an id.</param>
    public static byte[] Lists(IReadOnlyList<NodePart<JsonDocument>> parts, ListForm form, int limit, string self, Func<string, string> after) =>
        ById(parts, form, limit, self, after, (json, nodes) => nodes[0].Item.WriteTo(json));

    private static byte[] ById(
        IReadOnlyList<NodePart<JsonDocument>> parts, ListForm form, int limit, string self, Func<string, string> after, Action<Utf8JsonWriter, IReadOnlyList<(string Node, JsonElement Item)>> write)
    {
        var order = form.NewestFirst ? Comparer<string>.Create((one, other) => string.CompareOrdinal(other, one)) : Comparer<string>.Create(string.CompareOrdinal);
        var lists = parts.Where(part => part.Answer is not null).Select(part => (part.Node, List: ListOf(part.Answer!.RootElement))).ToArray();
        var found = lists
            .SelectMany(list => list.List.Items.Where(item => IdOf(item) is not null).Select(item => (list.Node, Item: item)))
            .GroupBy(one => IdOf(one.Item)!, StringComparer.Ordinal)
            .ToLookup(one => one.Key == form.Last);
        var sorted = found[false].OrderBy(one => one.Key, order).ToArray();

        // What comes after the end of a list that was cut may lie before what another list still shows.
        var cut = lists.Where(list => list.List.HasMore && list.List.Items.Length > 0).Select(list => IdOf(list.List.Items[^1])).Where(id => id is not null).Order(order!).FirstOrDefault();
        var shown = sorted.Take(limit).TakeWhile(one => cut is null || order.Compare(one.Key, cut) <= 0).ToArray();
        var isLast = cut is null && shown.Length == sorted.Length;
        return Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray(form.Name);
            foreach (var one in isLast ? shown.Concat(found[true]) : shown)
            {
                write(json, [.. one]);
            }

            json.WriteEndArray();
            WriteLinks(json, [("self", self), .. isLast || shown.Length == 0 ? Array.Empty<(string, string)>() : [("next", after(shown[^1].Key))]]);
            WriteIncomplete(json, parts);
            json.WriteEndObject();
        });
    }

    private static void WriteProcess(Utf8JsonWriter json, IReadOnlyList<(string Node, JsonElement Item)> nodes)
    {
        var versions = nodes.GroupBy(node => VersionOf(node.Item), StringComparer.Ordinal).OrderByDescending(version => version.Key, StringComparer.Ordinal).ToArray();
        if (versions.Length == 1)
        {
            nodes[0].Item.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        foreach (var member in versions[0].First().Item.EnumerateObject())
        {
            member.WriteTo(json);
        }

        json.WriteStartArray("versions");
        foreach (var version in versions)
        {
            json.WriteStartObject();
            json.WriteString("version", version.Key);
            json.WriteStartArray("nodes");
            foreach (var (node, _) in version)
            {
                json.WriteStringValue(node);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLinks(Utf8JsonWriter json, IReadOnlyList<(string Relation, string Address)> links)
    {
        json.WriteStartArray("links");
        foreach (var (relation, address) in links)
        {
            json.WriteStartObject();
            json.WriteString("href", address);
            json.WriteString("rel", relation);
            json.WriteString("type", "application/json");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Names those that did not answer, if there are any.</summary>
    internal static void WriteIncomplete(Utf8JsonWriter json, IReadOnlyList<NodePart<JsonDocument>> parts)
    {
        if (parts.All(part => part.Answer is not null))
        {
            return;
        }

        json.WriteStartArray("incomplete");
        foreach (var part in parts.Where(part => part.Answer is null))
        {
            json.WriteStringValue(part.Node);
        }

        json.WriteEndArray();
    }

    /// <summary>The array of a document that is its list: <c>features</c>, or the only one whose items have ids.</summary>
    private static PartList ListOf(JsonElement document)
    {
        if (document.ValueKind != JsonValueKind.Object)
        {
            return new PartList(null, [], null, false);
        }

        JsonProperty[] lists = [.. document.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Array && member.Name is not ("links" or "incomplete" or "bbox"))];
        JsonProperty[] likely = [.. lists.Where(member => member.Name == "features"), .. lists.Where(member => member.Value.EnumerateArray().All(item => IdOf(item) is not null))];
        JsonElement[] items = likely is [var list, ..] ? [.. list.Value.EnumerateArray()] : [];
        long? matched = document.TryGetProperty("numberMatched", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var count) ? count : null;
        var hasMore = matched is not null ? matched > items.Length
            : document.TryGetProperty("links", out var links) && links.ValueKind == JsonValueKind.Array
                && links.EnumerateArray().Any(link => link.ValueKind == JsonValueKind.Object && link.TryGetProperty("rel", out var relation) && relation.ValueEquals("next"));
        return new PartList(likely is [var named, ..] ? named.Name : null, items, matched, hasMore);
    }

    private static string? IdOf(JsonElement item) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("id", out var id)
        ? id.ValueKind switch
        {
            JsonValueKind.String => id.GetString(),
            JsonValueKind.Number => id.GetRawText(),
            _ => null,
        }
        : null;

    private static string VersionOf(JsonElement process) => process.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.String ? version.GetString()! : "";

    private static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, _form))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private sealed record PartList(string? Name, JsonElement[] Items, long? Matched, bool HasMore);
}
