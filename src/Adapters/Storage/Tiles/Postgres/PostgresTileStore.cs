using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace GeoWps.Adapters.Storage.Tiles.Postgres;

/// <summary>Tiles in PostgreSQL, for all nodes. Identical tiles have one content; a level is emptied by removing one row.</summary>
internal sealed partial class PostgresTileStore : ITileStore, IAsyncDisposable
{
    private const int RowsAtOnce = 5_000;

    private const string OfLevel = "layer = $1 AND tile_matrix_set = $2 AND format = $3 AND level = $4";

    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _toSweep = new(1);
    private readonly ReadMarks _read = new();
    private readonly NpgsqlDataSource _source;
    private readonly PostgresTurns? _turns;
    private readonly ILogger _logger;
    private readonly Task _sweeping;

    /// <param name="turns">Of the nodes of a cluster; <see langword="null"/> for one node alone.</param>
    public PostgresTileStore(PostgresDatabase database, ILogger logger, PostgresTurns? turns = null)
    {
        (_source, _logger, _turns) = (database.Source, logger, turns);
        _sweeping = Task.Run(SweepAsync);
    }

    public async ValueTask<StoredTile?> FindAsync(TileKey key, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
            SELECT c.data, t.hash, t.made, t.flags FROM geowps.tile_level l JOIN geowps.tile t ON t.level_id = l.id JOIN geowps.tile_content c ON c.hash = t.hash
            WHERE {OfLevel} AND t.tile_row = $5 AND t.tile_column = $6
            """,
            key.Tileset, key.Level, key.Tile.Row, key.Tile.Column);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        _read.Set(key);
        var flags = reader.GetInt32(3);
        return new StoredTile(
            reader.GetFieldValue<byte[]>(0), (TileEncoding)(flags & 0xff), BinaryPrimitives.ReadUInt128BigEndian(reader.GetFieldValue<byte[]>(1)),
            DateTimeOffset.FromUnixTimeSeconds(reader.GetInt64(2)), (TileNotes)(flags >> 8));
    }

    public bool IsShared => _turns is not null;

    public async Task PutAsync(IReadOnlyList<KeyValuePair<TileKey, StoredTile>> tiles, CancellationToken cancellationToken)
    {
        foreach (var level in tiles.GroupBy(tile => (tile.Key.Tileset, tile.Key.Level)))
        {
            await PutLevelAsync("SELECT geowps.put_tiles($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", level.Key.Tileset, level.Key.Level, level, [], cancellationToken);
        }
    }

    /// <summary>A turn is at a metatile: all tiles are of one level.</summary>
    public async Task<bool> PutAsync(IReadOnlyList<KeyValuePair<TileKey, StoredTile>> tiles, TileTurn turn, CancellationToken cancellationToken)
    {
        if (turn is not PostgresTurns.PostgresTurn { Number: { } number } mine)
        {
            await PutAsync(tiles, cancellationToken);
            return true;
        }

        var first = tiles[0].Key;
        return await PutLevelAsync(
            "SELECT geowps.put_tiles_in_turn($12, $13, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", first.Tileset, first.Level, tiles, [mine.Key, number], cancellationToken) is true;
    }

    public async Task RemoveAsync(TileSelection selection, CancellationToken cancellationToken)
    {
        if (selection is { Level: { } level, Ranges: { } ranges })
        {
            // All of the level: who makes others of it has them made again.
            await using (var turns = Command("SELECT geowps.void_turns($1, $2, $3, $4)", selection.Tileset, level))
            {
                await turns.ExecuteNonQueryAsync(cancellationToken);
            }

            foreach (var range in ranges)
            {
                while (await RemoveSomeAsync(
                    selection.Tileset, level, "tile_row BETWEEN $5 AND $6 AND tile_column BETWEEN $7 AND $8", cancellationToken, range.MinRow, range.MaxRow, range.MinColumn, range.MaxColumn) > 0)
                {
                }
            }

            return;
        }

        var (layer, set, format) = selection.Tileset;
        await EmptyAsync(layer, set, format.Name, selection.Level, cancellationToken);
    }

    public Task RemoveLayerAsync(string layer, CancellationToken cancellationToken) => EmptyAsync(layer, null, null, null, cancellationToken);

    public async IAsyncEnumerable<TilesetUse> UseAsync(string? layer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(
            """
            SELECT layer, tile_matrix_set, format, sum(tiles)::bigint, sum(bytes + 64 * tiles)::bigint FROM geowps.tile_level
            WHERE $1::text IS NULL OR layer = $1 GROUP BY 1, 2, 3 HAVING sum(tiles) > 0
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)layer ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (TileFormat.Find(reader.GetString(2)) is { } format)
            {
                yield return new TilesetUse(new TilesetKey(reader.GetString(0), reader.GetString(1), format), reader.GetInt64(3), reader.GetInt64(4));
            }
        }
    }

    public Task<TileTurn?> TakeEvictionAsync(CancellationToken cancellationToken) =>
        _turns?.TakeAsync("eviction", null, 0, TimeSpan.Zero, anew: false, cancellationToken) ?? Task.FromResult<TileTurn?>(null);

    public async Task<long> EvictAsync(string? layer, long bytes, Func<TileKey, bool> isWanted, CancellationToken cancellationToken)
    {
        var levels = new List<(long Id, TilesetKey Tileset, int Level, long Bytes)>();
        await using (var command = _source.CreateCommand("SELECT id, layer, tile_matrix_set, format, level, bytes FROM geowps.tile_level WHERE tiles > 0 AND ($1::text IS NULL OR layer = $1) ORDER BY bytes DESC LIMIT 1000"))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)layer ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                levels.Add((reader.GetInt64(0), new TilesetKey(reader.GetString(1), reader.GetString(2), TileFormat.Find(reader.GetString(3))!), reader.GetInt32(4), reader.GetInt64(5)));
            }
        }

        var shares = EvictionShares.Of([.. levels.Select(level => level.Bytes)], bytes);
        var gone = 0L;
        for (var turn = 0; turn < 2 && gone == 0; turn++)
        {
            foreach (var ((id, tileset, level, _), share) in levels.Zip(shares))
            {
                // Where the largest could give nothing (their contents are also other levels'), all are asked. What a level gave beyond its share, the next ones need not.
                var most = turn == 0 ? Math.Min(share, bytes - gone) : bytes - gone;
                gone += most <= 0 ? 0 : await EvictAsync(id, most, tile => new TileKey(tileset, level, tile) is var key && !_read.Has(key) && !isWanted(key), cancellationToken);
            }

            _read.Clear();
        }

        return gone;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _sweeping;
        _stopping.Dispose();
        _toSweep.Dispose();
    }

    private async Task<long> EvictAsync(long id, long bytes, Func<TileIndex, bool> mayGo, CancellationToken cancellationToken)
    {
        var (rows, columns, goal) = (new List<int>(), new List<int>(), 0L);
        await using (var command = _source.CreateCommand(
            "SELECT t.tile_row, t.tile_column, length(c.data) FROM geowps.tile t JOIN geowps.tile_content c ON c.hash = t.hash WHERE t.level_id = $1 ORDER BY t.made LIMIT 20000"))
        {
            command.Parameters.AddWithValue(id);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (goal < bytes && rows.Count < RowsAtOnce && await reader.ReadAsync(cancellationToken))
            {
                if (mayGo(new TileIndex(reader.GetInt32(1), reader.GetInt32(0))))
                {
                    rows.Add(reader.GetInt32(0));
                    columns.Add(reader.GetInt32(1));
                    goal += reader.GetInt32(2) + 64;
                }
            }
        }

        return rows.Count == 0 ? 0 : await RemoveAsync(id, [.. rows], [.. columns], cancellationToken);
    }

    private async Task<object?> PutLevelAsync(
        string sql, TilesetKey tileset, int level, IEnumerable<KeyValuePair<TileKey, StoredTile>> tiles, object[] turn, CancellationToken cancellationToken)
    {
        // The same tile twice: the later one.
        var last = tiles.GroupBy(tile => tile.Key.Tile, (_, same) => same.Last()).ToArray();
        var contents = last.DistinctBy(tile => tile.Value.Hash).ToArray();
        object? answer = null;
        await RetryAsync(
            async () =>
            {
                await using var command = Command(
                    sql,
                    tileset,
                    level,
                    [
                        last.Select(tile => tile.Key.Tile.Row).ToArray(), last.Select(tile => tile.Key.Tile.Column).ToArray(),
                        last.Select(tile => BytesOf(tile.Value.Hash)).ToArray(), last.Select(tile => tile.Value.Made.ToUnixTimeSeconds()).ToArray(),
                        last.Select(tile => (int)tile.Value.Encoding | ((int)tile.Value.Notes << 8)).ToArray(),
                        contents.Select(tile => BytesOf(tile.Value.Hash)).ToArray(), contents.Select(tile => tile.Value.Content.ToArray()).ToArray(),
                        .. turn,
                    ]);
                answer = await command.ExecuteScalarAsync(cancellationToken);
            },
            cancellationToken);
        return answer;
    }

    /// <returns>How many went.</returns>
    private async Task<int> RemoveSomeAsync(TilesetKey tileset, int level, string condition, CancellationToken cancellationToken, params object[] parameters)
    {
        var (id, rows, columns) = (0L, new List<int>(), new List<int>());
        await using (var command = Command(
            $"SELECT l.id, t.tile_row, t.tile_column FROM geowps.tile_level l JOIN geowps.tile t ON t.level_id = l.id WHERE {OfLevel} AND {condition} LIMIT {RowsAtOnce}", tileset, level, parameters))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                id = reader.GetInt64(0);
                rows.Add(reader.GetInt32(1));
                columns.Add(reader.GetInt32(2));
            }
        }

        if (rows.Count > 0)
        {
            await RemoveAsync(id, [.. rows], [.. columns], cancellationToken);
        }

        return rows.Count;
    }

    private async Task<long> RemoveAsync(long id, int[] rows, int[] columns, CancellationToken cancellationToken)
    {
        var gone = 0L;
        await RetryAsync(
            async () =>
            {
                await using var command = _source.CreateCommand("SELECT geowps.remove_tiles($1, $2, $3)");
                command.Parameters.AddWithValue(id);
                command.Parameters.AddWithValue(rows);
                command.Parameters.AddWithValue(columns);
                gone = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
            },
            cancellationToken);
        return gone;
    }

    // Two statements in one transaction: the second sees what was stored while the first waited.
    private async Task EmptyAsync(string layer, string? set, string? format, int? level, CancellationToken cancellationToken)
    {
        await RetryAsync(
            async () =>
            {
                await using var batch = _source.CreateBatch();
                batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT geowps.void_turns($1, $2, $3, $4)"));
                batch.BatchCommands.Add(new NpgsqlBatchCommand(
                    """
                    WITH removed AS (
                        DELETE FROM geowps.tile_level
                        WHERE layer = $1 AND ($2 IS NULL OR tile_matrix_set = $2) AND ($3 IS NULL OR format = $3) AND ($4 IS NULL OR level = $4) RETURNING id
                    )
                    INSERT INTO geowps.tile_level_removed SELECT id FROM removed
                    """));
                foreach (var command in batch.BatchCommands)
                {
                    command.Parameters.Add(Parameter(layer, NpgsqlDbType.Text));
                    command.Parameters.Add(Parameter(set, NpgsqlDbType.Text));
                    command.Parameters.Add(Parameter(format, NpgsqlDbType.Text));
                    command.Parameters.Add(Parameter(level, NpgsqlDbType.Integer));
                }

                await batch.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken);
        _toSweep.Release();
    }

    private async Task SweepAsync()
    {
        try
        {
            while (true)
            {
                // Also now and then what another node emptied before it ended.
                await _toSweep.WaitAsync(TimeSpan.FromMinutes(10), _stopping.Token);
                try
                {
                    while (await SweepSomeAsync(_stopping.Token))
                    {
                    }
                }
                catch (NpgsqlException reason)
                {
                    LogNotSwept(reason);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    // One piece of a level that no other node is at.
    private async Task<bool> SweepSomeAsync(CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(
            $"""
            WITH level AS (SELECT id FROM geowps.tile_level_removed ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED),
            part AS (SELECT t.ctid FROM geowps.tile t JOIN level ON t.level_id = level.id LIMIT {RowsAtOnce}),
            removed AS (DELETE FROM geowps.tile t USING part WHERE t.ctid = part.ctid RETURNING t.hash),
            done AS (DELETE FROM geowps.tile_level_removed r USING level WHERE r.id = level.id AND NOT EXISTS (SELECT 1 FROM part) RETURNING r.id)
            SELECT (SELECT count(*) FROM level), (SELECT array_agg(DISTINCT hash) FROM removed), (SELECT count(*) FROM done)
            """);
        byte[][] hashes;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            if (reader.GetInt64(0) == 0)
            {
                return false;
            }

            hashes = await reader.IsDBNullAsync(1, cancellationToken) ? [] : await reader.GetFieldValueAsync<byte[][]>(1, cancellationToken);
        }

        if (hashes.Length > 0)
        {
            await RetryAsync(
                async () =>
                {
                    await using var contents = _source.CreateCommand("SELECT geowps.remove_contents($1)");
                    contents.Parameters.AddWithValue(hashes);
                    await contents.ExecuteNonQueryAsync(cancellationToken);
                },
                cancellationToken);
        }

        return true;
    }

    private NpgsqlCommand Command(string sql, TilesetKey tileset, int level, params object[] more)
    {
        var command = _source.CreateCommand(sql);
        foreach (var value in (object[])[tileset.Layer, tileset.TileMatrixSet, tileset.Format.Name, level, .. more])
        {
            command.Parameters.AddWithValue(value);
        }

        return command;
    }

    // Two who store the same contents may stand in each other's way; PostgreSQL ends one of them.
    private static async Task RetryAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await work();
                return;
            }
            catch (PostgresException reason) when (attempt < 5 && reason.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 50 * attempt)), cancellationToken);
            }
        }
    }

    private static NpgsqlParameter Parameter(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static byte[] BytesOf(UInt128 hash)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, hash);
        return bytes;
    }

    [LoggerMessage(EventId = 2403, Level = LogLevel.Warning, Message = "Emptied tiles in PostgreSQL could not be removed; they are tried again")]
    private partial void LogNotSwept(Exception reason);
}
