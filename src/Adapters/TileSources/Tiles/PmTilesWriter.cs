using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using Microsoft.Data.Sqlite;

namespace GeoWps.Adapters.TileSources.Tiles;

/// <summary>
/// Writes PMTiles 3: header and root directory in the first 16 KiB, then the tiles by their number on the Hilbert curve, then metadata and leaf directories.
/// Tiles are sorted in a database aside, entries pass through a file: memory holds one leaf directory.
/// </summary>
internal static class PmTilesWriter
{
    /// <summary>Of header and root together: readers fetch as much first.</summary>
    private const int Head = 16384;

    private const int HeaderLength = 127;
    private const int EntryBytes = 32;
    private const int LeafEntries = 4096;

    /// <summary>How many leaves a root of that size surely points to.</summary>
    private const int RootEntries = 1500;

    private const string Schema = """
        CREATE TABLE map (tile_id integer PRIMARY KEY, content integer NOT NULL);
        CREATE TABLE contents (content integer PRIMARY KEY, hash blob NOT NULL UNIQUE, data blob NOT NULL, place integer);
        """;

    /// <param name="path">Of the archive; files of the same name with endings are used besides.</param>
    /// <returns>Without the file's size.</returns>
    public static async Task<TileArchiveSummary> WriteAsync(string path, TileArchiveDescription description, IAsyncEnumerable<ArchivedTile> tiles, CancellationToken cancellationToken)
    {
        await using var sorted = MbTilesWriter.Open(path + ".tiles");
        MbTilesWriter.Run(sorted, Schema);
        using var transaction = sorted.BeginTransaction();
        var (min, max) = await CollectAsync(sorted, tiles, cancellationToken);
        await using var archive = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        await using var entries = new FileStream(path + ".entries", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        archive.SetLength(Head);
        archive.Position = Head;
        var header = WriteTiles(sorted, archive, entries, cancellationToken) with
        {
            MinZoom = (byte)Math.Min(min, max),
            MaxZoom = (byte)max,
        };
        header = header with { MetadataOffset = archive.Position };
        archive.Write(Gzip(Encoding.UTF8.GetBytes(Metadata(description))));
        header = header with { MetadataLength = archive.Position - header.MetadataOffset, LeavesOffset = archive.Position };
        var root = WriteLeaves(archive, entries, header.Entries, cancellationToken);
        header = header with { LeavesLength = archive.Position - header.LeavesOffset, RootLength = root.Length };
        archive.Position = 0;
        archive.Write(header.ToBytes(description));
        archive.Write(root);
        return new TileArchiveSummary(header.Addressed, header.Contents, 0);
    }

    /// <summary>The number of a tile: those of coarser zooms first, then along the Hilbert curve of its own.</summary>
    public static long TileId(int zoom, int column, int row)
    {
        var id = ((1L << (2 * zoom)) - 1) / 3;
        var (x, y) = ((long)column, (long)row);
        for (var side = 1L << zoom >> 1; side > 0; side >>= 1)
        {
            var (right, low) = ((x & side) != 0 ? 1L : 0, (y & side) != 0 ? 1L : 0);
            id += side * side * ((3 * right) ^ low);
            if (low == 0)
            {
                if (right == 1)
                {
                    (x, y) = (side - 1 - x, side - 1 - y);
                }

                (x, y) = (y, x);
            }
        }

        return id;
    }

    private static async Task<(int Min, int Max)> CollectAsync(SqliteConnection sorted, IAsyncEnumerable<ArchivedTile> tiles, CancellationToken cancellationToken)
    {
        using var content = sorted.CreateCommand();
        content.CommandText = "INSERT INTO contents (hash, data) VALUES ($hash, $data) ON CONFLICT (hash) DO UPDATE SET place = NULL RETURNING content";
        var (hash, data) = (content.Parameters.Add("$hash", SqliteType.Blob), content.Parameters.Add("$data", SqliteType.Blob));
        using var place = sorted.CreateCommand();
        place.CommandText = "INSERT OR IGNORE INTO map VALUES ($id, $content)";
        var (id, number) = (place.Parameters.Add("$id", SqliteType.Integer), place.Parameters.Add("$content", SqliteType.Integer));
        var (min, max) = (MbTilesFile.MaxZoom, 0);
        await foreach (var tile in tiles.WithCancellation(cancellationToken))
        {
            (hash.Value, data.Value) = (SHA256.HashData(tile.Content.Span), tile.Content.ToArray());
            number.Value = content.ExecuteScalar();
            id.Value = TileId(tile.Level, tile.Tile.Column, tile.Tile.Row);
            if (place.ExecuteNonQuery() == 0)
            {
                throw new TileArchiveException(FormattableString.Invariant($"the tile {tile.Level}/{tile.Tile.Column}/{tile.Tile.Row} comes twice"));
            }

            (min, max) = (Math.Min(min, tile.Level), Math.Max(max, tile.Level));
        }

        return (min, max);
    }

    /// <summary>Writes each content where its first tile is, and an entry for each run of neighbours that have the same.</summary>
    private static Header WriteTiles(SqliteConnection sorted, FileStream archive, FileStream entries, CancellationToken cancellationToken)
    {
        using var map = sorted.CreateCommand();
        map.CommandText = "SELECT m.tile_id, m.content FROM map AS m ORDER BY m.tile_id";
        using var find = sorted.CreateCommand();
        find.CommandText = "SELECT place, length(data), CASE WHEN place IS NULL THEN data END FROM contents WHERE content = $content";
        var wanted = find.Parameters.Add("$content", SqliteType.Integer);
        using var placed = sorted.CreateCommand();
        placed.CommandText = "UPDATE contents SET place = $place WHERE content = $content";
        var (place, content) = (placed.Parameters.Add("$place", SqliteType.Integer), placed.Parameters.Add("$content", SqliteType.Integer));
        var (addressed, written, contents, run) = (0L, 0L, 0L, default(Entry));
        using (var rows = map.ExecuteReader())
        {
            while (rows.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                addressed++;
                var (id, number) = (rows.GetInt64(0), rows.GetInt64(1));
                wanted.Value = number;
                long offset;
                int length;
                using (var row = find.ExecuteReader())
                {
                    row.Read();
                    length = row.GetInt32(1);
                    offset = row.IsDBNull(0) ? -1 : row.GetInt64(0);
                    if (offset < 0)
                    {
                        archive.Write(row.GetFieldValue<byte[]>(2));
                    }
                }

                if (offset < 0)
                {
                    offset = archive.Position - length - Head;
                    (place.Value, content.Value) = (offset, number);
                    placed.ExecuteNonQuery();
                    contents++;
                }

                if (run.Run > 0 && run.Offset == offset && run.TileId + run.Run == id)
                {
                    run = run with { Run = run.Run + 1 };
                    continue;
                }

                Put(run);
                run = new Entry(id, offset, length, 1);
            }
        }

        Put(run);
        return new Header(addressed, written, contents, archive.Position - Head);

        void Put(Entry entry)
        {
            if (entry.Run > 0)
            {
                Span<byte> bytes = stackalloc byte[EntryBytes];
                entry.Write(bytes);
                entries.Write(bytes);
                written++;
            }
        }
    }

    /// <summary>Writes the leaves where the archive stands.</summary>
    /// <returns>The root: all entries where they fit, else one for each leaf.</returns>
    private static byte[] WriteLeaves(FileStream archive, FileStream entries, long count, CancellationToken cancellationToken)
    {
        if (count <= LeafEntries && Directory(Read(entries, 0, (int)count)) is { Length: <= Head - HeaderLength } all)
        {
            return all;
        }

        var start = archive.Position;
        for (var size = (int)Math.Max(LeafEntries, count / RootEntries); ; size *= 2)
        {
            archive.Position = start;
            archive.SetLength(start);
            var pointers = new List<Entry>();
            for (var first = 0L; first < count; first += size)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var part = Read(entries, first, (int)Math.Min(size, count - first));
                var leaf = Directory(part);
                pointers.Add(new Entry(part[0].TileId, archive.Position - start, leaf.Length, 0));
                archive.Write(leaf);
            }

            if (Directory(pointers) is { Length: <= Head - HeaderLength } root)
            {
                return root;
            }
        }
    }

