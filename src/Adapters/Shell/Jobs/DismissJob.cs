namespace GeoWps.Adapters.Shell.Jobs;

/// <summary><c>geowps dismiss ID</c></summary>
internal static class DismissJob
{
    public static async Task<int> ExecuteAsync(ApiClient api, Terminal terminal, string id, bool json, CancellationToken cancellationToken)
    {
        var job = await api.DeleteAsync($"jobs/{Uri.EscapeDataString(id)}", cancellationToken);
        if (json)
        {
            terminal.WriteJson(job);
        }
        else
        {
            terminal.Out.WriteLine($"{id} {job.Text("status")}");
        }

        return 0;
    }
}
