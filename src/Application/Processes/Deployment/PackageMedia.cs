using GeoWps.Application.Ports;

namespace GeoWps.Application.Processes.Deployment;

/// <summary>The forms in which a process may come.</summary>
public static class PackageMedia
{
    /// <summary>OGC 20-044, class "OGC Application Package".</summary>
    public const string Package = "application/ogcapppkg+json";

    public const string Model = "application/qgis-model+xml";

    public const string Script = "text/x-python";

    private static readonly Dictionary<string, UnitKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        [Model] = UnitKind.Model,
        ["application/x-qgis-model"] = UnitKind.Model,
        ["application/xml"] = UnitKind.Model,
        ["text/xml"] = UnitKind.Model,
        ["model"] = UnitKind.Model,
        [Script] = UnitKind.Script,
        ["application/x-python"] = UnitKind.Script,
        ["script"] = UnitKind.Script,
    };

    /// <summary>What may be written as the type of a unit.</summary>
    public static string Allowed => string.Join(", ", Kinds.Keys);

    public static string NameOf(UnitKind kind) => kind switch
    {
        UnitKind.Model => Model,
        UnitKind.Script => Script,
    };

    /// <param name="type">A media type, with or without parameters, or a unit's short name.</param>
    public static UnitKind? KindOf(string? type) => type is not null && Kinds.TryGetValue(WithoutParameters(type), out var kind) ? kind : null;

    public static UnitKind? KindOfFile(string? name) => Path.GetExtension(name ?? "").ToLowerInvariant() switch
    {
        ".model3" => UnitKind.Model,
        ".py" => UnitKind.Script,
        _ => null,
    };

    public static bool IsPackage(string? mediaType) => mediaType is not null && WithoutParameters(mediaType).Equals(Package, StringComparison.OrdinalIgnoreCase);

    /// <summary>Says nothing of the content, so that a file's name may.</summary>
    public static bool IsVague(string? mediaType) =>
        string.IsNullOrEmpty(mediaType) || WithoutParameters(mediaType) is "application/octet-stream" or "binary/octet-stream" or "text/plain";

    private static string WithoutParameters(string type) => type.Split(';')[0].Trim();
}
