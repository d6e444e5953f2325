using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Execution.Documents;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Execution.Databases;

/// <summary>
/// Rows of whatever GDAL's OGR reads, by a process <c>ogr2ogr</c> that writes a line of GeoJSON each: a file of a format that is broken on purpose harms that process only, which sees
/// the file's folder, cannot write, and has no network. A connection is the operator's own word, and its driver may need sockets and settings from anywhere: it has no walls.
/// </summary>
internal sealed class OgrRows(PythonOptions python)
{
    private const string Program = "/usr/bin/ogr2ogr";
    private const long MaxMemory = 4L * 1024 * 1024 * 1024;
    private const int MostComplaint = 4096;

    // Files that lead to other files or addresses.
    private const string Skipped = "OGR_VRT VRT WFS OAPIF HTTP GMLAS OGCAPI CSW WMS WCS WMTS";

    private bool? _hasWalls;

    /// <param name="folder">That the source is in; <see langword="null"/>: it is behind a connection.</param>
    /// <param name="arguments">The source, the table and so on; they may hold a secret and are on no command line.</param>
    /// <exception cref="HarvestException">It can't be read, now or half way.</exception>
    public async IAsyncEnumerable<JsonElement> ReadAsync(string? folder, IReadOnlyList<string> arguments, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!File.Exists(Program))
        {
            throw new HarvestException("GDAL (gdal-bin) is not installed on this server");
        }

        _hasWalls ??= python.Sandbox != PythonSandbox.Off && await BareWalls.TryAsync(cancellationToken);
        if (folder is not null && _hasWalls == false && python.Sandbox == PythonSandbox.Required)
        {
            throw new HarvestException("it may be read in a sandbox only, and there is none (bubblewrap)");
        }

        using var process = Process.Start(Start(folder))!;
        try
        {
            var complaint = ComplaintAsync(process, cancellationToken);
            await process.StandardInput.WriteAsync(string.Join(' ', arguments.Select(Quoted)).AsMemory(), cancellationToken);
            process.StandardInput.Close();
            var lines = new BoundedLines(process.StandardOutput);
            while (await lines.NextAsync(cancellationToken) is { } line)
            {
                // A mistake of ours it answers with how it is used.
                if (line.StartsWith('{'))
                {
                    yield return JsonElement.Parse(line);
                }
            }

            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
            {
                throw new HarvestException(Told(await complaint));
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>What may be shown: what it says has paths and connections in it.</summary>
    private static string Told(string complaint) =>
        complaint.Contains("Unable to open datasource", StringComparison.Ordinal) ? "it can't be opened: GDAL does not know its format, or the database does not answer"
        : complaint.Contains("fetch requested layer", StringComparison.Ordinal) ? "it has no such table"
        : complaint.Contains("not found in source layer", StringComparison.Ordinal) ? "it has not all of the columns that are named; a primary key of whole numbers is called fid"
        : "GDAL could not read it to its end";

    private static async Task<string> ComplaintAsync(Process process, CancellationToken cancellationToken)
    {
        var (all, buffer) = (new StringBuilder(), new char[1024]);
        int count;
        while ((count = await process.StandardError.ReadAsync(buffer, cancellationToken)) > 0)
        {
            all.Append(buffer, 0, Math.Min(count, MostComplaint - all.Length));
        }

        return all.ToString();
    }

    private static string Quoted(string argument) => $"\"{argument.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private ProcessStartInfo Start(string? folder)
    {
        string[] limits = ["/usr/bin/prlimit", $"--as={MaxMemory}", "--core=0"];
        string[] command = [Program, "-f", "GeoJSONSeq", "/vsistdout/", "--optfile", "/dev/stdin"];
        // Some of its libraries are found there.
        string[] libraries = ["--ro-bind-try", "/etc/alternatives", "/etc/alternatives"];
        string[] all = _hasWalls == true && folder is not null ? [.. limits, "bwrap", .. BareWalls.Arguments, .. libraries, "--ro-bind", folder, folder, "--", .. command] : [.. limits, .. command];
        var start = new ProcessStartInfo(all[0], all[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        start.Environment["LANG"] = "C.UTF-8";
        if (folder is not null)
        {
            start.Environment["GDAL_SKIP"] = Skipped;
        }

        return start;
    }
}
