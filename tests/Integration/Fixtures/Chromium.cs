using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>A browser without a window that runs one page with OpenLayers (<c>Tiles/OpenLayers</c>) and tells what came of it. Each wish is a browser of its own.</summary>
internal static class Chromium
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    private static readonly Lazy<string?> _program = new(() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).SelectMany(folder => new[] { Path.Combine(folder, "chromium"), Path.Combine(folder, "chromium-browser") }).FirstOrDefault(File.Exists));

    /// <summary>The reason to skip; <see langword="null"/> where the browser and OpenLayers are.</summary>
    public static string? WhyNot => WhyNoBrowser ?? (File.Exists(OpenLayers) ? null : "OpenLayers is not installed ('npm ci' in tests/Integration/Tiles/OpenLayers)");

    /// <summary>The same of the browser alone.</summary>
    public static string? WhyNoBrowser => _program.Value is null ? "Chromium is not installed (package chromium)" : null;

    private static string Folder { get; } = typeof(Chromium).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "OpenLayers").Value!;

    private static string OpenLayers => Path.Combine(Folder, "node_modules", "ol", "dist", "ol.js");

    /// <summary>Has the page fulfil a wish (its <c>act</c> and what that needs).</summary>
    /// <param name="files">What the page's own server has beside it, by name.</param>
    public static async Task<JsonElement> RunAsync(object wish, params (string Name, byte[] Content)[] files)
    {
        using var host = new FileHost();
        host.Put("ol.js", await File.ReadAllBytesAsync(OpenLayers), "text/javascript");
        host.Put("page.js", await File.ReadAllBytesAsync(Path.Combine(Folder, "page.js")), "text/javascript");
        host.Put("wish.json", JsonSerializer.SerializeToUtf8Bytes(wish), "application/json");
        foreach (var (name, content) in files)
        {
            host.Put(name, content, "application/octet-stream");
        }

        host.Receive("outcome");
        var outcome = JsonElement.Parse(await BrowseAsync(host, host.Put("page.html", await File.ReadAllBytesAsync(Path.Combine(Folder, "page.html")), "text/html")));
        outcome.TryGetProperty("error", out var error).ShouldBeFalse(error.ToString());
        return outcome.GetProperty("result");
    }

    /// <summary>What somebody sees who opens an address: a page of 1200 by 1000 pixels, once all of it is there.</summary>
    public static async Task<Picture> ScreenshotAsync(string address)
    {
        var profile = Directory.CreateTempSubdirectory("geowps-chromium-");
        var file = Path.Combine(profile.FullName, "screenshot.png");
        using var browser = Start(profile, "--window-size=1200,1000", $"--screenshot={file}", address);
        var (errors, _) = (browser.StandardError.ReadToEndAsync(), browser.StandardOutput.ReadToEndAsync());
        using var patience = new CancellationTokenSource(_patience);
        try
        {
            await browser.WaitForExitAsync(patience.Token);
            File.Exists(file).ShouldBeTrue(await errors);
            return Picture.Read(await File.ReadAllBytesAsync(file));
        }
        finally
        {
            browser.Kill(entireProcessTree: true);
            await browser.WaitForExitAsync();
            profile.Delete(recursive: true);
        }
    }

    internal static Process Start(DirectoryInfo profile, params string[] arguments)
    {
        var start = new ProcessStartInfo(_program.Value!) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--hide-scrollbars",
            $"--user-data-dir={profile.FullName}", .. Environment.IsPrivilegedProcess ? (string[])["--no-sandbox"] : [], .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    /// <returns>What the page posts.</returns>
    private static async Task<string> BrowseAsync(FileHost host, string address)
    {
        var profile = Directory.CreateTempSubdirectory("geowps-chromium-");
        using var browser = Start(profile, "--window-size=600,600", address);
        var (errors, _) = (browser.StandardError.ReadToEndAsync(), browser.StandardOutput.ReadToEndAsync());
        try
        {
            var watch = Stopwatch.StartNew();
            while (host.Posted.Count == 0)
            {
                if (browser.HasExited || watch.Elapsed > _patience)
                {
                    browser.Kill(entireProcessTree: true);
                    throw new InvalidOperationException($"The browser told nothing:\n{await errors}");
                }

                await Task.Delay(20);
            }

            return host.Posted.First().Body;
        }
        finally
        {
            browser.Kill(entireProcessTree: true);
            await browser.WaitForExitAsync();
            profile.Delete(recursive: true);
        }
    }
}
