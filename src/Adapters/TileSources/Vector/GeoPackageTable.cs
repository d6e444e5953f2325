using System.Numerics;
using System.Runtime.InteropServices;
using GeoWps.Application.Ports;
using GeoWps.Domain.Spatial;
using SQLitePCL;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>
/// One connection to one table of a GeoPackage, with its statement prepared: rows come straight out of SQLite's memory. Reads only. For one thread at a time.
/// </summary>
internal sealed class GeoPackageTable : IDisposable
{
    // In rows that are passed by: what it costs to look up one of the tree's, to begin a run, and what is better begun anew.
    private const int LookupCost = 5;
    private const int RunCost = 12;
    private const int LongestGap = 12;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _rows;
    private readonly sqlite3_stmt _all;
    private readonly sqlite3_stmt? _found;
    private readonly sqlite3_stmt? _between;
    private readonly List<long> _ids = [];
    private ulong[] _bits = [];
    private readonly Column[] _columns;
    private readonly bool _indexed;
    private readonly bool _keyed;

    /// <param name="attributes">Which columns, in which order; <see langword="null"/>: all.</param>
    /// <exception cref="TileSourceException">There is no such table, or it has no geometry.</exception>
    public GeoPackageTable(string path, string table, IReadOnlyList<string>? attributes)
    {
        Batteries_V2.Init();
        if (raw.sqlite3_open_v2(path, out _database, raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_NOMUTEX, null) != raw.SQLITE_OK)
        {
            _database.Dispose();
            throw new TileSourceException("The layer's data can't be opened.", retryAfter: TimeSpan.FromSeconds(10));
        }

        try
        {
            raw.sqlite3_busy_timeout(_database, 5000);
            Run("PRAGMA cache_size = -16384");
            if (Texts("PRAGMA encoding").Single() != "UTF-8")
            {
                throw new TileSourceException("The layer's file does not keep its text in UTF-8.");
            }

            var geometry = Texts("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", table).FirstOrDefault()
                ?? throw new TileSourceException($"The layer's file has no table {table} with geometries.");
            var key = Texts("SELECT name FROM pragma_table_info(?) WHERE pk = 1 AND upper(type) = 'INTEGER'", table).FirstOrDefault();
            _columns = [.. Columns(table, geometry, key, attributes)];
            _keyed = key is not null;
            _indexed = _keyed && Texts("SELECT name FROM sqlite_master WHERE name = ?", $"rtree_{table}_{geometry}").Any();
            Keys = [.. _columns.Select(column => column.Name)];
            var names = string.Concat(_columns.Select(column => $", t.{Quoted(column.Name)}"));
            var rows = $"SELECT {(_keyed ? $"t.{Quoted(key!)}" : "-1")}, t.{Quoted(geometry)}{names} FROM ";
            var order = _keyed ? $" ORDER BY t.{Quoted(key!)}" : "";

            // The tree first, then row by row: a third quicker than by a list of keys. The rows come in the tree's order and are sorted afterwards.
            _all = Prepare($"{rows}{Quoted(table)} t{order}");
            _rows = _indexed
                ? Prepare($"{rows}{Quoted($"rtree_{table}_{geometry}")} r CROSS JOIN {Quoted(table)} t ON t.{Quoted(key!)} = r.id WHERE r.maxx >= ?1 AND r.minx <= ?3 AND r.maxy >= ?2 AND r.miny <= ?4")
                : _all;
            if (_indexed)
            {
                _found = Prepare($"SELECT r.id FROM {Quoted($"rtree_{table}_{geometry}")} r WHERE r.maxx >= ?1 AND r.minx <= ?3 AND r.maxy >= ?2 AND r.miny <= ?4");
                _between = Prepare($"{rows}{Quoted(table)} t WHERE t.{Quoted(key!)} BETWEEN ?1 AND ?2{order}");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Names of the attributes, in the order of <see cref="Shapes.Attributes"/>.</summary>
    public string[] Keys { get; }

    /// <summary>Reads the features whose envelopes meet a window, by their keys' order. Without an R-tree all rows are looked at.</summary>
    /// <param name="window">In the table's coordinates; <see langword="null"/>: all features.</param>
    /// <param name="clipped">Whether what can't be seen through the window may be left out.</param>
    /// <param name="maxSize">Bytes; <see langword="null"/> for as many as there are.</param>
    /// <returns>Whether all of it has been read: <see langword="false"/> when it became larger than allowed.</returns>
    public bool Read(Extent? window, bool clipped, Projection projection, Shapes shapes, TileValues values, long? maxSize, CancellationToken cancellationToken)
    {
        var reader = new GeometryReader(shapes);
        reader.Set(projection.Apply, clipped ? window : null);
        shapes.Columns = _columns.Length;
        if (window is not { } box || !_indexed)
        {
            return ReadAll(_all, window, reader, shapes, values, maxSize, cancellationToken);
        }

        // One transaction: what the tree names is what the table has.
        Run("BEGIN");
        try
        {
            if (FindDense(box, cancellationToken))
            {
                ReadFound(reader, shapes, values, cancellationToken);
                return true;
            }

            Bind(_rows, box);
            return ReadAll(_rows, window, reader, shapes, values, maxSize, cancellationToken);
        }
        finally
        {
            Run("COMMIT");
        }
    }

    public void Dispose()
    {
        _found?.Dispose();
        _between?.Dispose();
        _rows?.Dispose();
        _all?.Dispose();
        _database.Dispose();
    }

    private bool ReadAll(sqlite3_stmt rows, Extent? window, GeometryReader reader, Shapes shapes, TileValues values, long? maxSize, CancellationToken cancellationToken)
    {
        try
        {
            var row = new SqliteRow(rows);
            for (var read = 1; Step(row); read++)
            {
                if (read % 256 == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (shapes.Size + values.Size > maxSize)
                    {
                        return false;
                    }
                }

                if (row.Kind(1) == raw.SQLITE_BLOB)
                {
                    Add(row, reader, window, shapes, values);
                }
            }

            shapes.SortById();
            return true;
        }
        finally
        {
            raw.sqlite3_reset(rows);
        }
    }

    /// <summary>
    /// Asks the tree for the keys. It is a tenth of what a row costs that has to be looked up in the table, and that is six times what it costs to come by one.
    /// </summary>
    /// <returns>Whether the keys lie so near each other that the table is walked along.</returns>
    private bool FindDense(in Extent window, CancellationToken cancellationToken)
    {
        _ids.Clear();
        Bind(_found!, window);
        try
        {
            var row = new SqliteRow(_found!);
            while (Step(row))
            {
                _ids.Add(row.Whole(0));
                if (_ids.Count % 4096 == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
        }
        finally
        {
            raw.sqlite3_reset(_found!);
        }

        SortIds();
        var (walked, runs) = (0L, 1);
        for (var i = 1; i < _ids.Count; i++)
        {
            if (_ids[i] - _ids[i - 1] is var gap && gap > LongestGap)
            {
                runs++;
            }
            else
            {
                walked += gap;
            }
        }

        return _ids.Count > 0 && walked + (RunCost * (long)runs) < LookupCost * (long)_ids.Count;
    }

    /// <summary>By a bit for each key where they lie near each other: that is several times quicker than to compare them.</summary>
    private void SortIds()
    {
        var ids = CollectionsMarshal.AsSpan(_ids);
        var (low, high) = (long.MaxValue, long.MinValue);
        foreach (var id in ids)
        {
            (low, high) = (Math.Min(low, id), Math.Max(high, id));
        }

        if (ids.IsEmpty || (UInt128)((Int128)high - low) >= 64 * (UInt128)ids.Length)
        {
            _ids.Sort();
            return;
        }

        var words = (int)((high - low) / 64) + 1;
        if (_bits.Length < words)
        {
            _bits = new ulong[words + (words / 2)];
        }

        foreach (var id in ids)
        {
            _bits[(id - low) >> 6] |= 1UL << (int)(id - low);
        }

        var count = 0;
        for (var word = 0; word < words; word++)
        {
            for (var bits = _bits[word]; bits != 0; bits &= bits - 1)
            {
                ids[count++] = low + (64L * word) + BitOperations.TrailingZeroCount(bits);
            }

            _bits[word] = 0;
        }

        // A damaged tree may name a key twice.
        CollectionsMarshal.SetCount(_ids, count);
    }

    /// <summary>Walks the table along the keys that were found, and looks up the next one where too many rows lie between.</summary>
    private void ReadFound(GeometryReader reader, Shapes shapes, TileValues values, CancellationToken cancellationToken)
    {
        var row = new SqliteRow(_between!);
        for (var next = 0; next < _ids.Count;)
        {
            var last = next + 1;
            while (last < _ids.Count && _ids[last] - _ids[last - 1] <= LongestGap)
            {
                last++;
            }

            cancellationToken.ThrowIfCancellationRequested();
            raw.sqlite3_bind_int64(_between!, 1, _ids[next]);
            raw.sqlite3_bind_int64(_between!, 2, _ids[last - 1]);
            try
            {
                for (var read = 1; Step(row); read++)
                {
                    if (read % 4096 == 0)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                    }

                    var id = row.Whole(0);
                    while (next < last && _ids[next] < id)
                    {
                        next++;
                    }

                    if (next < last && _ids[next] == id && row.Kind(1) == raw.SQLITE_BLOB)
                    {
                        Add(row, reader, null, shapes, values);
                    }
                }
            }
            finally
            {
                raw.sqlite3_reset(_between!);
            }

            next = last;
        }
    }

    private static void Bind(sqlite3_stmt statement, in Extent window)
    {
        raw.sqlite3_bind_double(statement, 1, window.MinX);
        raw.sqlite3_bind_double(statement, 2, window.MinY);
        raw.sqlite3_bind_double(statement, 3, window.MaxX);
        raw.sqlite3_bind_double(statement, 4, window.MaxY);
    }

    /// <returns>Whether there is a row.</returns>
    private bool Step(SqliteRow row) => row.Step() switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        _ => throw Failed(),
    };

    private void Add(SqliteRow rows, GeometryReader reader, Extent? window, Shapes shapes, TileValues values)
    {
        var geometry = rows.Bytes(1);
        if (window is { } seen && !_indexed && GeometryReader.Envelope(geometry) is { } envelope && !envelope.Intersects(seen))
        {
            return;
        }

        var first = shapes.Parts.Count;
        var box = reader.Read(geometry);
        if (box.IsEmpty)
        {
            return;
        }

        // A shape without parts is kept: its envelope says that something may be here.
        var seenParts = shapes.Parts.Count - first;
        shapes.All.Add(new Shape(rows.Whole(0), first, seenParts, shapes.KindFrom(first), seenParts == 0 ? -1 : shapes.Attributes.Count / Math.Max(1, _columns.Length), box));
        if (seenParts == 0)
        {
            return;
        }

        for (var column = 0; column < _columns.Length; column++)
        {
            shapes.Attributes.Add(Value(rows, column + 2, _columns[column].Kind, values));
        }
    }

    private static int Value(SqliteRow rows, int column, ColumnKind kind, TileValues values) => rows.Kind(column) switch
    {
        raw.SQLITE_TEXT => values.Add(rows.Bytes(column)),
        raw.SQLITE_INTEGER when kind == ColumnKind.Truth => values.Add(rows.Whole(column) != 0),
        raw.SQLITE_INTEGER => values.Add(rows.Whole(column)),
        raw.SQLITE_FLOAT => values.Add(rows.Real(column)),
        _ => -1,
    };

    /// <summary>Blobs have no form in a tile; the key is the feature's id and an attribute only when it is asked for.</summary>
    private IEnumerable<Column> Columns(string table, string geometry, string? key, IReadOnlyList<string>? attributes)
    {
        var all = Texts("SELECT name || char(0) || upper(type) FROM pragma_table_info(?)", table).Select(text => text.Split('\0'))
            .Select(parts => new Column(parts[0], parts[1].StartsWith("BOOL", StringComparison.Ordinal) ? ColumnKind.Truth : parts[1].StartsWith("BLOB", StringComparison.Ordinal) ? ColumnKind.Bytes : ColumnKind.Other))
            .Where(column => column.Name != geometry && column.Kind != ColumnKind.Bytes).ToArray();
        return attributes is null
            ? all.Where(column => column.Name != key)
            : attributes.Distinct(StringComparer.Ordinal).Select(name => Array.Find(all, column => column.Name == name)).OfType<Column>();
    }

    private void Run(string sql) => raw.sqlite3_exec(_database, sql);

    private IEnumerable<string> Texts(string sql, string? parameter = null)
    {
        using var statement = Prepare(sql);
        if (parameter is not null)
        {
            raw.sqlite3_bind_text(statement, 1, parameter);
        }

        var texts = new List<string>();
        while (raw.sqlite3_step(statement) == raw.SQLITE_ROW)
        {
            texts.Add(System.Text.Encoding.UTF8.GetString(raw.sqlite3_column_blob(statement, 0)));
        }

        return texts;
    }

    private sqlite3_stmt Prepare(string sql) => raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement) == raw.SQLITE_OK ? statement : throw Failed();

    private TileSourceException Failed() =>
        new("The layer's data can't be read.", new InvalidOperationException(raw.sqlite3_errmsg(_database).utf8_to_string()), TimeSpan.FromSeconds(10));

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private enum ColumnKind
    {
        Other,
        Truth,
        Bytes,
    }

    private sealed record Column(string Name, ColumnKind Kind);
}
