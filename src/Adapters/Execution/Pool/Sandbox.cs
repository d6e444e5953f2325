using System.Diagnostics;

namespace GeoWps.Adapters.Execution.Pool;

/// <summary>The command line of a template, inside bubblewrap where that works: no network, nothing of the server's but the work folder.</summary>
internal sealed class Sandbox(PythonOptions options, ExecutionFolders folders)
{
    private const string Bubblewrap = "bwrap";

    /// <summary>Of our environment; all else may hold secrets.</summary>
    private static readonly string[] Kept = ["PATH", "LD_LIBRARY_PATH", "TZ", "PROJ_LIB", "PROJ_DATA", "GDAL_DATA", "QGIS_PREFIX_PATH", "GISBASE"];

    /// <summary>Whether it is used.</summary>
    /// <exception cref="InvalidOperationException">It is required and does not work.</exception>
    public async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        if (options.Sandbox == PythonSandbox.Off)
        {
            return false;
        }

        var works = await TryAsync([.. Walls(folders.Work), "--", "/bin/true"], cancellationToken);
        return works || options.Sandbox == PythonSandbox.Auto
            ? works
            : throw new InvalidOperationException("Python:Sandbox: 'Required' is not possible here; bubblewrap (bwrap) is missing or may not make namespaces");
    }

    public ProcessStartInfo Template(string socket, string socketFolder, bool inSandbox)
    {
        string[] command =
        [
            options.Executable, "-m", "geowps_worker", "template",
            "--socket", socket, "--work", folders.Work,
            .. folders.AllModels.SelectMany(folder => new[] { "--models", folder }),
            .. folders.AllScripts.SelectMany(folder => new[] { "--scripts", folder }),
        ];
        var start = inSandbox
            ? new ProcessStartInfo(Bubblewrap, [.. Walls(socketFolder), "--", .. command])
            : new ProcessStartInfo(command[0], command[1..]);
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        start.WorkingDirectory = "/";
        Empty(start);
        start.Environment["PYTHONPATH"] = folders.Package;
        return start;
    }

    /// <summary>
    /// No --die-with-parent: the kernel ties that to the thread that started the process. The end of the socket ends everything instead. Processes are
    /// hidden too: <c>/proc</c> leads to the environment, the memory and the root folder of each that is seen. A server that runs as root gives its rights up here,
    /// with which walls are taken down. What lies below a hidden folder is put back after it is hidden.
    /// </summary>
    private IEnumerable<string> Walls(string socketFolder)
    {
        string[] hidden = [.. new[] { "/tmp", "/var/tmp", "/home", "/root", Environment.GetEnvironmentVariable("HOME") ?? "", folders.Data }
            .Where(folder => folder.Length > 1 && Directory.Exists(folder)).Distinct()];
        string[] walls = ["--unshare-net", "--unshare-ipc", "--unshare-pid", "--cap-drop", "ALL", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"];
        return
        [
            .. walls,
            .. hidden.SelectMany(folder => new[] { "--tmpfs", folder }),
            .. folders.AllModels.Concat(folders.AllScripts).Concat(options.ReadFolders.Select(Path.GetFullPath)).Prepend(folders.Layers).Prepend(folders.Package).SelectMany(folder => new[] { "--ro-bind-try", folder, folder }),
            "--bind", folders.Work, folders.Work,
            "--bind", socketFolder, socketFolder,
            "--chdir", "/",
        ];
    }

    private static async Task<bool> TryAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Bubblewrap, arguments) { RedirectStandardError = true };
        Empty(start);
        try
        {
            using var process = Process.Start(start)!;
            await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void Empty(ProcessStartInfo start)
    {
        var kept = Kept.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).Where(variable => variable.Value is not null).ToList();
        start.Environment.Clear();
        foreach (var (name, value) in kept)
        {
            start.Environment[name] = value;
        }

        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
            [("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8"), ("PYTHONNOUSERSITE", "1"), ("PYTHONDONTWRITEBYTECODE", "1"), ("PYTHONUNBUFFERED", "1")])
        {
            start.Environment[name] = value;
        }
    }
}
