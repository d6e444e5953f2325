using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Wps.Forms;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Pages;

/// <summary>
/// A request that fits a process, made of its description: what is required, with its default, its first choice or a value of the right kind. What no
/// small value can stand for (a raster) is a reference that the reader replaces.
/// </summary>
internal static class ExampleRequest
{
    private const string Elsewhere = "https://data.example.org/data";

    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, NewLine = "\n", Encoder = JsonAnswer.Form.Encoder };

    public static string Curl(ProcessDescription process, string address) =>
        $"curl -X POST '{address}' \\\n  -H 'Content-Type: application/json' \\\n  -d '{Body(process).ToJsonString(Form).Replace("'", "'\\''", StringComparison.Ordinal)}'";

    public static JsonObject Body(ProcessDescription process)
    {
        var request = new JsonObject
        {
            ["inputs"] = new JsonObject(process.Inputs.Where(input => IsNeeded(input, process)).Select(input => KeyValuePair.Create(input.Id, (JsonNode?)Values(input)))),
        };
        var outputs = process.Outputs.Where(output => !output.Optional).ToList();
        if (outputs.Exists(IsFile))
        {
            // A file is nothing to print on a terminal: its address is.
            request["outputs"] = new JsonObject(outputs.Select(output =>
                KeyValuePair.Create(output.Id, (JsonNode?)new JsonObject { ["transmissionMode"] = IsFile(output) ? "reference" : "value" })));
        }

        request["response"] = "document";
        return request;
    }

    /// <remarks>Where no layer brings a coordinate system with it, QGIS asks for one although its description does not.</remarks>
    private static bool IsNeeded(InputDescription input, ProcessDescription process) =>
        input.MinOccurs > 0
        || (KindOf(input) == "crs" && input.Schema["default"] is null && !process.Inputs.Any(other => other.MinOccurs > 0 && KindOf(other) is "source" or "raster" or "vector" or "multilayer"));

    private static string KindOf(InputDescription input) => input.Facts.GetValueOrDefault("qgis:type", "");

    private static bool IsFile(OutputDescription output) => DataForms.Of(output.Schema, output.MediaTypes) is DataForm.Complex { Default.Encoding: not null };

    private static JsonNode Values(InputDescription input) => input.MinOccurs > 1
        ? new JsonArray([.. Enumerable.Range(0, input.MinOccurs).Select(_ => Value(input.Schema, input))])
        : Value(input.Schema, input) is JsonObject value && DataForms.TypeOf(input.Schema) == "object"
            ? new JsonObject { ["value"] = value }
            : Value(input.Schema, input);

    private static JsonNode Value(JsonObject schema, InputDescription input)
    {
        if (schema["default"] is { } preset)
        {
            return preset.DeepClone();
        }

        var first = DataForms.Flatten(schema).First();
        return DataForms.Of(schema, []) switch
        {
            DataForm.Box => new JsonObject
            {
                ["bbox"] = new JsonArray(6.5, 51.0, 7.5, 52.0), ["crs"] = "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            },
            DataForm.Complex complex => Complex(complex.Default, schema, first, input),
            DataForm.Literal literal => Literal(literal, first, input),
            _ => JsonValue.Create("")!,
        };
    }

    private static JsonNode Complex(DataFormat format, JsonObject schema, JsonObject first, InputDescription input) => format.MediaType switch
    {
        MediaTypes.GeoJson when schema.ToJsonString().Contains("geojson-geometry", StringComparison.Ordinal) => Geometry(input),
        MediaTypes.GeoJson => Features(input),
        MediaTypes.Json when DataForms.TypeOf(first) == "array" => new JsonArray(
            [.. Enumerable.Range(0, Math.Max(1, (first["minItems"] as JsonValue)?.GetValue<int>() ?? 1)).Select(_ => Value(first["items"] as JsonObject ?? [], input))]),
        MediaTypes.Json when DataForms.TypeOf(first) == "object" => new JsonObject(
            (first["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>())
                .Select(name => KeyValuePair.Create(name, (JsonNode?)(name == "layer" ? Features(input) : Value(first["properties"]?[name] as JsonObject ?? [], input))))),
        MediaTypes.Json => JsonValue.Create(1),
        _ => new JsonObject { ["href"] = Elsewhere, ["type"] = format.MediaType },
    };

    private static JsonObject Features(InputDescription input) => new()
    {
        ["type"] = "FeatureCollection",
        ["features"] = new JsonArray(new JsonObject { ["type"] = "Feature", ["properties"] = new JsonObject { ["name"] = "here" }, ["geometry"] = Geometry(input) }),
    };

    private static JsonObject Geometry(InputDescription input) => JsonNode.Parse(input.Facts.GetValueOrDefault("qgis:geometryTypes", "").Split(',')[0] switch
    {
        "line" => """{"type": "LineString", "coordinates": [[7, 51], [7.5, 51.5]]}""",
        "polygon" => """{"type": "Polygon", "coordinates": [[[7, 51], [7.5, 51], [7.5, 51.5], [7, 51]]]}""",
        _ => """{"type": "Point", "coordinates": [7, 51.5]}""",
    })!.AsObject();

    private static JsonNode Literal(DataForm.Literal literal, JsonObject first, InputDescription input)
    {
        if (first["enum"] is JsonArray { Count: > 0 } allowed && allowed[0] is { } choice)
        {
            return choice.DeepClone();
        }

        return literal.DataType switch
        {
            "integer" or "double" => first["minimum"] is { } least && first["exclusiveMinimum"] is null ? least.DeepClone() : JsonValue.Create(1),
            "boolean" => JsonValue.Create(true),
            "dateTime" => JsonValue.Create("2026-01-01T00:00:00Z"),
            "date" => JsonValue.Create("2026-01-01"),
            "time" => JsonValue.Create("00:00:00"),
            "anyURI" => JsonValue.Create(Elsewhere),
            _ => JsonValue.Create(KindOf(input) switch
            {
                "crs" => "EPSG:3857",
                "field" => "name",
                "expression" => "$id",
                _ => "text",
            }),
        };
    }
}
