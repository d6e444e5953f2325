using System.Buffers.Binary;
using System.Collections.Concurrent;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Storage.Tiles.GeoPackage;

/// <summary>
/// A GeoPackage of one tileset: tables of our own, where identical tiles are one row and a level is emptied by one row, and over them the view
/// <c>tiles</c> that the standard asks for (OGC 12-128r19, 2.2.8), so that others open it.
/// </summary>
internal sealed class TilePackage : IDisposable
{
    private const int ReadersKept = 8;
    private const int RowsAtOnce = 2_000;

    // What a tile takes beside its content, about.
    private const long RowBytes = 64;


    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly SqliteWriter _writer;
    private volatile bool _isClosed;
    private int _reading;

    public TilePackage(string path, TilesetKey tileset, TileMatrixSet? set, ILogger logger)
    {
        Path = path;
        var session = new SqliteSession(path, readOnly: false);
        try
        {
            session.Run("PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864;");
            TilePackageSchema.Make(session, tileset, set);
        }
        catch
        {
            session.Dispose();
            throw;
        }

        _writer = new SqliteWriter(session, logger);
    }

    public string Path { get; }

    public long LastUsed { get; set; }

    public bool IsClosed => _isClosed;

    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    public StoredTile? Find(int level, TileIndex tile) => Read(session => session.First(
        """
        SELECT c.data, c.hash, t.made, t.flags FROM geowps_level l JOIN geowps_tile t ON t.level = l.id JOIN geowps_content c ON c.id = t.content
        WHERE l.zoom_level = $level AND l.is_live = 1 AND t.tile_row = $row AND t.tile_column = $column
        """,
        StoredOf,
        ("$level", level), ("$row", tile.Row), ("$column", tile.Column)));

    public Task PutAsync(int level, IReadOnlyList<(TileIndex Index, StoredTile Tile)> tiles, CancellationToken cancellationToken) => _writer.WriteAsync(
        durable: false,
        session =>
        {
            var id = LevelOf(session, level);
            foreach (var (index, tile) in tiles)
            {
                Put(session, id, index, tile);
            }

            return true;
        },
        cancellationToken);

    /// <summary>By one statement; its rows go in <see cref="SweepAsync"/>.</summary>
    public Task EmptyAsync(int? level, CancellationToken cancellationToken) => _writer.WriteAsync(
        durable: false,
        session => session.Execute("UPDATE geowps_level SET is_live = 0 WHERE is_live = 1 AND ($level IS NULL OR zoom_level = $level)", ("$level", level)),
        cancellationToken);

    public Task RemoveAsync(int level, TileRange range, CancellationToken cancellationToken) => RemoveWhileAsync(
        session => session.All(
            """
            SELECT t.level, t.tile_row, t.tile_column, t.content FROM geowps_level l JOIN geowps_tile t ON t.level = l.id
            WHERE l.zoom_level = $level AND l.is_live = 1 AND t.tile_row BETWEEN $first AND $last AND t.tile_column BETWEEN $left AND $right LIMIT $limit
            """,
            RowOf,
            ("$level", level), ("$first", range.MinRow), ("$last", range.MaxRow), ("$left", range.MinColumn), ("$right", range.MaxColumn), ("$limit", RowsAtOnce)),
        cancellationToken);

