using System.Text;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Tokens;

/// <summary><c>geowps tokens [list] | add NAME --may RIGHTS [--expires TIME] | revoke NAME</c></summary>
internal static class TokenCommands
{
    public static async Task<int> ListAsync(ApiClient api, Terminal terminal, bool json, CancellationToken cancellationToken)
    {
        var all = await api.GetJsonAsync("admin/tokens", cancellationToken);
        if (json)
        {
            terminal.WriteJson(new JsonArray([.. all.Objects("tokens").Select(each => each.DeepClone())]));
        }
        else
        {
            terminal.WriteTable(["TOKEN", "MAY", "CREATED", "EXPIRES", "LAST USED"], [.. all.Objects("tokens").Select(Row)]);
        }

        return 0;
    }

    /// <summary>The token alone goes to the output, so that a script can take it.</summary>
    public static async Task<int> AddAsync(ApiClient api, Terminal terminal, string name, string[] may, string? expires, bool json, CancellationToken cancellationToken)
    {
        var rights = may.SelectMany(each => each.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        var form = new JsonObject { ["name"] = name, ["may"] = new JsonArray([.. rights.Select(right => (JsonNode)right)]) };
        if (expires is not null)
        {
            form["expires"] = expires;
        }

        var request = new HttpRequestMessage(HttpMethod.Post, "admin/tokens") { Content = new StringContent(form.ToJsonString(), Encoding.UTF8, "application/json") };
        var token = await api.SendForJsonAsync(request, cancellationToken);
        if (json)
        {
            terminal.WriteJson(token);
        }
        else
        {
            terminal.Error.WriteLine($"{name} may {Rights(token)}{(token.Text("expires") is { } until ? $" until {until}" : "")}. The token is shown this once:");
            terminal.Out.WriteLine(token.Text("token"));
        }

        return 0;
    }

    public static async Task<int> RevokeAsync(ApiClient api, Terminal terminal, string name, bool json, CancellationToken cancellationToken)
    {
        await api.SendAsync(HttpMethod.Delete, $"admin/tokens/{Uri.EscapeDataString(name)}", cancellationToken);
        if (json)
        {
            terminal.WriteJson(new JsonObject { ["name"] = name, ["status"] = "revoked" });
        }
        else
        {
            terminal.Out.WriteLine($"{name} revoked");
        }

        return 0;
    }

    private static string[] Row(JsonObject token) =>
    [
        token.Text("name") ?? "",
        Rights(token),
        token.Text("created") ?? "",
        token.Text("expired") == "true" ? "expired" : token.Text("expires") ?? "never",
        token.Text("lastUsed") ?? "never",
    ];

    private static string Rights(JsonNode token) => token["may"] is JsonArray may ? string.Join(',', may.Select(right => right?.ToString())) : "";
}
