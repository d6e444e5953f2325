using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace GeoWps.Adapters.Execution.Pool;

/// <summary>What the framework has no call for.</summary>
internal static partial class ProcessSignals
{
    private const int Kill = 9;
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>Ends a worker and the tools that it started; they can't refuse.</summary>
    public static void KillGroup(int process)
    {
        if (process <= 1)
        {
            throw new ArgumentOutOfRangeException(nameof(process), process, "Not a process of ours.");
        }

        if (Send(-process, Kill) != 0)
        {
            // It leads no group yet.
            _ = Send(process, Kill);
        }
    }

    /// <summary>The process at the other end of a Unix socket, as the kernel knows it.</summary>
    public static int PeerOf(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        return BitConverter.ToInt32(credentials);
    }

    /// <summary>Resident bytes of a process; 0 when it has ended.</summary>
    public static long ResidentBytes(int process)
    {
        try
        {
            var fields = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/statm")).Split(' ');
            return long.Parse(fields[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>A process and everything that it started.</summary>
    public static IEnumerable<int> Tree(int process)
    {
        yield return process;
        foreach (var child in Children(process))
        {
            foreach (var below in Tree(child))
            {
                yield return below;
            }
        }
    }

    private static List<int> Children(int process)
    {
        var children = new List<int>();
        try
        {
            foreach (var thread in Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task")))
            {
                var list = File.ReadAllText(Path.Combine(thread, "children"));
                children.AddRange(list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture)));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has just ended.
        }

        return children;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Send(int process, int signal);
}
