using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GeoWps.Adapters.Storage.Files;

/// <summary>Puts one file behind another. On Linux the kernel does it, where the file system can (Btrfs, XFS) by sharing the blocks; elsewhere it goes through a buffer.</summary>
internal static partial class FileJoin
{
    private const int BufferBytes = 1024 * 1024;
    private const nuint MostAtOnce = 256 * 1024 * 1024;

    /// <summary><c>SYNC_FILE_RANGE_WRITE</c>.</summary>
    private const uint BeginWriting = 2;

    /// <summary>Writes all of a file to another one, for which the disk begins with it at once.</summary>
    /// <inheritdoc cref="Copy"/>
    public static long Append(SafeFileHandle source, SafeFileHandle destination, long at, CancellationToken cancellationToken)
    {
        var end = Copy(source, destination, at, cancellationToken);

        // The disk begins with these while the next ones are copied; without it, all of them wait for the flush at the end. Where it can't, nothing is lost.
        if (OperatingSystem.IsLinux())
        {
            _ = SyncFileRange(destination, at, end - at, BeginWriting);
        }

        return end;
    }

    /// <summary>Writes all of a file to another one.</summary>
    /// <param name="at">Offset of its first byte there.</param>
    /// <returns>The offset behind its last byte.</returns>
    public static long Copy(SafeFileHandle source, SafeFileHandle destination, long at, CancellationToken cancellationToken)
    {
        var length = RandomAccess.GetLength(source);
        long done = 0;
        while (done < length && OperatingSystem.IsLinux())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (from, to) = (done, at + done);
            var copied = CopyFileRange(source, ref from, destination, ref to, MostAtOnce, 0);
            if (copied <= 0)
            {
                break;
            }

            done += copied;
        }

        var buffer = done < length ? ArrayPool<byte>.Shared.Rent(BufferBytes) : [];
        try
        {
            while (done < length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var read = RandomAccess.Read(source, buffer, done);
                if (read == 0)
                {
                    throw new EndOfStreamException("A content is shorter than it was.");
                }

                RandomAccess.Write(destination, buffer.AsSpan(0, read), at + done);
                done += read;
            }
        }
        finally
        {
            if (buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        return at + length;
    }

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "copy_file_range")]
    private static partial nint CopyFileRange(SafeFileHandle source, ref long from, SafeFileHandle destination, ref long to, nuint length, uint flags);
}
