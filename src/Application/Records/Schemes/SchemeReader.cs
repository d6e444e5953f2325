using System.Text.Json;
using GeoWps.Domain.Records.Schemes;

namespace GeoWps.Application.Records.Schemes;

/// <summary>
/// Reads schemes: CSV with the columns code, label (or label@LANGUAGE) and broader, and SKOS as JSON or JSON-LD: an object with <c>concepts</c>, or a <c>@graph</c>, whose members are <c>notation</c> or
/// <c>id</c>, <c>prefLabel</c> and <c>broader</c>, with or without <c>skos:</c>.
/// </summary>
public static class SchemeReader
{
    private const int MaxText = 1_000;
    private const string Skos = "http://www.w3.org/2004/02/skos/core#";

    /// <exception cref="SchemeException">With the line.</exception>
    public static ClassificationScheme FromCsv(string id, string text)
    {
        var rows = CsvRows.Read(text.TrimStart('\ufeff')).ToArray();
        if (rows.Length == 0 || rows[0].Fields.IndexOf("code") is not (>= 0 and var code))
        {
            throw new SchemeException("line 1: a column code is required, and label, label@LANGUAGE or broader may be there");
        }

        var header = rows[0].Fields;
        if (header.FirstOrDefault(name => name is not ("code" or "label" or "broader") && !name.StartsWith("label@", StringComparison.Ordinal)) is { } unknown)
        {
            throw new SchemeException($"line 1: there is no column {Cut(unknown)}; there are code, label, label@LANGUAGE and broader");
        }

        var drafts = new List<Draft>();
        foreach (var (line, fields) in rows.Skip(1))
        {
            if (fields.Count > header.Count)
            {
                throw new SchemeException($"line {line}: {fields.Count} fields, and only {header.Count} columns");
            }

            var (labels, broader) = (new Dictionary<string, string>(), (string?)null);
            for (var i = 0; i < fields.Count; i++)
            {
                if (fields[i].Length == 0 || i == code)
                {
                    continue;
                }

                if (header[i] == "broader")
                {
                    broader = fields[i];
                }
                else
                {
                    labels[header[i] == "label" ? ClassificationScheme.Und : header[i]["label@".Length..]] = fields[i];
                }
            }

            drafts.Add(new Draft($"line {line}", fields.Count > code ? fields[code] : "", null, labels, broader));
        }

        return Made(id, new Dictionary<string, string>(), drafts);
    }

    /// <exception cref="SchemeException">With the concept.</exception>
    public static ClassificationScheme FromJson(string id, JsonElement json)
    {
        var concepts = new List<JsonElement>();
        var scheme = json;
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("@graph", out var graph))
        {
            concepts.AddRange(Each(graph).Where(node => IsA(node, "Concept")));
            scheme = Each(graph).FirstOrDefault(node => IsA(node, "ConceptScheme"));
        }
        else if (Member(json, "concepts") is { ValueKind: JsonValueKind.Array } list)
        {
            concepts.AddRange(list.EnumerateArray());
        }
        else
        {
            throw new SchemeException("concepts or @graph is required");
        }

