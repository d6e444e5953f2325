using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Shell.Processes;
using GeoWps.Adapters.Shell.Results;

namespace GeoWps.Adapters.Shell.Files;

/// <summary><c>geowps files get PATH [FILE]</c>: goes on where an earlier one was broken off, while the file is the same (<c>FILE.part</c>, and its tag in <c>FILE.part-etag</c>).</summary>
internal static class GetFile
{
    public static async Task<int> ExecuteAsync(ApiClient api, Terminal terminal, string path, string? file, bool json, CancellationToken cancellationToken)
    {
        var target = file is null ? Path.GetFileName(path) : Directory.Exists(file) || file.EndsWith('/') ? Path.Combine(file, Path.GetFileName(path)) : file;
        var (part, note) = (target + ".part", target + ".part-etag");
        using var request = new HttpRequestMessage(HttpMethod.Get, FileCommands.AddressOf(path));
        var have = File.Exists(part) && File.Exists(note) ? new FileInfo(part).Length : 0;
        if (have > 0 && EntityTagHeaderValue.TryParse(await File.ReadAllTextAsync(note, cancellationToken), out var tag))
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(tag);
        }

        using var response = await OpenAsync(api, request, cancellationToken);
        if (response is null)
        {
            // Nothing is missing: it was broken off after its last byte.
            File.Delete(note);
            File.Move(part, target, overwrite: true);
            return Tell(terminal, target, have, have, json);
        }

        var goesOn = response.StatusCode == HttpStatusCode.PartialContent;
        if (response.Headers.ETag is { } now)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
            await File.WriteAllTextAsync(note, now.ToString(), cancellationToken);
        }

        var length = await Download.ContinueAsync(terminal, response, target, part, goesOn ? have : 0, cancellationToken);
        File.Delete(note);
        return Tell(terminal, target, length, goesOn ? have : 0, json);
    }

    private static async Task<HttpResponseMessage?> OpenAsync(ApiClient api, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await api.OpenAsync(request, cancellationToken);
        }
        catch (ApiException refused) when (refused.Status == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return null;
        }
    }

    private static int Tell(Terminal terminal, string target, long length, long had, bool json)
    {
        if (json)
        {
            terminal.WriteJson(new JsonObject { ["file"] = target, ["length"] = length, ["resumedAt"] = had });
        }
        else
        {
            terminal.Out.WriteLine(Terminal.Printable($"{target} ({RunProcess.Size(length)}{(had > 0 ? $", from {RunProcess.Size(had)} on" : "")})"));
        }

        return 0;
    }
}