    private static List<Entry> Read(FileStream entries, long first, int count)
    {
        entries.Position = first * EntryBytes;
        var (read, bytes) = (new List<Entry>(count), new byte[EntryBytes]);
        for (var i = 0; i < count; i++)
        {
            entries.ReadExactly(bytes);
            read.Add(Entry.Read(bytes));
        }

        return read;
    }

    /// <summary>Column by column: differences of numbers, runs, lengths, offsets; an entry that follows the one before has the offset 0.</summary>
    private static byte[] Directory(List<Entry> entries)
    {
        using var plain = new MemoryStream();
        Varint(plain, (ulong)entries.Count);
        var before = 0L;
        foreach (var entry in entries)
        {
            Varint(plain, (ulong)(entry.TileId - before));
            before = entry.TileId;
        }

        entries.ForEach(entry => Varint(plain, (ulong)entry.Run));
        entries.ForEach(entry => Varint(plain, (ulong)entry.Length));
        for (var i = 0; i < entries.Count; i++)
        {
            var follows = i > 0 && entries[i].Offset == entries[i - 1].Offset + entries[i - 1].Length;
            Varint(plain, follows ? 0 : (ulong)entries[i].Offset + 1);
        }

        return Gzip(plain.GetBuffer().AsSpan(0, (int)plain.Length));
    }

