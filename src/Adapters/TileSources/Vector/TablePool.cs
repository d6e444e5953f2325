using System.Collections.Concurrent;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>What a file is now: when it changes, what was read of it is worth nothing.</summary>
internal readonly record struct FileState(string Path, DateTime Written, long Length, DateTime LogWritten, long LogLength)
{
    /// <returns>Also of SQLite's log beside the file, in which changes stand first.</returns>
    public static FileState Of(string path)
    {
        var (file, log) = (new FileInfo(path), new FileInfo(path + "-wal"));
        return new FileState(path, file.LastWriteTimeUtc, file.Exists ? file.Length : -1, log.Exists ? log.LastWriteTimeUtc : default, log.Exists ? log.Length : 0);
    }
}

/// <summary>Connections that wait for their next use, each with its table's statement. Those to files that have changed are closed.</summary>
internal sealed class TablePool : IDisposable
{
    private const int KeptEach = 8;
    private const int KeptTables = 64;

    private readonly ConcurrentDictionary<(string Path, string Table, string? Attributes), Idle> _idle = new();
    private volatile bool _disposed;

    public Lease Rent(FileState file, string table, IReadOnlyList<string>? attributes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var key = (file.Path, table, attributes is null ? null : string.Join('\0', attributes));
        while (_idle.TryGetValue(key, out var idle))
        {
            if (idle.File != file)
            {
                _idle.TryRemove(new KeyValuePair<(string, string, string?), Idle>(key, idle));
                idle.Close();
            }
            else if (idle.Tables.TryTake(out var kept))
            {
                idle.Used = Environment.TickCount64;
                return new Lease(kept, back => Return(key, file, back));
            }
            else
            {
                break;
            }
        }

        return new Lease(new GeoPackageTable(file.Path, table, attributes), back => Return(key, file, back));
    }

    public void Dispose()
    {
        _disposed = true;
        foreach (var key in _idle.Keys)
        {
            Drop(key);
        }
    }

    private void Return((string, string, string?) key, FileState file, GeoPackageTable table)
    {
        var idle = _idle.GetOrAdd(key, _ => new Idle(file));
        if (idle.File != file || idle.Tables.Count >= KeptEach || _disposed)
        {
            table.Dispose();
            return;
        }

        idle.Used = Environment.TickCount64;
        idle.Tables.Add(table);
        if (idle.Closed || _disposed)
        {
            idle.Close();
        }

        if (_idle.Count > KeptTables)
        {
            Drop(_idle.MinBy(pair => pair.Value.Used).Key);
        }
    }

    private void Drop((string, string, string?) key)
    {
        if (_idle.TryRemove(key, out var idle))
        {
            idle.Close();
        }
    }

    /// <summary>A connection for one thread; disposing of it gives it back.</summary>
    public readonly struct Lease(GeoPackageTable table, Action<GeoPackageTable> back) : IDisposable
    {
        public GeoPackageTable Table { get; } = table;

        public void Dispose() => back(Table);
    }

    private sealed class Idle(FileState file)
    {
        public FileState File { get; } = file;

        public ConcurrentBag<GeoPackageTable> Tables { get; } = [];

        public long Used { get; set; }

        public bool Closed { get; private set; }

        public void Close()
        {
            Closed = true;
            while (Tables.TryTake(out var table))
            {
                table.Dispose();
            }
        }
    }
}
