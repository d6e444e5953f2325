using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;

namespace GeoWps.Adapters.Http.Processes;

/// <summary>How long the answer to an asynchronous request is held back for a job that ends soon.</summary>
internal static class HoldBack
{
    private const string BuiltIn = "builtin";

    /// <summary>Built-in processes are done at once: a client that asks for the result straight after submitting finds it.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(250);

    public static TimeSpan? For(IProcessProvider provider, RequestBody body) => provider.Lane == BuiltIn && !HasPause(body.Json) ? Short : null;

    private static bool HasPause(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty("inputs", out var inputs)
        && inputs.ValueKind == JsonValueKind.Object
        && inputs.TryGetProperty("pause", out _);
}
