using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Layers;

/// <summary>What <c>geowps layers add</c> was told.</summary>
/// <param name="Source">A local file, an address, a job's result or a file of the server's.</param>
internal sealed record LayerOrder(string Source)
{
    private const int JobIdLength = 32;

    public string? Id { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    public string? Attribution { get; init; }

    public string? Attributes { get; init; }

    public string? SearchFields { get; init; }

    public string? Table { get; init; }

    public int? MinZoom { get; init; }

    public int? MaxZoom { get; init; }

    /// <summary>A local file.</summary>
    public string? Style { get; init; }

    /// <summary>The layer <see cref="Id"/> gets the data and keeps its settings.</summary>
    public bool Replace { get; init; }

    public bool IsServerFile { get; init; }

    /// <summary>The source is the address of another server's tiles.</summary>
    public bool IsUpstream { get; init; }

    /// <summary>Of another server: which layer.</summary>
    public string? UpstreamLayer { get; init; }

    /// <summary>The source is a table, or a query in brackets, of this connection.</summary>
    public string? PostGis { get; init; }

    public bool IsLocalFile => RemoteSource() is null;

    /// <summary>The layer's form, without its source.</summary>
    public JsonObject Form()
    {
        var form = new JsonObject();
        AddIfAny(form, "id", Id);
        AddIfAny(form, "title", Title);
        AddIfAny(form, "description", Description);
        AddIfAny(form, "attribution", Attribution);
        AddIfAny(form, "searchFields", Names(SearchFields));
        var tiles = new JsonObject();
        AddIfAny(tiles, "minZoom", MinZoom);
        AddIfAny(tiles, "maxZoom", MaxZoom);
        AddIfAny(tiles, "attributes", Names(Attributes));
        AddIfAny(form, "tiles", tiles.Count > 0 ? tiles : null);
        AddIfAny(form, "style", Style is null ? null : StyleOf(Style));
        return form;
    }

    private static JsonArray? Names(string? list) => list is null ? null : new JsonArray([.. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]);

    /// <returns><see langword="null"/> when the data are a local file.</returns>
    public JsonObject? RemoteSource()
    {
        var source = IsServerFile ? new JsonObject { ["file"] = Source }
            : IsUpstream ? new JsonObject { ["upstream"] = Upstream() }
            : PostGis is not null ? new JsonObject { ["postgis"] = Database(PostGis) }
            : Source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || Source.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? new JsonObject { ["href"] = Source }
            : !File.Exists(Source) && Source.Split(':', 2) is [{ Length: JobIdLength } job, { Length: > 0 } output] ? new JsonObject { ["job"] = job, ["output"] = output }
            : null;
        if (source is not null && Table is not null)
        {
            source["table"] = Table;
        }

        return source;
    }

    /// <summary>A template, or the address of a document that tells it.</summary>
    private JsonObject Upstream()
    {
        if (!Source.Contains('{', StringComparison.Ordinal))
        {
            var offer = new JsonObject { ["capabilities"] = Source };
            AddIfAny(offer, "layer", UpstreamLayer);
            return offer;
        }

        var upstream = new JsonObject { ["template"] = Source, ["protocol"] = Source.Contains("{TileMatrix}", StringComparison.Ordinal) ? "wmts" : "xyz" };
        var ending = Path.GetExtension(Source.Split('?')[0]).TrimStart('.').ToLowerInvariant();
        AddIfAny(upstream, "format", ending is "pbf" or "mvt" or "png" or "jpg" or "jpeg" or "webp" ? ending : null);
        return upstream;
    }

    private JsonObject Database(string connection) => Source.StartsWith('(') && Source.EndsWith(')')
        ? new JsonObject { ["connection"] = connection, ["query"] = Source[1..^1] }
        : new JsonObject { ["connection"] = connection, ["table"] = Source };

    private static JsonObject StyleOf(string path)
    {
        var text = File.ReadAllText(path);
        if (!path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return new JsonObject { ["qml"] = text };
        }

        try
        {
            return new JsonObject { ["mapLibre"] = JsonNode.Parse(text) };
        }
        catch (JsonException fault)
        {
            throw CommandException.Usage($"--style: {path} is no JSON: {fault.Message}");
        }
    }

    private static void AddIfAny(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}
