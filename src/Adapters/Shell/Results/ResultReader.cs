using System.Net;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Results;

/// <summary>Fetches the outputs of a successful job: contents to files, as a stream; plain values to the terminal.</summary>
internal static class ResultReader
{
    /// <summary>One member for each output: a value, or an object with its <c>href</c>, <c>type</c>, <c>length</c> and <c>file</c>.</summary>
    public static async Task<JsonObject> ReadAsync(ApiClient api, Terminal terminal, string jobId, OutputPlan plan, CancellationToken cancellationToken)
    {
        var results = new JsonObject();
        foreach (var name in plan.Names)
        {
            try
            {
                results[name] = await ReadOneAsync(api, terminal, jobId, name, plan, cancellationToken);
            }
            catch (ApiException problem) when (problem.Status == HttpStatusCode.NotFound && !plan.Requested.ContainsKey(name))
            {
                // An optional output that nobody asked for.
            }
        }

        return results;
    }

    private static async Task<JsonNode?> ReadOneAsync(
        ApiClient api, Terminal terminal, string jobId, string name, OutputPlan plan, CancellationToken cancellationToken)
    {
        var address = $"jobs/{Uri.EscapeDataString(jobId)}/results/{Uri.EscapeDataString(name)}";
        using var response = await api.OpenAsync(address, plan.Plain.Contains(name) ? ["application/json", "*/*;q=0.5"] : ["*/*"], cancellationToken);
        var mediaType = response.Content.Headers.ContentType?.ToString();
        var length = response.Content.Headers.ContentLength;
        var isPlain = plan.Plain.Contains(name);
        var file = plan.Files.GetValueOrDefault(name) ?? (plan.Folder is null || isPlain ? null : Path.Combine(plan.Folder, FileName(response, name, mediaType)));
        if (file is null && isPlain)
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return mediaType is not null && FileFormats.SameType(mediaType, "application/json") ? JsonNode.Parse(text) : text;
        }

        var result = new JsonObject { ["href"] = response.RequestMessage!.RequestUri!.ToString(), ["type"] = mediaType };
        if (file == OutputPlan.StandardOutput)
        {
            await using var output = Console.OpenStandardOutput();
            await response.Content.CopyToAsync(output, cancellationToken);
        }
        else if (file is not null)
        {
            result["length"] = await Download.SaveAsync(terminal, response, file, cancellationToken);
            result["file"] = file;
        }
        else
        {
            result["length"] = length;
        }

        return result;
    }

    private static string FileName(HttpResponseMessage response, string name, string? mediaType)
    {
        var disposition = response.Content.Headers.ContentDisposition;
        var suggested = Path.GetFileName((disposition?.FileNameStar ?? disposition?.FileName)?.Trim('"'));
        return suggested is { Length: > 0 } and not ("." or "..")
            ? suggested
            : string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_')) + (mediaType is null ? "" : "." + Extension(mediaType));
    }

    private static string Extension(string mediaType) =>
        FileFormats.ShortName(mediaType) is var extension && extension.Contains('/', StringComparison.Ordinal) ? "bin" : extension;
}
