using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Answers;

namespace GeoWps.Adapters.Http.Pages;

/// <summary>The API's definition to be read: every operation with its parameters.</summary>
internal static class ApiPage
{
    /// <param name="definition">OpenAPI 3.0.</param>
    public static StoredPage Of(JsonObject definition, string baseAddress)
    {
        var page = new Page(
            "API", baseAddress, [], [new Link(baseAddress + "api?f=json", "alternate", Media.OpenApi, "As OpenAPI 3.0"), new Link(baseAddress + "processes?f=html", "related", "text/html", "Processes")]);
        return page.Store(html =>
        {
            html.Element("p", definition["info"]!["description"]!.GetValue<string>());
            html.Element("p", "Each process has a path of its own in the definition, with the schema of its own request; its page shows a request that fits.");
            foreach (var tag in definition["tags"]!.AsArray().Select(tag => tag!.AsObject()))
            {
                Tag(html, definition, tag, baseAddress);
            }
        });
    }

    private static void Tag(HtmlWriter html, JsonObject definition, JsonObject tag, string baseAddress)
    {
        var name = tag["name"]!.GetValue<string>();
        html.Element("h2", name);
        html.Element("p", tag["description"]?.GetValue<string>(), ("class", "soft"));
        html.Element("table", () => html.Element("tbody", () =>
        {
            foreach (var (path, item) in definition["paths"]!.AsObject())
            {
                foreach (var (method, operation) in item!.AsObject().Where(each => each.Value is JsonObject one && one["tags"]?[0]?.GetValue<string>() == name))
                {
                    html.Element("tr", () => Operation(html, definition, path, method, operation!.AsObject(), baseAddress));
                }
            }
        }), ("class", "stack"));
    }

    private static void Operation(HtmlWriter html, JsonObject definition, string path, string method, JsonObject operation, string baseAddress)
    {
        html.Element("td", () => html.Element("code", () =>
        {
            html.Text(method.ToUpperInvariant() + " ");
            if (method == "get" && !path.Contains('{', StringComparison.Ordinal))
            {
                html.Link(baseAddress + path.TrimStart('/'), path);
            }
            else
            {
                html.Text(path);
            }
        }));
        html.Element("td", () =>
        {
            html.Text(operation["summary"]?.GetValue<string>());
            foreach (var parameter in (operation["parameters"] as JsonArray ?? []).Select(parameter => Resolve(definition, parameter!.AsObject())))
            {
                html.Element("small", $"{parameter["name"]} ({parameter["in"]}): {parameter["description"]}");
            }
        });
    }

    private static JsonObject Resolve(JsonObject definition, JsonObject parameter) =>
        parameter["$ref"]?.GetValue<string>() is { } reference ? definition["components"]!["parameters"]![reference.Split('/')[^1]]!.AsObject() : parameter;
}