    /// <summary>Removes the rows of emptied levels, a piece at a time.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await RemoveWhileAsync(
            session => session.All(
                "SELECT t.level, t.tile_row, t.tile_column, t.content FROM geowps_level l JOIN geowps_tile t ON t.level = l.id WHERE l.is_live = 0 LIMIT $limit", RowOf, ("$limit", RowsAtOnce)),
            cancellationToken);
        await _writer.WriteAsync(durable: false, session => session.Execute("DELETE FROM geowps_level WHERE is_live = 0 AND NOT EXISTS (SELECT 1 FROM geowps_tile WHERE level = id)"), cancellationToken);
    }

    public (long Tiles, long Bytes) Use() => Read(session => (
        session.Number("SELECT ifnull(sum(tiles), 0) FROM geowps_level WHERE is_live = 1") ?? 0,
        session.Number($"SELECT bytes + {RowBytes} * (SELECT ifnull(sum(tiles), 0) FROM geowps_level WHERE is_live = 1) FROM geowps_use") ?? 0));

    /// <summary>Looks at some tiles, those that were made first before others, and removes those that may go.</summary>
    /// <returns>Bytes that went, as <see cref="Use"/> counts them.</returns>
    public Task<long> EvictAsync(long bytes, Func<int, TileIndex, bool> mayGo, CancellationToken cancellationToken) => _writer.WriteAsync(
        durable: false,
        session =>
        {
            var gone = 0L;
            foreach (var (row, level) in session.All(
                """
                SELECT t.level, t.tile_row, t.tile_column, t.content, l.zoom_level FROM geowps_level l JOIN geowps_tile t ON t.level = l.id
                WHERE l.is_live = 1 ORDER BY t.made LIMIT 20000
                """,
                reader => new Evictable(RowOf(reader), reader.GetInt32(4))))
            {
                if (gone >= bytes)
                {
                    break;
                }

                gone += mayGo(level, new TileIndex(row.Column, row.TileRow)) ? Remove(session, row) : 0;
            }

            return gone;
        },
        cancellationToken);

    public void Dispose()
    {
        _isClosed = true;
        Interlocked.MemoryBarrier();

        // Each read is short. A connection that outlives the file's name would, when it closes, remove the log of the next file of this name.
        SpinWait.SpinUntil(() => Volatile.Read(ref _reading) == 0);
        DropReaders();

        // Last: the connection that closes last folds the WAL into the file.
        _writer.Dispose();
    }

    private static void Put(SqliteSession session, long level, TileIndex index, StoredTile tile)
    {
        var before = session.First(
            "SELECT level, tile_row, tile_column, content FROM geowps_tile WHERE level = $level AND tile_row = $row AND tile_column = $column", RowOf,
            ("$level", level), ("$row", index.Row), ("$column", index.Column));
        var hash = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(hash, tile.Hash);
        if (session.Execute("UPDATE geowps_content SET uses = uses + 1 WHERE hash = $hash", ("$hash", hash)) == 0)
        {
            session.Execute("INSERT INTO geowps_content (hash, uses, data) VALUES ($hash, 1, $data)", ("$hash", hash), ("$data", tile.Content.ToArray()));
            session.Execute("UPDATE geowps_use SET bytes = bytes + $bytes", ("$bytes", (long)tile.Content.Length));
        }

        if (before is not null)
        {
            Remove(session, before);
        }

        session.Execute(
            """
            INSERT INTO geowps_tile (level, tile_row, tile_column, content, made, flags)
            VALUES ($level, $row, $column, (SELECT id FROM geowps_content WHERE hash = $hash), $made, $flags)
            """,
            ("$level", level), ("$row", index.Row), ("$column", index.Column), ("$hash", hash), ("$made", tile.Made.ToUnixTimeSeconds()), ("$flags", (long)tile.Encoding | ((long)tile.Notes << 8)));
        session.Execute("UPDATE geowps_level SET tiles = tiles + 1 WHERE id = $level", ("$level", level));
    }

    /// <returns>Bytes that went: of a content that other tiles have, too, only what a row takes.</returns>
    private static long Remove(SqliteSession session, Row row)
    {
        session.Execute("DELETE FROM geowps_tile WHERE level = $level AND tile_row = $row AND tile_column = $column", ("$level", row.Level), ("$row", row.TileRow), ("$column", row.Column));
        session.Execute("UPDATE geowps_level SET tiles = tiles - 1 WHERE id = $level", ("$level", row.Level));
        session.Execute("UPDATE geowps_content SET uses = uses - 1 WHERE id = $content", ("$content", row.Content));
        if (session.Number("SELECT length(data) FROM geowps_content WHERE id = $content AND uses = 0", ("$content", row.Content)) is not { } length)
        {
            return RowBytes;
        }

        session.Execute("DELETE FROM geowps_content WHERE id = $content", ("$content", row.Content));
        session.Execute("UPDATE geowps_use SET bytes = bytes - $bytes", ("$bytes", length));
        return RowBytes + length;
    }

    private static long LevelOf(SqliteSession session, int level)
    {
        const string Find = "SELECT id FROM geowps_level WHERE zoom_level = $level AND is_live = 1";
        if (session.Number(Find, ("$level", level)) is { } id)
        {
            return id;
        }

        session.Execute("INSERT INTO geowps_level (zoom_level, is_live, tiles) VALUES ($level, 1, 0)", ("$level", level));
        return session.Number(Find, ("$level", level))!.Value;
    }

    private static StoredTile StoredOf(SqliteDataReader reader)
    {
        var flags = reader.GetInt64(3);
        return new StoredTile(
            reader.GetFieldValue<byte[]>(0), (TileEncoding)(flags & 0xff), BinaryPrimitives.ReadUInt128BigEndian(reader.GetFieldValue<byte[]>(1)),
            DateTimeOffset.FromUnixTimeSeconds(reader.GetInt64(2)), (TileNotes)(flags >> 8));
    }

    private static Row RowOf(SqliteDataReader reader) => new(reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt64(3));

    // Between two pieces others write.
    private async Task RemoveWhileAsync(Func<SqliteSession, List<Row>> next, CancellationToken cancellationToken)
    {
        int removed;
        do
        {
            removed = await _writer.WriteAsync(
                durable: false,
                session =>
                {
                    var rows = next(session);
                    rows.ForEach(row => Remove(session, row));
                    return rows.Count;
                },
                cancellationToken);
        }
        while (removed == RowsAtOnce);
    }

    private T Read<T>(Func<SqliteSession, T> work)
    {
        Interlocked.Increment(ref _reading);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            var session = _readers.TryTake(out var idle) ? idle : new SqliteSession(Path, readOnly: true);
            try
            {
                return work(session);
            }
            finally
            {
                if (_readers.Count < ReadersKept)
                {
                    _readers.Add(session);
                }
                else
                {
                    session.Dispose();
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _reading);
        }
    }

    private void DropReaders()
    {
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private sealed record Row(long Level, int TileRow, int Column, long Content);

    private sealed record Evictable(Row Row, int Level);
}
