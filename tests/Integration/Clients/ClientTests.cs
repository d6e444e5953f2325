using System.Diagnostics;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Clients;

/// <summary>Clients that people have, unchanged, against the real server.</summary>
[Collection(OpenServerTests.Name)]
public sealed class ClientTests(OpenServer open)
{
    [OwsLibTheory]
    [InlineData("capabilities")]
    [InlineData("description")]
    [InlineData("synchronous")]
    [InlineData("asynchronous")]
    [InlineData("bounding_box")]
    [InlineData("birdy")]
    [InlineData("pywps")]
    [InlineData("qgis_plugin")]
    public Task What_clients_of_WPS_do_is_served(string habit) => RunAsync("owslib_wps.py", habit);

    [OwsLibTheory]
    [InlineData("landing")]
    [InlineData("definition")]
    [InlineData("descriptions")]
    [InlineData("address_with_query")]
    [InlineData("mistake")]
    [InlineData("execution")]
    public Task What_clients_of_OGC_API_do_is_served(string habit) => RunAsync("owslib_ogcapi.py", habit);

    private Task RunAsync(string script, string habit) => RunAsync(open.Server.Address, script, habit);

    /// <summary>Does with a server what a function of a script does; its assertions are the test's.</summary>
    internal static async Task RunAsync(Uri server, string script, string habit)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Clients", script), server.ToString(), habit])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var client = Process.Start(start)!;
        var (said, wrong) = (client.StandardOutput.ReadToEndAsync(), client.StandardError.ReadToEndAsync());
        await client.WaitForExitAsync();
        client.ExitCode.ShouldBe(0, await wrong + await said);
    }
}

/// <summary>A test with OWSLib of Debian; skipped, and counted so, where that is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OwsLibTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<string?> WhyNot = new(() =>
    {
        if (Qgis.WhyNot is { } reason)
        {
            return reason;
        }

        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", "import owslib.wps"]) { RedirectStandardError = true });
        python!.WaitForExit();
        return python.ExitCode == 0 ? null : "python3-owslib is not installed";
    });

    public OwsLibTheoryAttribute() => Skip = WhyNot.Value;
}
