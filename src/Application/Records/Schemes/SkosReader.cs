using System.Text.Json;
using GeoWps.Domain.Records.Schemes;

namespace GeoWps.Application.Records.Schemes;

/// <summary>
/// Reads SKOS as plain JSON (an object with <c>concepts</c>) and as JSON-LD: a <c>@graph</c>, a list, or one scheme with its concepts within it; names with any prefix, or of a context; labels as texts,
/// values with a language, or texts by language; one of each or several. What is above is told by <c>broader</c>, or from above by <c>narrower</c>.
/// </summary>
internal sealed class SkosReader
{
    private static readonly string[] _ofConcepts = ["notation", "prefLabel", "broader", "narrower", "inScheme", "topConceptOf"];
    private static readonly string[] _within = ["hasTopConcept", "narrower", "broader"];

    private readonly SkosContext _context;
    private readonly List<SchemeDraft> _drafts = [];
    private readonly Dictionary<string, SchemeDraft> _byName = new(StringComparer.Ordinal);
    private readonly List<(string Place, string Above, string Name)> _below = [];
    private JsonElement? _scheme;

    private SkosReader(SkosContext context) => _context = context;

    /// <exception cref="SchemeException">With the concept.</exception>
    public static ClassificationScheme Read(string id, JsonElement json)
    {
        var reader = new SkosReader(new SkosContext(json));
        var context = reader._context;
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("@graph", out var graph))
        {
            reader.AddAll(graph, areConcepts: false);
        }
        else if (context.Member(json, "concepts") is { ValueKind: JsonValueKind.Array } list)
        {
            reader._scheme = json;
            reader.AddAll(list, areConcepts: true);
        }
        else if (json.ValueKind == JsonValueKind.Array || context.Member(json, "hasTopConcept") is not null || reader.IsA(json, "ConceptScheme"))
        {
            reader.AddAll(json, areConcepts: false);
        }
        else
        {
            throw new SchemeException("concepts or @graph is required");
        }

