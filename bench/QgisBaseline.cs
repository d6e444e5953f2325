using System.Diagnostics;
using System.Text.Json;

namespace GeoWps.Bench;

/// <summary>One warm QGIS process that is called directly; see qgis_baseline.py.</summary>
internal sealed class QgisBaseline : IDisposable
{
    private readonly Process _process;

    private QgisBaseline(Process process) => _process = process;

    public static async Task<QgisBaseline> StartAsync()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "qgis_baseline.py");
        var process = Process.Start(new ProcessStartInfo("taskset", ["-c", "0,1", "/usr/bin/python3", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        await process.StandardOutput.ReadLineAsync();
        return new QgisBaseline(process);
    }

    /// <returns>Milliseconds of each run.</returns>
    public async Task<double[]> MeasureAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        return JsonSerializer.Deserialize<double[]>(await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The baseline ended."))!;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(5000);
        _process.Dispose();
    }
}
