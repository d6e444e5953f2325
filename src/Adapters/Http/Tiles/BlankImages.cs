using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>Transparent pictures for tiles without content: a browser that asked for a picture shows nothing else.</summary>
internal static class BlankImages
{
    private static readonly ConcurrentDictionary<(int Width, int Height), byte[]> _made = new();

    /// <summary>A transparent PNG of a tile's size: RFC 2083, one bit a pixel, of a palette whose only colour can't be seen.</summary>
    public static ReadOnlyMemory<byte> Png(TileMatrix matrix) => _made.GetOrAdd((matrix.TileWidth, matrix.TileHeight), size => Png(size.Width, size.Height));

    private static byte[] Png(int width, int height)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (1, 3);
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "PLTE"u8, [0, 0, 0]);
        Chunk(png, "tRNS"u8, [0]);
        using var rows = new MemoryStream();
        using (var packing = new ZLibStream(rows, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            packing.Write(new byte[height * (1 + ((width + 7) / 8))]);
        }

        Chunk(png, "IDAT"u8, rows.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        png.Write(number);
        png.Write(name);
        png.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, name), content));
        png.Write(number);
    }

    /// <summary>RFC 2083, clause 15, bit by bit: a picture is made once.</summary>
    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
            }
        }

        return crc;
    }
}
