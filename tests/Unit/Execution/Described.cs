using System.Text.Json;
using GeoWps.Adapters.Execution.Catalogue;

namespace GeoWps.Tests.Unit.Execution;

/// <summary>Algorithms and parameters as QGIS would tell them.</summary>
internal static class Described
{
    public static readonly AlgorithmFlags Plain = new(Deprecated: false, Hidden: false, Standalone: true, RequiresProject: false, CanCancel: true, Raw: 0);

    public static AlgorithmDescriptor Algorithm(string id, params ParameterDescriptor[] parameters) => new()
    {
        Id = id,
        Provider = id[..id.IndexOf(':', StringComparison.Ordinal)],
        Title = "A title",
        Flags = Plain,
        Parameters = parameters,
        Outputs = [Output("OUTPUT", "outputVector")],
    };

    public static ParameterDescriptor Parameter(string name, string type, string map = "{}", string initial = "null") => new()
    {
        Name = name,
        Type = type,
        Map = JsonElement.Parse(map),
        Default = JsonElement.Parse(initial),
    };

    public static ParameterDescriptor Destination(string name, string type, string? extension = null, params string[] extensions) =>
        Parameter(name, type) with { Destination = true, Extension = extension, Extensions = extensions };

    public static OutputDescriptor Output(string name, string type) => new(name, type, null);

    public static JsonElement Json(string json) => JsonElement.Parse(json);

    public static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text);
}
