using System.Text.Json.Nodes;
using GeoWps.Adapters.Execution.Staging;

namespace GeoWps.Adapters.Execution.Runs;

/// <summary>Data that lies in the job's folder.</summary>
/// <param name="Path">Of its main file, below the job's folder, with slashes.</param>
/// <param name="Kind">Of the main file.</param>
/// <param name="Name">What a layer made of it is called.</param>
/// <param name="Unpacked">The folder of a zip that was unpacked, below the job's folder.</param>
/// <param name="Files">Of that folder, relative to it.</param>
internal sealed record StagedData(string Path, DataKind Kind, string Name, string? Unpacked = null, IReadOnlyList<string>? Files = null)
{
    /// <summary>As its sender named it, where only QGIS can tell whether there is such a one.</summary>
    public string? Crs { get; init; }

    /// <summary>A LAYER of the worker protocol.</summary>
    public JsonObject Layer(string want, LayerOptions options)
    {
        var layer = new JsonObject { ["path"] = Path, ["name"] = Name, ["mediaType"] = Kind.MediaType, ["want"] = want };
        if (Crs is not null)
        {
            layer["crs"] = Crs;
        }

        if (options.LayerName is { } layerName)
        {
            layer["layername"] = layerName;
        }

        if (options.GeometryType is { } geometryType)
        {
            layer["geometrytype"] = geometryType;
        }

        return layer;
    }
}

/// <summary>What the fragment of a reference chooses: <c>#layername=roads&amp;geometrytype=LineString</c>.</summary>
internal sealed record LayerOptions(string? LayerName, string? GeometryType)
{
    public static LayerOptions None { get; } = new(null, null);

    /// <returns>The options, or what is wrong with them.</returns>
    public static (LayerOptions Options, string? Refusal) Of(string href)
    {
        var hash = href.IndexOf('#', StringComparison.Ordinal);
        var options = None;
        foreach (var part in (hash < 0 ? "" : href[(hash + 1)..]).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            var value = pair.Length == 2 ? Uri.UnescapeDataString(pair[1].Replace('+', ' ')) : "";
            switch (pair[0])
            {
                case "layername" when value.Length > 0:
                    options = options with { LayerName = value };
                    break;
                case "geometrytype" when value.Length > 0:
                    options = options with { GeometryType = value };
                    break;
                default:
                    return (None, $"the fragment of the address must be layername=… or geometrytype=… (got {part})");
            }
        }

        return (options, null);
    }
}
