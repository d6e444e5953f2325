using System.Text.Json.Nodes;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>What QGIS would take from its project or settings: optional inputs of every QGIS process, with a prefix.</summary>
internal static class ContextInputs
{
    public const string Ellipsoid = "qgis:ellipsoid";
    public const string ProjectCrs = "qgis:projectCrs";
    public const string InvalidFeatures = "qgis:invalidFeatures";
    public const string Project = "qgis:project";

    public static bool IsOne(string input) => input is Ellipsoid or ProjectCrs or InvalidFeatures or Project;

    /// <param name="trusted">A project names files, addresses and expressions: only where callers are trusted.</param>
    public static IEnumerable<InputDescription> All(bool trusted)
    {
        yield return Optional(Ellipsoid, "Ellipsoid", Schemas.Of("string"), "For lengths and areas, such as GRS80; none: planar.");
        yield return Optional(ProjectCrs, "Project CRS", Schemas.Of("string"), "The CRS of the project, such as EPSG:3857; none: no project CRS.");
        yield return Optional(
            InvalidFeatures,
            "Features with invalid geometry",
            new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("error", "skip", "ignore"), ["default"] = "error" },
            "error stops with a message, skip leaves them out, ignore takes them as they are.");
        if (trusted)
        {
            yield return Optional(Project, "Project", DataFormats.Alternative(DataFormats.Zip), "A zip with a .qgs or .qgz and the data of its layers.");
        }
    }

    private static InputDescription Optional(string id, string title, JsonObject schema, string description) =>
        new(id, title, schema, MinOccurs: 0) { Description = description, Facts = new Dictionary<string, string> { ["qgis:advanced"] = "true" } };
}
