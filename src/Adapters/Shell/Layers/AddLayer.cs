using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Shell.Jobs;
using GeoWps.Adapters.Shell.Requests;

namespace GeoWps.Adapters.Shell.Layers;

/// <summary><c>geowps layers add</c>: sends the data or says where they are, and follows the job until the layer is there.</summary>
internal static class AddLayer
{
    public static async Task<int> ExecuteAsync(ApiClient api, Terminal terminal, LayerOrder order, bool json, CancellationToken cancellationToken)
    {
        if (order.IsLocalFile && !File.Exists(order.Source))
        {
            throw CommandException.Usage($"{order.Source}: there is no such file, and it is no address and no result of a job (JOB:OUTPUT)");
        }

        if (order is { Replace: true, Id: null })
        {
            throw CommandException.Usage("--replace: which layer says --id");
        }

        using var temporary = new TemporaryFiles();
        var answer = await SendAsync(api, terminal, order, temporary, cancellationToken);
        if (answer.Text("jobID") is { } job)
        {
            answer = await EndOfAsync(api, terminal, job, cancellationToken);
        }

        if (json)
        {
            terminal.WriteJson(answer);
        }
        else
        {
            terminal.Out.WriteLine(Terminal.Printable($"{answer.Text("id")}: {answer.Text("title")}"));
            terminal.Out.WriteLine(answer.Link("collection") ?? "");
        }

        return 0;
    }

    /// <returns>The layer, or the job that makes it.</returns>
    private static async Task<JsonNode> SendAsync(ApiClient api, Terminal terminal, LayerOrder order, TemporaryFiles temporary, CancellationToken cancellationToken)
    {
        var (method, path) = order.Replace ? (order.IsLocalFile ? HttpMethod.Put : HttpMethod.Patch, $"admin/layers/{Uri.EscapeDataString(order.Id!)}") : (HttpMethod.Post, "admin/layers");
        var form = order.Replace ? [] : order.Form();
        if (order.RemoteSource() is { } source)
        {
            form["source"] = source;
            return await api.SendForJsonAsync(new HttpRequestMessage(method, path) { Content = Json(form) }, cancellationToken);
        }

        var file = LocalFile.AsOne(order.Source, temporary);
        return await Upload.WithProgressAsync(terminal, order.Source, file, data =>
        {
            data.Headers.ContentType = MediaTypeHeaderValue.Parse("application/octet-stream");
            if (order.Replace)
            {
                data.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileNameStar = Path.GetFileName(order.Source) };
            }

            HttpContent content = data;
            if (!order.Replace)
            {
                content = new MultipartFormDataContent { { Json(form), "layer" }, { data, "data", Path.GetFileName(order.Source) } };
            }

            var query = order.Table is null ? "" : $"?table={Uri.EscapeDataString(order.Table)}";
            var request = new HttpRequestMessage(method, path + query) { Content = content };
            request.Headers.ExpectContinue = true;
            return api.SendForJsonAsync(request, cancellationToken);
        });
    }

    private static async Task<JsonNode> EndOfAsync(ApiClient api, Terminal terminal, string id, CancellationToken cancellationToken)
    {
        var job = await JobProgress.FollowAsync(api, terminal, id, "publish", cancellationToken);
        if (job.Status != "successful")
        {
            throw new CommandException($"job {job.Id} {job.Status}{(job.Message is { } message ? $": {message}" : "")}");
        }

        var results = await api.GetJsonAsync($"jobs/{id}/results", cancellationToken);
        return await api.GetJsonAsync($"admin/layers/{Uri.EscapeDataString(results["layer"]?["value"].Text("id") ?? "")}", cancellationToken);
    }

    private static StringContent Json(JsonObject form) => new(form.ToJsonString(), Encoding.UTF8, "application/json");
}
