using System.Text.Json;
using GeoWps.Domain.Records.Schemes;

namespace GeoWps.Application.Records.Schemes;

/// <summary>Reads schemes: CSV with the columns code, label (or label@LANGUAGE) and broader, and SKOS as JSON or JSON-LD (<see cref="SkosReader"/>).</summary>
public static class SchemeReader
{
    private const int MaxText = 1_000;

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

        var drafts = new List<SchemeDraft>();
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

            drafts.Add(new SchemeDraft($"line {line}", fields.Count > code ? fields[code] : "", null, labels, broader));
        }

        return Made(id, new Dictionary<string, string>(), drafts);
    }

    /// <exception cref="SchemeException">With the concept.</exception>
    public static ClassificationScheme FromJson(string id, JsonElement json) => SkosReader.Read(id, json);

    internal static ClassificationScheme Made(string id, Dictionary<string, string> labels, List<SchemeDraft> drafts)
    {
        if (drafts.Count is 0 or > ClassificationScheme.MaxConcepts)
        {
            throw new SchemeException($"1 to {ClassificationScheme.MaxConcepts} concepts are required (got {drafts.Count})");
        }

        var (byName, byCode) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, SchemeDraft>(StringComparer.Ordinal));
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

    private static void RefuseCircles(List<Concept> concepts, Dictionary<string, SchemeDraft> drafts)
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

    internal static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText];
}

/// <summary>A concept as it was read, before anybody knows whether what it names is there.</summary>
/// <param name="Place">Of messages: a line, or the number of a concept.</param>
/// <param name="Name">What others may call it beside its code.</param>
internal sealed record SchemeDraft(string Place, string Code, string? Name, Dictionary<string, string> Labels, string? Broader);

/// <summary>What was given is no scheme; the message names the place.</summary>
public sealed class SchemeException(string message) : Exception(message);