    private static void Varint(MemoryStream target, ulong number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            target.WriteByte((byte)(number | 0x80));
        }

        target.WriteByte((byte)number);
    }

    private static byte[] Gzip(ReadOnlySpan<byte> content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private static string Metadata(TileArchiveDescription description)
    {
        var metadata = new JsonObject { ["name"] = description.Name, ["type"] = "overlay", ["format"] = description.Format.Extension };
        if (description.Description is { } text)
        {
            metadata["description"] = text;
        }

        if (description.Attribution is { } attribution)
        {
            metadata["attribution"] = attribution;
        }

        if (description.Format == TileFormat.Mvt)
        {
            metadata["vector_layers"] = ArchiveMetadata.VectorLayers(description);
            metadata["tilestats"] = ArchiveMetadata.TileStats(description);
        }

        return ArchiveMetadata.Text(metadata);
    }

    /// <param name="Run">Tiles that have it, from the first on; 0 for a leaf.</param>
    private readonly record struct Entry(long TileId, long Offset, int Length, long Run)
    {
        public void Write(Span<byte> bytes)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, TileId);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Offset);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], Length);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], Run);
        }

        public static Entry Read(ReadOnlySpan<byte> bytes) => new(
            BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), (int)BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]));
    }

    private sealed record Header(long Addressed, long Entries, long Contents, long TilesLength)
    {
        public int RootLength { get; init; }

        public long MetadataOffset { get; init; }

        public long MetadataLength { get; init; }

        public long LeavesOffset { get; init; }

        public long LeavesLength { get; init; }

        public byte MinZoom { get; init; }

        public byte MaxZoom { get; init; }

        public byte[] ToBytes(TileArchiveDescription description)
        {
            var bytes = new byte[HeaderLength];
            "PMTiles"u8.CopyTo(bytes);
            bytes[7] = 3;
            long[] numbers = [HeaderLength, RootLength, MetadataOffset, MetadataLength, LeavesOffset, LeavesLength, Head, TilesLength, Addressed, Entries, Contents];
            for (var i = 0; i < numbers.Length; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8 + (8 * i)), numbers[i]);
            }

            const byte Clustered = 1, Gzip = 2, Plain = 1;
            bytes[96] = Clustered;
            bytes[97] = Gzip;
            bytes[98] = description.Format.Compressible ? Gzip : Plain;
            bytes[99] = description.Format.Name switch { "mvt" => 1, "png" => 2, "jpeg" => 3, "webp" => 4, _ => 0 };
            bytes[100] = MinZoom;
            bytes[101] = MaxZoom;
            var extent = description.Extent.IsEmpty ? Extent.World : description.Extent;
            Degrees(102, extent.MinX);
            Degrees(106, extent.MinY);
            Degrees(110, extent.MaxX);
            Degrees(114, extent.MaxY);
            bytes[118] = MinZoom;
            Degrees(119, (extent.MinX + extent.MaxX) / 2);
            Degrees(123, (extent.MinY + extent.MaxY) / 2);
            return bytes;

            void Degrees(int at, double degrees) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), (int)Math.Round(Math.Clamp(degrees, -180, 180) * 1e7));
        }
    }
}
