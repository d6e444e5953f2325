using System.Diagnostics;
using System.Globalization;
using System.Text;
using GeoWps.Application.Records;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution.Documents;

/// <summary>A program of poppler, from pipe to pipe: inside bubblewrap where that works, without network and with nothing of the server's to be seen, with limits of time and memory.</summary>
internal sealed class PopplerProcess(PythonOptions python, IOptions<RecordsOptions> options)
{
    private const long MaxMemory = 1024L * 1024 * 1024;

    private bool? _hasWalls;

    /// <returns><see langword="false"/>: it would have to be locked in, and can't be here.</returns>
    public async Task<bool> MayRunAsync(CancellationToken cancellationToken)
    {
        _hasWalls ??= await BareWalls.TryAsync(cancellationToken);
        return _hasWalls == true || python.Sandbox != PythonSandbox.Required;
    }

    /// <param name="seen">Further arguments of bubblewrap: what the program sees.</param>
    /// <param name="command">The program, and its arguments.</param>
    public Process Start(string[] seen, params string[] command)
    {
        string[] limits = ["/usr/bin/prlimit", $"--as={MaxMemory}", string.Create(CultureInfo.InvariantCulture, $"--cpu={options.Value.TextSeconds}"), "--core=0"];
        string[] all = _hasWalls == true ? [.. limits, "bwrap", .. BareWalls.Arguments, .. seen, "--", .. command] : [.. limits, .. command];
        var start = new ProcessStartInfo(all[0], all[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        start.Environment["HOME"] = "/tmp";
        start.Environment["LANG"] = "C.UTF-8";
        return Process.Start(start)!;
    }

    public static async Task FeedAsync(Stream document, Process process, CancellationToken cancellationToken)
    {
        try
        {
            await document.CopyToAsync(process.StandardInput.BaseStream, cancellationToken);
        }
        catch (IOException)
        {
            // It has read enough, or given up; what it wrote tells which.
        }
        finally
        {
            try
            {
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The same.
            }
        }
    }
}