        var drafts = concepts.Select((concept, i) =>
        {
            var name = Text(Member(concept, "id")) ?? Text(Member(concept, "@id"));
            return new Draft($"concept {i + 1}", Text(Member(concept, "notation")) ?? name ?? "", name, Labels(Member(concept, "prefLabel"), $"concept {i + 1}"), Text(Member(concept, "broader")));
        }).ToList();
        return Made(id, Labels(Member(scheme, "prefLabel") ?? Member(scheme, "title") ?? Member(scheme, "dct:title") ?? Member(scheme, "http://purl.org/dc/terms/title"), "the scheme"), drafts);
    }

    private static ClassificationScheme Made(string id, Dictionary<string, string> labels, List<Draft> drafts)
    {
        if (drafts.Count is 0 or > ClassificationScheme.MaxConcepts)
        {
            throw new SchemeException($"1 to {ClassificationScheme.MaxConcepts} concepts are required (got {drafts.Count})");
        }

        var (byName, byCode) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, Draft>(StringComparer.Ordinal));
        foreach (var draft in drafts)
        {
            if (draft.Code.Length is 0 or > 200 || draft.Code.Any(letter => char.IsControl(letter) || letter is ',' or ':'))
            {
                throw new SchemeException($"{draft.Place}: a code has 1 to 200 characters, and no comma, colon or control character (got '{Cut(draft.Code)}'); where a concept's id is an address, it needs a notation");
            }

            if (!byCode.TryAdd(draft.Code, draft))
            {
                throw new SchemeException($"{draft.Place}: the code {draft.Code} is there twice");
            }

            if (draft.Name is not null)
            {
                byName.TryAdd(draft.Name, draft.Code);
            }
        }

        var concepts = drafts.ConvertAll(draft => new Concept(draft.Code, draft.Labels, draft.Broader is null ? null
            : byName.TryGetValue(draft.Broader, out var code) ? code
            : byCode.ContainsKey(draft.Broader) ? draft.Broader
            : throw new SchemeException($"{draft.Place}: there is no code {Cut(draft.Broader)}, which {draft.Code} is below")));
        RefuseCircles(concepts, byCode);
        return new ClassificationScheme(id, labels, concepts);
    }

    private static void RefuseCircles(List<Concept> concepts, Dictionary<string, Draft> drafts)
    {
        var above = concepts.ToDictionary(concept => concept.Code, concept => concept.Broader, StringComparer.Ordinal);
        var good = new HashSet<string>(StringComparer.Ordinal);
        foreach (var concept in concepts)
        {
            var path = new HashSet<string>(StringComparer.Ordinal);
            for (string? code = concept.Code; code is not null && !good.Contains(code); code = above[code])
            {
                if (!path.Add(code))
                {
                    throw new SchemeException($"{drafts[code].Place}: {code} is below itself");
                }
            }

            good.UnionWith(path);
        }
    }

    private static Dictionary<string, string> Labels(JsonElement? value, string place)
    {
        var labels = new Dictionary<string, string>();
        foreach (var one in value is { } some ? Each(some) : [])
        {
            if (one.ValueKind == JsonValueKind.String)
            {
                labels.TryAdd(ClassificationScheme.Und, Cut(one.GetString()!));
            }
            else if (one.ValueKind == JsonValueKind.Object && one.TryGetProperty("@value", out var plain))
            {
                labels.TryAdd(one.TryGetProperty("@language", out var language) ? Text(language) ?? ClassificationScheme.Und : ClassificationScheme.Und, Cut(Text(plain) ?? ""));
            }
            else if (one.ValueKind == JsonValueKind.Object)
            {
                foreach (var label in one.EnumerateObject())
                {
                    labels.TryAdd(label.Name, Cut(Text(label.Value) ?? throw new SchemeException($"{place}: the label in {Cut(label.Name)} is no text")));
                }
            }
            else
            {
                throw new SchemeException($"{place}: a label is a text, or an object of texts by language");
            }
        }

        return labels;
    }

    private static JsonElement? Member(JsonElement json, string name)
    {
        foreach (var each in json.ValueKind == JsonValueKind.Object ? (string[])[name, "skos:" + name, Skos + name] : [])
        {
            if (json.TryGetProperty(each, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                return value;
            }
        }

        return null;
    }

    private static IEnumerable<JsonElement> Each(JsonElement json) => json.ValueKind == JsonValueKind.Array ? json.EnumerateArray() : [json];

    private static bool IsA(JsonElement node, string type) =>
        (Member(node, "@type") ?? Member(node, "type")) is { } types && Each(types).Any(one => Text(one) is { } text && (text == type || text == "skos:" + type || text == Skos + type));

    // A text, what a reference names, what a value holds, or the first of several.
    private static string? Text(JsonElement? json) => json switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        { ValueKind: JsonValueKind.Array } list => list.GetArrayLength() > 0 ? Text(list[0]) : null,
        { ValueKind: JsonValueKind.Object } reference => Text(Member(reference, "@id") ?? Member(reference, "id") ?? Member(reference, "@value")),
        _ => null,
    };

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText];

    private sealed record Draft(string Place, string Code, string? Name, Dictionary<string, string> Labels, string? Broader);
}

/// <summary>What was given is no scheme; the message names the place.</summary>
public sealed class SchemeException(string message) : Exception(message);
