using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Styles;
using static GeoWps.Adapters.Http.OpenApi.ApiResponses;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>Styles of layers, and of all of them together.</summary>
internal static class StylePaths
{
    private const string Tag = "Styles";

    public static IEnumerable<(string Path, JsonObject Operations)> All() =>
    [
        ("/styles", List("getStyles", "The styles of all layers together", [])),
        ("/styles/default", Style("getStyle", "A style of all layers together", [], [StyleForm.MapLibre, StyleForm.Json])),
        ("/collections/{layer}/styles", List("getLayerStyles", "The styles of a layer", [Layer()])),
        ("/collections/{layer}/styles/default", Style("getLayerStyle", "A layer's style: its own, or one that fits its geometry", [Layer()], [StyleForm.MapLibre, StyleForm.Json, StyleForm.Qml])),
    ];

    private static JsonObject List(string id, string summary, JsonObject[] parameters)
    {
        var found = new JsonObject { ["description"] = summary, ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } } } };
        return new JsonObject { ["get"] = ApiParts.OrPage(ApiParts.Operation(id, Tag, summary, parameters, ("200", found), NotFound)) };
    }

    private static JsonObject Style(string id, string summary, JsonObject[] parameters, StyleForm[] forms)
    {
        var content = new JsonObject();
        foreach (var form in forms)
        {
            content[form.MediaType] = new JsonObject { ["schema"] = new JsonObject { ["type"] = form == StyleForm.Qml ? "string" : "object" } };
        }

        var names = string.Join(", ", forms.Select(form => $"\"{form.Name}\""));
        return new JsonObject
        {
            ["get"] = ApiParts.Operation(
                id,
                Tag,
                summary,
                [.. parameters, ApiParts.Query("f", "The form, instead of Accept", $$"""{"type": "string", "enum": [{{names}}]}""")],
                ("200", new JsonObject { ["description"] = summary, ["content"] = content }),
                BadRequest,
                NotFound),
        };
    }

    private static JsonObject Layer() => ApiParts.Path("layer", "The id of a layer");
}
