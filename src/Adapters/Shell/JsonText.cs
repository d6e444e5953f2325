using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell;

/// <summary>Reads documents of a server that may be newer or older than we are: what is not there is nothing.</summary>
internal static class JsonText
{
    public static string? Text(this JsonNode? json, string name) =>
        json is JsonObject members && members[name] is JsonValue value
            ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString()
            : null;

    public static double? Number(this JsonNode? json, string name) =>
        json is JsonObject members && members[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            ? double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture)
            : null;

    public static IEnumerable<JsonObject> Objects(this JsonNode? json, string name) =>
        json is JsonObject members && members[name] is JsonArray items ? items.OfType<JsonObject>() : [];

    /// <summary>The address of the first link of a relation.</summary>
    public static string? Link(this JsonNode? json, string relation) =>
        json.Objects("links").FirstOrDefault(link => link.Text("rel") == relation).Text("href");
}
