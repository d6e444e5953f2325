using System.Runtime.InteropServices;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>The PyQGIS processes below a server.</summary>
internal static partial class PoolProcesses
{
    /// <summary>Workers and template, SIGKILL.</summary>
    public static void KillAll(int server)
    {
        foreach (var process in Below(server))
        {
            Send(process, 9);
        }
    }

    public static void Send(int process, int signal) => _ = SendSignal(process, signal);

    public static IReadOnlyList<int> Below(int server)
    {
        var children = Directory.GetDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var process) ? process : 0)
            .Where(process => process > 0)
            .Select(process => (Process: process, Parent: ParentOf(process)))
            .ToLookup(pair => pair.Parent, pair => pair.Process);
        var found = new List<int>();
        var next = new Queue<int>([server]);
        while (next.TryDequeue(out var process))
        {
            foreach (var child in children[process])
            {
                found.Add(child);
                next.Enqueue(child);
            }
        }

        return found;
    }

    private static int ParentOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
