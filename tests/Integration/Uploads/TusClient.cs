using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace GeoWps.Tests.Integration.Uploads;

/// <summary>A client of tus that is not ours: tus-js-client, in Node.</summary>
internal static class TusClient
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    private static string Folder { get; } = typeof(TusClient).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "TusClient").Value!;

    private static readonly Lazy<string?> _node = new(() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, "node")).FirstOrDefault(File.Exists));

    /// <summary>The reason to skip; <see langword="null"/> where Node and the client are.</summary>
    public static string? WhyNot => _node.Value is null ? "Node is not installed (package nodejs)"
        : Directory.Exists(Path.Combine(Folder, "node_modules", "tus-js-client")) ? null : "tus-js-client is not installed ('npm ci' in tests/Integration/Uploads/TusClient)";

    /// <summary>Uploads a file; ends when it is there.</summary>
    /// <returns>What it said: retries, and last the address.</returns>
    public static async Task<List<JsonElement>> UploadAsync(Uri server, string file, string name, int parallel = 1, int? chunk = null)
    {
        var start = new ProcessStartInfo(_node.Value!) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = [Path.Combine(Folder, "upload.mjs"), new Uri(server, "uploads").ToString(), file, name, $"{parallel}", chunk is null ? "" : $"{chunk}"];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var client = Process.Start(start)!;
        var (said, errors) = (client.StandardOutput.ReadToEndAsync(), client.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(_patience);
        try
        {
            await client.WaitForExitAsync(patience.Token);
        }
        finally
        {
            client.Kill(entireProcessTree: true);
        }

        client.ExitCode.ShouldBe(0, await said + await errors);
        return [.. (await said).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }
}

/// <summary>A test with that client; skipped, and counted so, where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TusFactAttribute : FactAttribute
{
    public TusFactAttribute() => Skip = TusClient.WhyNot;
}