        return SchemeReader.Made(id, reader._scheme is { } scheme ? reader.SchemeLabels(scheme) : [], reader.Linked());
    }

    private Dictionary<string, string> SchemeLabels(JsonElement scheme) => Labels(
        _context.Member(scheme, "prefLabel") ?? _context.Member(scheme, "title") ?? _context.Member(scheme, "http://purl.org/dc/terms/title") ?? _context.Member(scheme, "http://purl.org/dc/elements/1.1/title"),
        "the scheme");

    // narrower says of the one below what broader would say itself, which comes first.
    private List<SchemeDraft> Linked()
    {
        var byCode = _drafts.GroupBy(draft => draft.Code, StringComparer.Ordinal).ToDictionary(some => some.Key, some => some.First(), StringComparer.Ordinal);
        var above = new Dictionary<SchemeDraft, string>();
        foreach (var (place, name, narrower) in _below)
        {
            if (!_byName.TryGetValue(narrower, out var draft) && !byCode.TryGetValue(narrower, out draft))
            {
                throw new SchemeException($"{place}: there is no code {SchemeReader.Cut(narrower)}, which is said to be below it");
            }

            above.TryAdd(draft, name);
        }

        return _drafts.ConvertAll(draft => draft.Broader is null && above.TryGetValue(draft, out var name) ? draft with { Broader = name } : draft);
    }

    private void AddAll(JsonElement nodes, bool areConcepts)
    {
        foreach (var node in Each(nodes))
        {
            if (areConcepts || IsConcept(node))
            {
                Add(node);
            }
            else if (IsA(node, "ConceptScheme") || _context.Member(node, "hasTopConcept") is not null)
            {
                _scheme ??= node;
                AddWithin(node);
            }
        }
    }

    private void Add(JsonElement node)
    {
        var name = Text(_context.Member(node, "@id") ?? _context.Member(node, "id")) is { } id ? _context.Full(id) : null;
        var place = $"concept {_drafts.Count + 1}";
        var notation = Text(_context.Member(node, "notation"));
        var broader = Reference(_context.Member(node, "broader"));
        var draft = new SchemeDraft(place, notation ?? name ?? "", name, Labels(_context.Member(node, "prefLabel"), place), broader);
        if (name is not null && _byName.TryGetValue(name, out var known) && (notation is null || known.Code == name || known.Code == notation))
        {
            // The same once more, where another tells of it.
            foreach (var (language, label) in known.Labels)
            {
                draft.Labels.TryAdd(language, label);
            }

            draft = draft with { Place = known.Place, Code = notation ?? known.Code, Broader = known.Broader ?? broader };
            _drafts[_drafts.IndexOf(known)] = draft;
        }
        else
        {
            _drafts.Add(draft);
        }

        if (name is not null)
        {
            _byName[name] = draft;
        }

        foreach (var narrower in _context.Member(node, "narrower") is { } some ? Each(some) : [])
        {
            if (Reference(narrower) is { } below)
            {
                _below.Add((draft.Place, name ?? draft.Code, below));
            }
        }

        AddWithin(node);
    }

    // Concepts that stand in the place of a reference to them.
    private void AddWithin(JsonElement node)
    {
        foreach (var one in _within.SelectMany(member => _context.Member(node, member) is { } some ? Each(some) : []))
        {
            if (one.ValueKind == JsonValueKind.Object && _ofConcepts.Any(member => _context.Member(one, member) is not null))
            {
                Add(one);
            }
        }
    }

    private bool IsConcept(JsonElement node) => IsA(node, "Concept")
        || (_context.Member(node, "@type") ?? _context.Member(node, "type")) is null && _context.Member(node, "hasTopConcept") is null && _ofConcepts.Any(member => member != "prefLabel" && _context.Member(node, member) is not null);

    private bool IsA(JsonElement node, string type) =>
        (_context.Member(node, "@type") ?? _context.Member(node, "type")) is { } types && Each(types).Any(one => Text(one) is { } text && _context.Is(text, type));

    private string? Reference(JsonElement? json)
    {
        var first = json is { } some ? Each(some).FirstOrDefault() : default;
        return (first.ValueKind == JsonValueKind.Object ? Text(_context.Member(first, "@id") ?? _context.Member(first, "id") ?? _context.Member(first, "notation") ?? _context.Member(first, "@value")) : Text(first)) is { } text
            ? _context.Full(text)
            : null;
    }

    private static Dictionary<string, string> Labels(JsonElement? value, string place)
    {
        var labels = new Dictionary<string, string>();
        foreach (var one in value is { } some ? Each(some) : [])
        {
            if (one.ValueKind == JsonValueKind.String)
            {
                labels.TryAdd(ClassificationScheme.Und, SchemeReader.Cut(one.GetString()!));
            }
            else if (one.ValueKind == JsonValueKind.Object && one.TryGetProperty("@value", out var plain))
            {
                labels.TryAdd(one.TryGetProperty("@language", out var language) ? Text(language) ?? ClassificationScheme.Und : ClassificationScheme.Und, SchemeReader.Cut(Text(plain) ?? ""));
            }
            else if (one.ValueKind == JsonValueKind.Object)
            {
                foreach (var label in one.EnumerateObject())
                {
                    labels.TryAdd(
                        label.Name == "@none" ? ClassificationScheme.Und : label.Name,
                        SchemeReader.Cut(Text(label.Value) ?? throw new SchemeException($"{place}: the label in {SchemeReader.Cut(label.Name)} is no text")));
                }
            }
            else
            {
                throw new SchemeException($"{place}: a label is a text, or an object of texts by language");
            }
        }

        return labels;
    }

    private static IEnumerable<JsonElement> Each(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray(),
        JsonValueKind.Object when json.TryGetProperty("@set", out var list) || json.TryGetProperty("@list", out list) => Each(list),
        JsonValueKind.Undefined or JsonValueKind.Null => [],
        _ => [json],
    };

    // A text, what a value holds, or the first of several.
    private static string? Text(JsonElement? json) => json switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        { ValueKind: JsonValueKind.Array } list => list.GetArrayLength() > 0 ? Text(list[0]) : null,
        { ValueKind: JsonValueKind.Object } value => value.TryGetProperty("@value", out var held) || value.TryGetProperty("@id", out held) ? Text(held) : null,
        _ => null,
    };
}
