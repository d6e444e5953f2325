using System.Text;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Shell.Jobs;
using GeoWps.Adapters.Shell.Processes;
using GeoWps.Adapters.Shell.Results;
using GeoWps.Adapters.Shell.Tiles;

namespace GeoWps.Adapters.Shell.Layers;

/// <summary><c>geowps layers export ID FILE</c>: a job that is followed, and whose result is fetched; Ctrl-C dismisses it.</summary>
internal static class ExportLayer
{
    public static async Task<int> ExecuteAsync(ApiClient api, Terminal terminal, ExportWish wish, CancellationToken cancellationToken)
    {
        var body = (await RequestAsync(wish, cancellationToken)).ToJsonString();
        var request = new HttpRequestMessage(HttpMethod.Post, "processes/geowps:export/execution") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Prefer", "respond-async");
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        var job = new JobView(await api.SendForJsonAsync(request, cancellationToken));
        try
        {
            job = await JobProgress.FollowAsync(api, terminal, job.Id, $"export {wish.Layer}", cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await RunProcess.DismissAsync(api, terminal, job.Id);
            throw;
        }

        if (job.Status != "successful")
        {
            throw new CommandException(await RunProcess.WhyAsync(api, job, cancellationToken));
        }

        using var response = await api.OpenAsync($"jobs/{Uri.EscapeDataString(job.Id)}/results/archive", ["*/*"], cancellationToken);
        var length = await Download.SaveAsync(terminal, response, wish.File, cancellationToken);
        if (wish.Json)
        {
            terminal.WriteJson(new JsonObject { ["jobID"] = job.Id, ["file"] = wish.File, ["length"] = length });
        }
        else
        {
            terminal.Out.WriteLine(Terminal.Printable($"{wish.File} ({RunProcess.Size(length)})"));
        }

        return 0;
    }

    private static async Task<JsonObject> RequestAsync(ExportWish wish, CancellationToken cancellationToken)
    {
        var inputs = new JsonObject
        {
            ["layer"] = wish.Layer,
            ["archive"] = Path.GetExtension(wish.File).ToLowerInvariant() switch
            {
                ".mbtiles" => "mbtiles",
                ".pmtiles" => "pmtiles",
                _ => throw CommandException.Usage($"{wish.File}: must end in .mbtiles or .pmtiles"),
            },
        };
        if (wish.Format is { } format)
        {
            inputs["format"] = format;
        }

        if (wish.Zoom is { } zoom)
        {
            (inputs["minZoom"], inputs["maxZoom"]) = SeedRequest.Zooms(zoom);
        }

        if (wish.Bbox is { } box)
        {
            inputs["bbox"] = new JsonObject { ["bbox"] = SeedRequest.Box(box) };
        }

        if (wish.Polygon is { } polygon)
        {
            inputs["polygon"] = await SeedRequest.PolygonAsync(polygon, cancellationToken);
        }

        return new JsonObject { ["inputs"] = inputs };
    }
}
