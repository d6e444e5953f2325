using System.Net.Sockets;
using System.Text;

namespace GeoWps.Adapters.Execution.Workers;

/// <summary>Where workers connect to: a Unix socket in a folder that is open to this user alone.</summary>
internal sealed class WorkerSocket : IDisposable
{
    /// <summary>Bytes of a socket's path, without its closing zero.</summary>
    private const int MaxPathBytes = 107;

    private readonly Socket _listener;

    private WorkerSocket(Socket listener, string folder, string path) => (_listener, Folder, Path) = (listener, folder, path);

    public string Folder { get; }

    public string Path { get; }

    /// <param name="work">A folder in it is used, unless its path is too long.</param>
    public static WorkerSocket Listen(string work)
    {
        var name = "s-" + Guid.NewGuid().ToString("N")[..8];
        var folder = System.IO.Path.Combine(work, name);
        if (Encoding.UTF8.GetByteCount(folder) + "/host".Length > MaxPathBytes)
        {
            folder = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "geowps-" + name);
        }

        PrivateFolder.Make(folder);
        var path = System.IO.Path.Combine(folder, "host");
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(512);
        return new WorkerSocket(listener, folder, path);
    }

    public ValueTask<Socket> AcceptAsync(CancellationToken cancellationToken) => _listener.AcceptAsync(cancellationToken);

    public void Dispose()
    {
        _listener.Dispose();
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody tidied up.
        }
    }
}
