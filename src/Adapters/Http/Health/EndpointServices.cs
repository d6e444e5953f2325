using GeoWps.Application.Nodes;

namespace GeoWps.Adapters.Http.Health;

/// <summary>Which service an endpoint belongs to: its folder says it.</summary>
internal static class EndpointServices
{
    private const string Root = "GeoWps.Adapters.Http.";

    /// <summary>Beginnings of paths that are for this node's operator or its neighbours, never for callers of a cluster.</summary>
    private static readonly string[] Own = ["admin", "metrics", "health"];

    /// <exception cref="NotSupportedException">Its folder has no service yet: add it here.</exception>
    public static string Of(Type endpoint) => FolderOf(endpoint) switch
    {
        "Health" or "Landing" or "OpenApi" or "Tokens" => NodeServices.Core,
        "Deployment" or "Jobs" or "Processes" or "Wps" => NodeServices.Processes,
        "Files" or "Uploads" => NodeServices.Files,
        "Collections" or "Layers" or "Schedules" or "Seeding" or "Styles" or "Tiles" or "Wmts" => NodeServices.Tiles,
        "Harvesting" or "Records" => NodeServices.Records,
        var folder => throw new NotSupportedException($"The endpoints of '{folder}' have no service."),
    };

    /// <param name="template">Path template of a route.</param>
    public static bool IsOffered(string template) => !Own.Contains(template.Trim('/').Split('/')[0], StringComparer.OrdinalIgnoreCase);

    private static string FolderOf(Type endpoint) =>
        endpoint.Namespace is { } name && name.StartsWith(Root, StringComparison.Ordinal) ? name[Root.Length..].Split('.')[0] : "";
}
