using System.Text.Json;

namespace GeoWps.Adapters.Http.Processes;

/// <summary>The member <c>process</c> of an execute request: the draft of version 2.0 (OGC 18-062r3), beside 1.0, where the address alone says it.</summary>
internal static class ProcessMember
{
    /// <summary>Part 3 (OGC 21-009, draft) names the address that is posted to.</summary>
    private const string Execution = "/execution";

    /// <returns><see langword="null"/> when there is none.</returns>
    public static string? Read(JsonElement request) =>
        request.ValueKind == JsonValueKind.Object && request.TryGetProperty("process", out var process) && process.ValueKind != JsonValueKind.Null
            ? process.ValueKind == JsonValueKind.String ? process.GetString() : process.GetRawText()
            : null;

    /// <summary>The id in an address below our own, or the text itself.</summary>
    public static string IdOf(string process, string baseAddress)
    {
        var prefix = baseAddress + "processes/";
        var path = process.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? process[prefix.Length..]
            : process.StartsWith("/processes/", StringComparison.Ordinal) ? process["/processes/".Length..]
            : null;
        path = path?.TrimEnd('/');
        return path is null ? process : Uri.UnescapeDataString(path.EndsWith(Execution, StringComparison.Ordinal) ? path[..^Execution.Length] : path);
    }
}
