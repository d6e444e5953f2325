using System.Text;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Shell.Jobs;

namespace GeoWps.Adapters.Shell.Tiles;

/// <summary><c>geowps schedules [list] | add ID WHEN LAYER | rm ID | run ID</c></summary>
internal static class ScheduleCommands
{
    public static async Task<int> ListAsync(ApiClient api, Terminal terminal, bool json, CancellationToken cancellationToken)
    {
        var all = await api.GetJsonAsync("admin/schedules", cancellationToken);
        if (json)
        {
            terminal.WriteJson(new JsonArray([.. all.Objects("schedules").Select(each => each.DeepClone())]));
        }
        else
        {
            terminal.WriteTable(["SCHEDULE", "WHEN", "NEXT", "LAST", "OUTCOME", "REQUEST"], [.. all.Objects("schedules").Select(Row)]);
        }

        return 0;
    }

    public static async Task<int> AddAsync(
        ApiClient api, Terminal terminal, string id, string when, SeedWish wish, bool replace, CancellationToken cancellationToken)
    {
        var seeding = await SeedRequest.ReadAsync(wish, cancellationToken);
        seeding["layer"] = wish.Layer;
        var form = new JsonObject { ["when"] = when, ["request"] = seeding };
        if (!replace)
        {
            form["id"] = id;
        }

        var request = new HttpRequestMessage(replace ? HttpMethod.Put : HttpMethod.Post, replace ? PathOf(id) : "admin/schedules")
        {
            Content = new StringContent(form.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        var schedule = await api.SendForJsonAsync(request, cancellationToken);
        if (wish.Json)
        {
            terminal.WriteJson(schedule);
        }
        else
        {
            terminal.Out.WriteLine($"{id}: next at {schedule.Text("next") ?? "no time"}");
        }

        return 0;
    }

    public static async Task<int> RemoveAsync(ApiClient api, Terminal terminal, string id, bool json, CancellationToken cancellationToken)
    {
        await api.SendAsync(HttpMethod.Delete, PathOf(id), cancellationToken);
        return terminal.Tell(json, id, "removed");
    }

    public static Task<int> RunAsync(ApiClient api, Terminal terminal, string id, bool wait, bool json, CancellationToken cancellationToken) =>
        StartJob.ExecuteAsync(api, terminal, new HttpRequestMessage(HttpMethod.Post, PathOf(id) + "/run"), id, wait, json, cancellationToken);

    private static string[] Row(JsonObject schedule) =>
    [
        schedule.Text("id") ?? "",
        schedule.Text("when") ?? "",
        schedule.Text("next") ?? "",
        schedule["last"].Text("time") ?? "",
        schedule["last"].Text("outcome") ?? "",
        Terminal.Printable(schedule["request"]?.ToJsonString() ?? ""),
    ];

    private static string PathOf(string id) => $"admin/schedules/{Uri.EscapeDataString(id)}";
}
