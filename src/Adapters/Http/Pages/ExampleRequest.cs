using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Wps.Forms;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Pages;

/// <summary>A request that fits a process, made of its description: what is required, with values that fit.</summary>
internal static class ExampleRequest
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Curl(ProcessDescription process, string address) =>
        $"curl -X POST '{address}' \\\n  -H 'Content-Type: application/json' -H 'Prefer: respond-async' \\\n  -d '{Body(process).ToJsonString(Form).Replace("'", "'\\''", StringComparison.Ordinal)}'";

    public static JsonObject Body(ProcessDescription process) => new()
    {
        ["inputs"] = new JsonObject(process.Inputs.Where(input => input.MinOccurs > 0 || (IsCrs(input) && !input.Schema.ContainsKey("default"))).Select(input => KeyValuePair.Create(input.Id, (JsonNode?)Values(input)))),
        ["response"] = "document",
    };

    /// <summary>Without a project a CRS that QGIS would take from there has to be given.</summary>
    private static bool IsCrs(InputDescription input) => input.Facts.GetValueOrDefault("qgis:type") == "crs";

    private static JsonNode Values(InputDescription input) =>
        IsCrs(input) ? JsonValue.Create("EPSG:4326")
        : input.MinOccurs > 1 ? new JsonArray([.. Enumerable.Range(0, input.MinOccurs).Select(_ => Value(input.Schema))])
        : Qualified(Value(input.Schema));

    /// <summary>An object that is no box and no GeoJSON does not stand bare.</summary>
    private static JsonNode Qualified(JsonNode value) =>
        value is JsonObject plain && !plain.ContainsKey("bbox") && !plain.ContainsKey("href") && !plain.ContainsKey("type") ? new JsonObject { ["value"] = plain } : value;

    private static JsonNode Value(JsonObject schema)
    {
        if (schema["default"] is { } preset)
        {
            return preset.DeepClone();
        }

        // GeoJSON stands first in a form, whatever the order of the schema.
        var alternatives = DataForms.Flatten(schema).ToList();
        var first = alternatives.Find(alternative => alternative.ToJsonString().Contains("geojson-", StringComparison.Ordinal)) ?? alternatives[0];
        return DataForms.Of(schema, []) switch
        {
            DataForm.Box => new JsonObject { ["bbox"] = new JsonArray(6.5, 51.0, 7.5, 52.0) },
            DataForm.Complex complex => Complex(complex.Default, first),
            DataForm.Literal literal => Literal(literal, first),
            _ => JsonValue.Create("")!,
        };
    }

    private static JsonNode Complex(DataFormat format, JsonObject first) => format.MediaType switch
    {
        MediaTypes.GeoJson when first.ToJsonString().Contains("geojson-geometry", StringComparison.Ordinal) => Point(),
        MediaTypes.GeoJson => new JsonObject
        {
            ["type"] = "FeatureCollection",
            ["features"] = new JsonArray(new JsonObject { ["type"] = "Feature", ["properties"] = new JsonObject { ["name"] = "here" }, ["geometry"] = Point() }),
        },
        MediaTypes.Json when DataForms.TypeOf(first) == "array" => new JsonArray(
            [.. Enumerable.Range(0, Math.Max(1, first["minItems"]?.GetValue<int>() ?? 1)).Select(_ => Value(first["items"] as JsonObject ?? []))]),
        MediaTypes.Json when DataForms.TypeOf(first) == "object" => new JsonObject(
            (first["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>())
                .Select(name => KeyValuePair.Create(name, (JsonNode?)Value(first["properties"]?[name] as JsonObject ?? [])))),
        _ => new JsonObject { ["href"] = "https://data.example.org/data", ["type"] = format.MediaType },
    };

    private static JsonObject Point() => new() { ["type"] = "Point", ["coordinates"] = new JsonArray(7.0, 51.5) };

    private static JsonNode Literal(DataForm.Literal literal, JsonObject first)
    {
        if (first["enum"] is JsonArray { Count: > 0 } allowed)
        {
            return allowed[0]!.DeepClone();
        }

        return literal.DataType switch
        {
            "integer" or "double" => first["minimum"] is { } least && first["exclusiveMinimum"] is null ? least.DeepClone() : JsonValue.Create(1),
            "boolean" => JsonValue.Create(true),
            "dateTime" => JsonValue.Create("2026-01-01T00:00:00Z"),
            "date" => JsonValue.Create("2026-01-01"),
            "time" => JsonValue.Create("00:00:00"),
            "anyURI" => JsonValue.Create("https://data.example.org/"),
            _ => JsonValue.Create("text"),
        };
    }
}
