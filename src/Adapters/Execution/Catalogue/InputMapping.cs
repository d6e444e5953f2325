using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>A parameter of an algorithm as an input of a process.</summary>
internal static class InputMapping
{
    /// <summary>Types that name things which only a desktop or a database has: an algorithm that has one can't work on a server.</summary>
    private static readonly HashSet<string> Impossible =
        ["providerconnection", "databaseschema", "databasetable", "layout", "layoutitem", "maptheme", "authcfg", "annotationlayer"];

    /// <returns>Why an algorithm with such a parameter can't be offered; <see langword="null"/> when it can.</returns>
    public static string? Reason(ParameterDescriptor parameter) =>
        parameter.Destination || (Schema(parameter) is not null && !Impossible.Contains(parameter.Type)) ? null
        : parameter.Type is "layout" or "layoutitem" or "maptheme" ? $"its parameter {parameter.Name} names a layout or theme of a project"
        : Impossible.Contains(parameter.Type) ? $"its parameter {parameter.Name} names a connection stored in a desktop's settings"
        : $"its parameter {parameter.Name} is of the type {parameter.Type}, for which there is no form on the web yet";

    public static InputDescription Map(ParameterDescriptor parameter)
    {
        var isMany = parameter.Type == "multilayer";
        var hasDefault = Default(parameter).ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
        var least = isMany ? Math.Max(1, parameter.Integer("min_inputs") ?? 1) : 1;
        return new InputDescription(
            parameter.Name,
            string.IsNullOrWhiteSpace(parameter.Description) ? parameter.Name : parameter.Description,
            Schema(parameter)!,
            parameter.Optional || hasDefault || parameter.IsProjectCrs() ? 0 : least,
            isMany ? InputDescription.Unbounded : 1)
        {
            Description = Describe(parameter),
            Facts = Facts(parameter),
        };
    }

    /// <returns><see langword="null"/> for a type that is not known.</returns>
    internal static JsonObject? Schema(ParameterDescriptor parameter)
    {
        var schema = parameter.Type switch
        {
            "number" or "distance" or "scale" or "duration" or "area" or "volume" => LiteralSchemas.Number(parameter),
            "boolean" => Schemas.Of("boolean"),
            "string" or "relief_colors" or "raster_calc_expression" or "coordinateoperation" or "execute_sql" => Schemas.Of("string"),
            "expression" => Schemas.Of("string"),
            "crs" => Schemas.Of("string"),
            "enum" => LiteralSchemas.Choice(parameter),
            "field" or "band" => LiteralSchemas.FieldOrBand(parameter),
            "range" => Schemas.Array(Schemas.Of("number"), 2),
            "color" => LiteralSchemas.Colour(),
            "datetime" => LiteralSchemas.Time(parameter),
            "matrix" => Schemas.Array(new JsonObject()),
            "extent" => Schemas.OneOf([Schemas.Box(), Schemas.Of("string")]),
            "point" => Schemas.OneOf([Schemas.Geometry(), Schemas.Of("string")]),
            "geometry" => Schemas.OneOf([Schemas.Geometry(), Schemas.Of("string")]),
            "source" or "vector" => Layer(DataFormats.VectorInputs()),
            "raster" => Layer(DataFormats.RasterInputs()),
            "mesh" => Layer(DataFormats.MeshInputs()),
            "layer" => Layer(DataFormats.AnyLayer()),
            "multilayer" => Layer(Several(parameter)),
            "file" => File(parameter),
            "meshdatasetgroups" => Schemas.Array(Schemas.Of("integer")),
            "meshdatasettime" => Schemas.Of("object"),
            "aggregates" or "fields_mapping" => Schemas.Array(Schemas.Of("object")),
            "vectortilewriterlayers" or "tininputlayers" or "dxflayers" or "idw_interpolation_data" => Schemas.Array(WithLayer(), 1),
            _ => null,
        };
        return schema?.WithDefault(Default(parameter));
    }

    /// <summary>A default outside its own bounds would be refused when it is sent back.</summary>
    private static JsonElement Default(ParameterDescriptor parameter)
    {
        var value = parameter.Default;
        return value.ValueKind switch
        {
            JsonValueKind.String when value.GetString() is "" or "ProjectCrs" => default,
            JsonValueKind.Array when value.GetArrayLength() == 0 => default,
            JsonValueKind.Number when value.GetDouble() < parameter.Number("min") || value.GetDouble() > parameter.Number("max") => default,
            _ => LiteralSchemas.Fits(parameter) ? value : default,
        };
    }

    private static JsonObject Layer(IEnumerable<JsonObject> alternatives) => Schemas.OneOf(alternatives.Append(DataFormats.UnknownInput()));

    private static IEnumerable<JsonObject> Several(ParameterDescriptor parameter) => parameter.Integer("layer_type") switch
    {
        3 => DataFormats.RasterInputs(),
        4 => DataFormats.Alternatives(DataFormats.Text, DataFormats.Zip),
        -2 => DataFormats.AnyLayer(),
        _ => DataFormats.VectorInputs(),
    };

    private static JsonObject File(ParameterDescriptor parameter)
    {
        if (parameter.Integer("behavior") == 1)
        {
            return DataFormats.Alternative(DataFormats.Zip);
        }

        var known = DataFormats.OfExtension(parameter.Text("extension"));
        return Schemas.OneOf(DataFormats.Alternatives(new[] { known, DataFormats.Text, DataFormats.Unknown }.Distinct()));
    }

    private static JsonObject WithLayer() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("layer"),
        ["properties"] = new JsonObject { ["layer"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["href"] = Schemas.Of("string") } } },
    };

    private static string? Describe(ParameterDescriptor parameter)
    {
        var help = PlainText.Of(parameter.Help);
        if (parameter.IsProjectCrs())
        {
            return string.Join(' ', new[] { help, $"Default: {ContextInputs.ProjectCrs}; one of the two is needed." }.OfType<string>());
        }

        if (parameter.Type != "enum" || parameter.Texts("options") is not { Count: > 0 } options || parameter.Flag("uses_static_strings"))
        {
            return help;
        }

        var labels = string.Join(", ", options.Select((label, index) => $"{index} = {label}"));
        return help is null ? labels : $"{help} ({labels})";
    }

    private static Dictionary<string, string> Facts(ParameterDescriptor parameter)
    {
        var facts = new Dictionary<string, string> { ["qgis:type"] = parameter.Type };
        if (parameter.Text("parent_layer") is { Length: > 0 } parent)
        {
            facts["qgis:parentLayer"] = parent;
        }

        if (parameter.Advanced)
        {
            facts["qgis:advanced"] = "true";
        }

        if (parameter.Hidden)
        {
            facts["qgis:hidden"] = "true";
        }

        if (parameter.Type is "source" or "vector" or "multilayer" && GeometryTypes(parameter) is { Length: > 0 } types)
        {
            facts["qgis:geometryTypes"] = types;
        }

        return facts;
    }

    private static string GeometryTypes(ParameterDescriptor parameter) => string.Join(", ", parameter.Integers("data_types").Append(parameter.Integer("layer_type") ?? 99)
        .Select(type => type switch { 0 => "point", 1 => "line", 2 => "polygon", _ => null }).OfType<string>());
}
