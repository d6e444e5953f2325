using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace GeoWps.Adapters.Http.Transport;

/// <summary>The calls of Linux that a socket's readiness is told by, see epoll(7), and those that read and write without a wait.</summary>
internal static partial class Epoll
{
    public const uint Readable = 0x001;
    public const uint Writable = 0x004;
    public const uint Failed = 0x008;
    public const uint HungUp = 0x010;
    public const uint PeerHungUp = 0x2000;

    /// <summary>Told when something becomes ready, not while it is.</summary>
    public const uint EdgeTriggered = 1u << 31;

    /// <summary>Nothing to read or no room to write: not now (EAGAIN).</summary>
    public const int NotNow = -11;

    private const int EndsEarly = -5;
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Interrupted = 4;

    // The kernel packs the struct on x86-64 alone.
    private static readonly int _eventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <exception cref="SocketException">The system has no more descriptors.</exception>
    public static int Create() => epoll_create1(CloseOnExec) is >= 0 and var created ? created : throw new SocketException(Marshal.GetLastPInvokeError());

    /// <param name="id">What <see cref="Wait"/> names it by.</param>
    /// <exception cref="SocketException">The system has no room for it.</exception>
    public static unsafe void Watch(int epoll, int descriptor, uint events, long id)
    {
        var told = stackalloc byte[16];
        *(uint*)told = events;
        *(long*)(told + _eventBytes - 8) = id;
        if (epoll_ctl(epoll, Add, descriptor, told) < 0)
        {
            throw new SocketException(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Waits until something is ready.</summary>
    /// <param name="ready">Filled with events and ids.</param>
    /// <returns>How many; 0 when it was interrupted, -1 when the descriptor is gone.</returns>
    public static unsafe int Wait(int epoll, Span<(uint Events, long Id)> ready)
    {
        var told = stackalloc byte[16 * ready.Length];
        var count = epoll_wait(epoll, told, ready.Length, -1);
        if (count < 0)
        {
            return Marshal.GetLastPInvokeError() == Interrupted ? 0 : -1;
        }

        for (var i = 0; i < count; i++, told += _eventBytes)
        {
            ready[i] = (*(uint*)told, *(long*)(told + _eventBytes - 8));
        }

        return count;
    }

    /// <returns>Bytes read; 0 at the end; <see cref="NotNow"/>, or another negative error of the system.</returns>
    public static unsafe int Read(int socket, Span<byte> into)
    {
        fixed (byte* bytes = into)
        {
            while (true)
            {
                var read = recv(socket, bytes, into.Length, 0);
                if (read >= 0 || Marshal.GetLastPInvokeError() is not Interrupted and var error && Fails(error, out read))
                {
                    return (int)read;
                }
            }
        }
    }

    /// <returns>Bytes written; <see cref="NotNow"/>, or another negative error of the system.</returns>
    public static unsafe int Write(int socket, ReadOnlySpan<Piece> pieces)
    {
        fixed (Piece* first = pieces)
        {
            while (true)
            {
                var written = writev(socket, first, pieces.Length);
                if (written >= 0 || Marshal.GetLastPInvokeError() is not Interrupted and var error && Fails(error, out written))
                {
                    return (int)written;
                }
            }
        }
    }

    /// <summary>Sends a part of a file without reading it: sendfile(2). Waits for the disk, never for the socket.</summary>
    /// <returns>Bytes sent; <see cref="NotNow"/>, or another negative error of the system: -5 (EIO), too, when the file ends before.</returns>
    public static unsafe int Send(int socket, int file, long offset, int length)
    {
        while (true)
        {
            var at = offset;
            var sent = sendfile(socket, file, &at, length);
            if (sent >= 0 || Marshal.GetLastPInvokeError() is not Interrupted and var error && Fails(error, out sent))
            {
                return sent == 0 ? EndsEarly : (int)sent;
            }
        }
    }

    public static void Close(int descriptor) => _ = close(descriptor);

    private static bool Fails(int error, out nint answer)
    {
        answer = -error;
        return true;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_ctl(int epoll, int operation, int descriptor, byte* told);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_wait(int epoll, byte* told, int most, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint recv(int socket, byte* into, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint writev(int socket, Piece* pieces, int count);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint sendfile(int socket, int file, long* offset, nint length);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    /// <summary>Pinned bytes of a write from several places: <c>iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct Piece
    {
        public byte* Bytes;
        public nint Length;
    }
}
