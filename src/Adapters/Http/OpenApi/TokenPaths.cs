using System.Text.Json.Nodes;
using static GeoWps.Adapters.Http.OpenApi.ApiResponses;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>Tokens, and which operations want one: RFC 6750.</summary>
internal static class TokenPaths
{
    private const string Administrator = "administrator";
    private const string Token = "token";
    private const string Security = "security";

    private static JsonObject Name => ApiParts.Path("token", "The name of a token");

    public static JsonObject All() => new()
    {
        ["get"] = Administered(ApiParts.Operation("getTokens", "Tokens", "The tokens, without themselves", [], ("200", ApiParts.Json("By name", "tokens")))),
        ["post"] = WithBody(Administered(ApiParts.Operation(
            "addToken",
            "Tokens",
            "Make a token; it is shown this once",
            [],
            ("201", ApiParts.Json("The token", "token")),
            BadRequest,
            Conflict,
            TooLarge,
            NotJson))),
    };

    public static JsonObject One() => new()
    {
        ["get"] = Administered(ApiParts.Operation("getToken", "Tokens", "A token, without itself", [Name], ("200", ApiParts.Json("The token", "token")), NotFound)),
        ["delete"] = Administered(ApiParts.Operation("revokeToken", "Tokens", "Revoke a token", [Name], ("204", new JsonObject { ["description"] = "It is refused from now on" }), NotFound)),
    };

    public static JsonObject SecuritySchemes() => new()
    {
        [Administrator] = Bearer("The setting Security:AdminToken, or a token that may admin"),
        [Token] = Bearer("A token of /admin/tokens that has the right that is needed, or the administrator's"),
    };

    /// <summary>Nobody without a token that may admin.</summary>
    public static JsonObject Administered(JsonObject operation) => Behind(operation, new JsonArray(Requirement(Administrator)));

    /// <summary>Nobody without a token that has the right.</summary>
    public static JsonObject WithToken(JsonObject operation) => Behind(operation, new JsonArray(Requirement(Token)));

    /// <summary>Operations of a path that are everybody's as far as <c>Security:Anonymous</c> goes, and a token's as far as that does; what belongs to somebody is seen with his alone.</summary>
    public static JsonObject OfCallers(JsonObject path)
    {
        foreach (var (_, operation) in path.Where(operation => operation.Value is JsonObject each && !each.ContainsKey(Security)))
        {
            OfCaller(operation!.AsObject());
        }

        return path;
    }

    /// <summary>The same of one operation.</summary>
    public static JsonObject OfCaller(JsonObject operation) => Behind(operation, new JsonArray(new JsonObject(), Requirement(Token)));

    public static void AddSchemas(JsonObject schemas)
    {
        schemas["tokenForm"] = JsonNode.Parse(
            """
            {"type": "object", "required": ["name", "may"], "properties": {
              "name": {"type": "string", "maxLength": 64, "pattern": "^[a-z0-9][-a-z0-9_.@]*$"},
              "may": {"type": "array", "minItems": 1, "items": {"type": "string", "enum": ["run", "files", "publish", "admin"]}},
              "expires": {"type": "string", "description": "From now on, as 30m, 12h or 90d; or a date-time. Never when left out"}}}
            """);
        schemas["token"] = JsonNode.Parse(
            """
            {"type": "object", "required": ["name", "may", "created", "expired", "links"], "properties": {
              "name": {"type": "string"},
              "token": {"type": "string", "description": "Itself, in the answer to its making alone"},
              "may": {"type": "array", "items": {"type": "string", "enum": ["run", "files", "publish", "admin"]}},
              "created": {"type": "string", "format": "date-time"},
              "expires": {"type": "string", "format": "date-time"},
              "expired": {"type": "boolean"},
              "lastUsed": {"type": "string", "format": "date-time", "description": "As of a minute or so"},
              "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}}}}
            """);
        schemas["tokens"] = JsonNode.Parse(
            """
            {"type": "object", "required": ["tokens", "links"], "properties": {
              "tokens": {"type": "array", "items": {"$ref": "#/components/schemas/token"}}, "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}}}}
            """);
    }

    private static JsonObject Behind(JsonObject operation, JsonArray requirements)
    {
        operation[Security] = requirements;
        var responses = operation["responses"]!.AsObject();
        responses.TryAdd("401", ApiParts.Ref("responses", "Unauthorized"));
        responses.TryAdd("403", ApiParts.Ref("responses", "Forbidden"));
        return operation;
    }

    private static JsonObject WithBody(JsonObject operation)
    {
        operation["requestBody"] = new JsonObject
        {
            ["required"] = true,
            ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = ApiParts.Ref("schemas", "tokenForm") } },
        };
        return operation;
    }

    private static JsonObject Requirement(string scheme) => new() { [scheme] = new JsonArray() };

    private static JsonObject Bearer(string description) => new() { ["type"] = "http", ["scheme"] = "bearer", ["description"] = description };
}
