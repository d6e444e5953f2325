using System.Text.Json;

namespace GeoWps.Application.Records.Schemes;

/// <summary>What names mean in a JSON-LD document: prefixes, terms and <c>@vocab</c> of its contexts (JSON-LD 1.1, clause 4.1). A context that is an address is not fetched; plain names then mean those of SKOS.</summary>
internal sealed class SkosContext
{
    public const string Skos = "http://www.w3.org/2004/02/skos/core#";

    private const int MaxSteps = 8;
    private readonly Dictionary<string, string> _terms = new(StringComparer.Ordinal) { ["skos"] = Skos, ["dct"] = "http://purl.org/dc/terms/", ["dcterms"] = "http://purl.org/dc/terms/" };
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private string? _vocabulary;

    public SkosContext(JsonElement document)
    {
        if (document.ValueKind == JsonValueKind.Object && document.TryGetProperty("@context", out var context))
        {
            Add(context);
        }
    }

    /// <summary>The member of a node that means a name of SKOS, or a keyword (<c>@id</c>, <c>@type</c>).</summary>
    public JsonElement? Member(JsonElement node, string name)
    {
        if (node.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (node.TryGetProperty(name, out var plain) && plain.ValueKind != JsonValueKind.Null)
        {
            return plain;
        }

        foreach (var member in node.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null && NameOf(member.Name) == name)
            {
                return member.Value;
            }
        }

        return null;
    }

    /// <summary>What a name, a type or a reference is written out; as it is where nothing is known of it.</summary>
    public string Full(string name)
    {
        for (var step = 0; step < MaxSteps; step++)
        {
            if (_terms.TryGetValue(name, out var meant) && meant != name)
            {
                name = meant;
            }
            else if (name.IndexOf(':', StringComparison.Ordinal) is > 0 and var at && !name.AsSpan(at + 1).StartsWith("//") && _terms.TryGetValue(name[..at], out var prefix))
            {
                return prefix.Contains(':', StringComparison.Ordinal) && _terms.TryGetValue(prefix.Split(':')[0], out _) ? Full(prefix) + name[(at + 1)..] : prefix + name[(at + 1)..];
            }
            else
            {
                break;
            }
        }

        return name;
    }

    /// <returns>Whether a type is this one of SKOS.</returns>
    public bool Is(string type, string name) => NameOf(type) == name;

    private string NameOf(string name)
    {
        if (!_names.TryGetValue(name, out var meant))
        {
            meant = Full(name);
            meant = meant == name && _vocabulary is not null && !name.Contains(':', StringComparison.Ordinal) && name is not ['@', ..] ? _vocabulary + name : meant;
            meant = meant.StartsWith(Skos, StringComparison.Ordinal) ? meant[Skos.Length..] : meant;
            _names.Add(name, meant);
        }

        return meant;
    }

    private void Add(JsonElement context)
    {
        if (context.ValueKind == JsonValueKind.Array)
        {
            foreach (var one in context.EnumerateArray())
            {
                Add(one);
            }

            return;
        }

        foreach (var term in context.ValueKind == JsonValueKind.Object ? context.EnumerateObject() : default)
        {
            var meant = term.Value.ValueKind == JsonValueKind.Object && term.Value.TryGetProperty("@id", out var id) ? id : term.Value;
            if (meant.ValueKind != JsonValueKind.String)
            {
                continue;
            }

            if (term.Name == "@vocab")
            {
                _vocabulary = meant.GetString();
            }
            else if (term.Name is not ['@', ..])
            {
                _terms[term.Name] = meant.GetString()!;
            }
        }
    }
}
