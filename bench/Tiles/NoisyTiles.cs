using System.Buffers.Binary;
using System.IO.Compression;
using GeoWps.Adapters.TileSources.Tiles;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Bench.Tiles;

/// <summary>Pictures of noise as an MBTiles file: each of about 56 kB, as large as a drawn tile of a busy map.</summary>
internal static class NoisyTiles
{
    private const int Side = 256;

    /// <summary>Of so many shades a pixel takes 6.8 bits.</summary>
    private const int Shades = 112;

    /// <param name="zoom">All tiles down to this one.</param>
    public static Task WriteAsync(string file, int zoom) => new TileArchives().WriteAsync(
        TileArchiveKind.MbTiles, file, new TileArchiveDescription("Noise", TileFormat.Png, Extent.World, 0, zoom), Pictures(zoom), CancellationToken.None);

    private static async IAsyncEnumerable<ArchivedTile> Pictures(int zoom)
    {
        await Task.CompletedTask;
        var random = new Random(1);
        for (var level = 0; level <= zoom; level++)
        {
            for (var at = 0; at < 1 << (2 * level); at++)
            {
                yield return new ArchivedTile(level, new TileIndex(at >> level, at & ((1 << level) - 1)), Picture(random), TileEncoding.Identity);
            }
        }
    }

    private static byte[] Picture(Random random)
    {
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, Side);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), Side);
        head[8] = 8;

        // A row of pixels has the number of its filter before it: 0.
        var rows = new byte[Side * (Side + 1)];
        for (var at = 0; at < rows.Length; at++)
        {
            rows[at] = at % (Side + 1) == 0 ? (byte)0 : (byte)random.Next(Shades);
        }

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR"u8, head), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc(chunk.AsSpan(4, chunk.Length - 8)));
        return chunk;
    }

    /// <summary>ISO 3309, as PNG has it.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }
}
