using System.Text.Json;
using GeoWps.Application.Processes.Chains;

namespace GeoWps.Adapters.Http.Processes;

/// <summary>The member <c>process</c> of an execute request: the draft of version 2.0 (OGC 18-062r3), beside 1.0, where the address alone says it.</summary>
internal static class ProcessMember
{
    /// <returns><see langword="null"/> when there is none.</returns>
    public static string? Read(JsonElement request) =>
        request.ValueKind == JsonValueKind.Object && request.TryGetProperty("process", out var process) && process.ValueKind != JsonValueKind.Null
            ? process.ValueKind == JsonValueKind.String ? process.GetString() : process.GetRawText()
            : null;

    /// <summary>The id in an address below our own, or the text itself.</summary>
    public static string IdOf(string process, string baseAddress)
    {
        var prefix = baseAddress + "processes/";
        return process.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? ProcessAddress.IdIn(process[prefix.Length..])
            : process.StartsWith("/processes/", StringComparison.Ordinal) ? ProcessAddress.IdIn(process["/processes/".Length..])
            : process;
    }
}
