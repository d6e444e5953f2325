using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GeoWps.Adapters.Storage.Tiles.Pack;

/// <summary>The pack files of a level, numbered: written at the end of the last one, read anywhere.</summary>
internal sealed partial class PackFiles : IDisposable
{
    public const string Ending = ".pack";

    private const int NoWait = 8;

    private readonly ConcurrentDictionary<int, SafeFileHandle> _files = [];
    private readonly string _folder;
    private readonly long _mostBytes;

    /// <param name="mostBytes">Of one file, about; at most 2^40.</param>
    public PackFiles(string folder, long mostBytes)
    {
        (_folder, _mostBytes) = (folder, mostBytes);
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Ending))
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                _files[number] = Open(number, FileMode.Open);
                Total += RandomAccess.GetLength(_files[number]);
                Last = Math.Max(Last, number);
            }
        }

        if (Last == 0)
        {
            Roll();
        }

        First = _files.Keys.Min();
        End = RandomAccess.GetLength(_files[Last]);
    }

    /// <summary>Numbers from 1.</summary>
    public int First { get; private set; }

    public int Last { get; private set; }

    /// <summary>Where the last one ends.</summary>
    public long End { get; private set; }

    public long MostBytes => _mostBytes;

    /// <summary>Bytes of all.</summary>
    public long Total { get; private set; }

    public ulong Head => PlaceOf(Last, End);

    public IEnumerable<int> Numbers => _files.Keys.Order();

    public static ulong PlaceOf(int number, long offset) => ((ulong)number << 40) | (ulong)offset;

    public static (int Number, long Offset) At(ulong place) => ((int)(place >> 40), (long)(place & ((1UL << 40) - 1)));

    /// <returns><see langword="false"/> when the file is gone, or has less.</returns>
    public bool TryRead(ulong place, Span<byte> content)
    {
        var (number, offset) = At(place);
        try
        {
            return _files.TryGetValue(number, out var file) && RandomAccess.Read(file, content, offset) == content.Length;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>As <see cref="TryRead"/>, of what the system has in memory alone: see preadv2(2), <c>RWF_NOWAIT</c>.</summary>
    public unsafe bool TryReadNow(ulong place, Span<byte> content)
    {
        var (number, offset) = At(place);
        if (!OperatingSystem.IsLinux() || !_files.TryGetValue(number, out var file))
        {
            return false;
        }

        try
        {
            fixed (byte* bytes = content)
            {
                var piece = (Bytes: (nint)bytes, Length: (nint)content.Length);
                return preadv2(file, &piece, 1, offset, NoWait) == content.Length;
            }
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    public bool TryReadRecord(ulong place, out PackRecord record)
    {
        record = default;
        return TryRead(place, MemoryMarshal.AsBytes(new Span<PackRecord>(ref record))) && record.IsWhole;
    }

    public long LengthOf(int number) => _files.TryGetValue(number, out var file) ? RandomAccess.GetLength(file) : 0;

    /// <returns>Where it begins.</returns>
    public ulong Append(ReadOnlySpan<byte> bytes)
    {
        if (End > 0 && End + bytes.Length > _mostBytes)
        {
            Roll();
        }

        var at = Head;
        try
        {
            RandomAccess.Write(_files[Last], bytes, End);
        }
        catch (IOException)
        {
            // What was written of it must not be found later.
            RandomAccess.SetLength(_files[Last], End);
            throw;
        }

        End += bytes.Length;
        Total += bytes.Length;
        return at;
    }

    /// <summary>Begins the next file.</summary>
    public void Roll()
    {
        Last++;
        _files[Last] = Open(Last, FileMode.Create);
        End = 0;
        First = First == 0 ? Last : First;
    }

    /// <summary>Forgets what is behind a place in the last file: the end of a write that was torn.</summary>
    public void Cut(long end)
    {
        Total -= End - end;
        RandomAccess.SetLength(_files[Last], end);
        End = end;
    }

    public void RemoveFirst()
    {
        if (_files.TryRemove(First, out var file))
        {
            Total -= RandomAccess.GetLength(file);
            file.Dispose();
            File.Delete(PathOf(First));
        }

        First = _files.Keys.Min();
    }

    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            file.Dispose();
        }
    }

    [LibraryImport("libc")]
    private static unsafe partial nint preadv2(SafeFileHandle file, (nint Bytes, nint Length)* pieces, int count, long offset, int flags);

    private SafeFileHandle Open(int number, FileMode mode) =>
        File.OpenHandle(PathOf(number), mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess);

    private string PathOf(int number) => Path.Combine(_folder, number.ToString("000000", CultureInfo.InvariantCulture) + Ending);
}
