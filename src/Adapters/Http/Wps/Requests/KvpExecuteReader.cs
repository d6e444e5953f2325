using System.Globalization;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Wps.Forms;

namespace GeoWps.Adapters.Http.Wps.Requests;

/// <summary>Reads an Execute from parameters: 05-007r7, clause 10.2.2. WPS 2.0 has no such form; here it has the same, with <c>mode</c> and <c>response</c>.</summary>
internal sealed class KvpExecuteReader(KvpQuery query, WpsVersion version, Func<string, ExecuteDraft> begin)
{
    /// <summary>An <c>@</c> before anything else belongs to the value.</summary>
    private static readonly HashSet<string> Attributes =
        new(["mimeType", "encoding", "schema", "datatype", "uom", "href", "xlink:href", "method", "asReference", "crs", "dimensions"], StringComparer.OrdinalIgnoreCase);

    public async Task<ExecuteDraft> ReadAsync(CancellationToken cancellationToken)
    {
        var draft = begin(query["identifier"] ?? throw new OwsRefusedException(OwsFault.Missing("identifier")));
        foreach (var item in Items("DataInputs"))
        {
            await AddAsync(draft, item, cancellationToken);
        }

        foreach (var output in Items("ResponseDocument"))
        {
            draft.AddOutput(Output(output));
        }

        if (Items("RawDataOutput") is [var raw, ..])
        {
            draft.IsRaw = true;
            draft.AddOutput(Output(raw));
        }

        draft.Marks = new WpsMarks(Flag("lineage"), Flag("storeExecuteResponse"), Flag("status"));
        if (version == WpsVersion.V200)
        {
            draft.Mode = Requests.Mode(query["mode"]);
            draft.IsRaw |= query["response"] == "raw";
        }

        return draft;
    }

    /// <summary>Lower corner, upper corner, and perhaps CRS and number of dimensions: 06-121r3, clause 10.2.3.</summary>
    public static (IReadOnlyList<string> Corners, string? Crs)? Corners(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var numbers = parts.TakeWhile(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)).ToArray();
        return numbers.Length is 4 or 6 && parts.Length <= numbers.Length + 2 ? (numbers, parts.ElementAtOrDefault(numbers.Length)) : null;
    }

    private static async Task AddAsync(ExecuteDraft draft, Item item, CancellationToken cancellationToken)
    {
        var mediaType = item["mimeType"];
        if ((item["xlink:href"] ?? item["href"]) is { } href)
        {
            draft.AddReference(item.Id, href, mediaType, item["encoding"], null);
            return;
        }

        switch (draft.FormOf(item.Id))
        {
            case DataForm.Box when Corners(item.Value) is var (corners, crs):
                draft.AddBox(item.Id, corners, item["crs"] ?? crs);
                break;
            case DataForm.Complex when draft.Process.FindInput(item.Id) is not null:
                var content = new TextSource(item.Value);
                await draft.AddComplexAsync(item.Id, content, content.First, mediaType, item["encoding"], cancellationToken);
                break;
            default:
                draft.AddLiteral(item.Id, item.Value);
                break;
        }
    }

    private static WantedOutput Output(Item item) =>
        new(item.Id, item["mimeType"], item["encoding"], item["schema"], Negotiation.Flag(item["asReference"], "asReference"));

    private bool Flag(string name) => Negotiation.Flag(query[name], name);

    /// <summary>
    /// <c>id=value@attribute=value;id=…</c>. Values are percent-encoded one by one, so that the marks between them can be told from marks inside; a client
    /// that encodes the parameter as a whole is understood, too.
    /// </summary>
    private IReadOnlyList<Item> Items(string name)
    {
        if (query.Raw(name) is not { Length: > 0 } raw)
        {
            return [];
        }

        var text = raw.AsSpan().IndexOfAny('=', ';', '@') < 0 ? Uri.UnescapeDataString(raw) : raw;
        text = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        return [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    private static Item Parse(string text)
    {
        var pieces = new List<string>();
        foreach (var piece in text.Split('@'))
        {
            var isAttribute = piece.IndexOf('=', StringComparison.Ordinal) is > 0 and var end && Attributes.Contains(KvpQuery.Decode(piece[..end]));
            if (pieces.Count == 0 || isAttribute)
            {
                pieces.Add(piece);
            }
            else
            {
                pieces[^1] += "@" + piece;
            }
        }

        var (id, value) = Pair(pieces[0]);
        return new Item(id, value, pieces.Skip(1).Select(Pair).DistinctBy(pair => pair.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.OrdinalIgnoreCase));
    }

    private static (string Name, string Value) Pair(string text)
    {
        var end = text.IndexOf('=', StringComparison.Ordinal);
        return end < 0 ? (KvpQuery.Decode(text).Trim(), "") : (KvpQuery.Decode(text[..end]).Trim(), KvpQuery.Decode(text[(end + 1)..]));
    }

    private sealed record Item(string Id, string Value, IReadOnlyDictionary<string, string> Attributes)
    {
        public string? this[string name] => Attributes.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
    }
}
