using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>Responses that many operations have, by their status; what they are stands in <see cref="ApiParts.Responses"/>.</summary>
internal static class ApiResponses
{
    public static (string Status, JsonObject Response) BadRequest => ("400", ApiParts.Ref("responses", "BadRequest"));

    public static (string Status, JsonObject Response) Unauthorized => ("401", ApiParts.Ref("responses", "Unauthorized"));

    public static (string Status, JsonObject Response) Forbidden => ("403", ApiParts.Ref("responses", "Forbidden"));

    public static (string Status, JsonObject Response) NotFound => ("404", ApiParts.Ref("responses", "NotFound"));

    public static (string Status, JsonObject Response) Conflict => ("409", ApiParts.Ref("responses", "Conflict"));

    public static (string Status, JsonObject Response) Changed => ("412", ApiParts.Ref("responses", "Changed"));

    public static (string Status, JsonObject Response) TooLarge => ("413", ApiParts.Ref("responses", "TooLarge"));

    public static (string Status, JsonObject Response) NotJson => ("415", ApiParts.Ref("responses", "NotJson"));

    public static (string Status, JsonObject Response) Failed => ("422", ApiParts.Ref("responses", "Failed"));

    public static (string Status, JsonObject Response) Full => ("503", ApiParts.Ref("responses", "Full"));

    public static (string Status, JsonObject Response) NoRoom => ("507", ApiParts.Ref("responses", "NoRoom"));
}
