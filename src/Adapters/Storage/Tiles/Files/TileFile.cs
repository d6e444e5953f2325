using System.Runtime.InteropServices;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
using Microsoft.Win32.SafeHandles;

namespace GeoWps.Adapters.Storage.Tiles.Files;

/// <summary>
/// A tile in a file of its own, without a second file for what is known of it: its time is the file's, its encoding shows in its first bytes or in its
/// name's ending, and notes stand in the part of the time that is less than a second. A file of another server has none, and is a tile like any other.
/// </summary>
internal static partial class TileFile
{
    /// <summary>Brotli has no mark of its own; web servers know the ending.</summary>
    public const string BrotliEnding = ".br";

    // In units of 100 ns. That another server's file has one of these sixteen of ten million by chance is no danger: a note is a hint.
    private const long Code = 7_654_320;
    private const long SharedBit = 8;

    public static string EndingOf(StoredTile tile) => tile.Encoding == TileEncoding.Brotli ? BrotliEnding : "";

    /// <returns><see langword="null"/> when there is no such file.</returns>
    public static StoredTile? Read(string path, TileFormat format)
    {
        using var file = Open(path);
        if (file is null)
        {
            return null;
        }

        var bytes = new byte[RandomAccess.GetLength(file)];
        if (RandomAccess.Read(file, bytes, 0) != bytes.Length)
        {
            return null;
        }

        var time = File.GetLastWriteTimeUtc(file);
        var encoding = path.EndsWith(BrotliEnding, StringComparison.Ordinal) ? TileEncoding.Brotli
            : format.Compressible && bytes is [0x1f, 0x8b, ..] ? TileEncoding.Gzip
            : TileEncoding.Identity;
        return StoredTile.Of(bytes, encoding, SecondOf(time), NotesOf(time) ?? (bytes.Length == 0 ? TileNotes.Empty : TileNotes.None));
    }

    public static void Write(string path, StoredTile tile)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None, tile.Content.Length);
        RandomAccess.Write(file, tile.Content.Span, 0);
        File.SetLastWriteTimeUtc(file, TimeOf(tile.Made, tile.Notes, isShared: false));
    }

    /// <summary>Notes on a file that it has several names, so that its bytes count once.</summary>
    public static void MarkShared(string path, DateTimeOffset made, TileNotes notes) => File.SetLastWriteTimeUtc(path, TimeOf(made, notes, isShared: true));

    public static bool IsShared(DateTime time) => NotesOf(time) is not null && ((time.Ticks % TimeSpan.TicksPerSecond) - Code & SharedBit) != 0;

    public static TileNotes? NotesOf(DateTime time) => (time.Ticks % TimeSpan.TicksPerSecond) - Code is >= 0 and < 16 and var code ? (TileNotes)(code & ~SharedBit) : null;

    public static DateTimeOffset SecondOf(DateTime time) => new(time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond)), TimeSpan.Zero);

    private static DateTime TimeOf(DateTimeOffset made, TileNotes notes, bool isShared) =>
        DateTimeOffset.FromUnixTimeSeconds(made.ToUnixTimeSeconds()).UtcDateTime.AddTicks(Code + (long)notes + (isShared ? SharedBit : 0));

    // A miss is no exception: those cost more than the rest of it.
    private static SafeFileHandle? Open(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            const int ReadOnlyCloseOnExec = 0x80000;
            var number = OpenFile(path, ReadOnlyCloseOnExec);
            return number >= 0 ? new SafeFileHandle(number, ownsHandle: true) : Marshal.GetLastPInvokeError() is NoEntry or NoFolder ? null : File.OpenHandle(path);
        }

        try
        {
            return File.Exists(path) ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
        }
        catch (Exception reason) when (reason is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private const int NoEntry = 2;
    private const int NoFolder = 20;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenFile(string path, int flags);
}
