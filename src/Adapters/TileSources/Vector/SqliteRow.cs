using System.Runtime.InteropServices;
using SQLitePCL;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>
/// The row that a statement stands on. Values are fetched by SQLite's own functions without what the wrapper does around each call (a row of ten columns is thirty
/// calls, and that was half of the time). The bytes are SQLite's: they are there until the next step.
/// </summary>
internal readonly unsafe struct SqliteRow
{
    // They only look into the row and return at once, so the collector may wait for them.
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int> _kind;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, long> _whole;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, double> _real;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, byte*> _bytes;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int> _length;

    // This one may read the disk: the collector does not wait.
    private static readonly delegate* unmanaged[Cdecl]<nint, int> _step;

    private readonly nint _statement;

    static SqliteRow()
    {
        var library = NativeLibrary.Load("e_sqlite3", typeof(SQLite3Provider_e_sqlite3).Assembly, null);
        _kind = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int>)NativeLibrary.GetExport(library, "sqlite3_column_type");
        _whole = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, long>)NativeLibrary.GetExport(library, "sqlite3_column_int64");
        _real = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, double>)NativeLibrary.GetExport(library, "sqlite3_column_double");
        _bytes = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, byte*>)NativeLibrary.GetExport(library, "sqlite3_column_blob");
        _length = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int>)NativeLibrary.GetExport(library, "sqlite3_column_bytes");
        _step = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "sqlite3_step");
    }

    /// <param name="statement">Kept alive by the caller.</param>
    public SqliteRow(sqlite3_stmt statement) => _statement = statement.DangerousGetHandle();

    /// <returns>SQLite's answer: a row, done, or an error.</returns>
    public int Step() => _step(_statement);

    public int Kind(int column) => _kind(_statement, column);

    public long Whole(int column) => _whole(_statement, column);

    public double Real(int column) => _real(_statement, column);

    public ReadOnlySpan<byte> Bytes(int column)
    {
        var bytes = _bytes(_statement, column);
        return new ReadOnlySpan<byte>(bytes, _length(_statement, column));
    }
}
