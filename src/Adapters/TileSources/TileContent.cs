using System.Buffers;
using System.IO.Compression;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.TileSources;

/// <summary>What a tile that somebody else made is, by its first bytes.</summary>
internal static class TileContent
{
    /// <summary>A packed tile may not be larger than this when it is unpacked.</summary>
    private const int MaxUnpacked = 256 * 1024 * 1024;

    public static bool IsGzip(ReadOnlySpan<byte> content) => content.Length > 2 && content[0] == 0x1f && content[1] == 0x8b;

    /// <summary>What pictures are; vector tiles have no mark of their own but the tag of their first layer, or nothing in them.</summary>
    /// <param name="content">Not packed.</param>
    public static TileFormat? FormatOf(ReadOnlySpan<byte> content) =>
        content.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]) ? TileFormat.Png
        : content.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]) ? TileFormat.Jpeg
        : content.Length > 12 && content.StartsWith("RIFF"u8) && content[8..].StartsWith("WEBP"u8) ? TileFormat.Webp
        : content.IsEmpty || content[0] == 0x1a ? TileFormat.Mvt
        : null;

    /// <summary>The format of a tile that may be packed, and whether there is nothing in it: looks at its first bytes only.</summary>
    /// <returns>No format when it is none that is known, or is damaged at its beginning.</returns>
    public static (TileFormat? Format, bool IsEmpty) Look(ReadOnlyMemory<byte> content, TileEncoding encoding)
    {
        if (encoding == TileEncoding.Identity || content.IsEmpty)
        {
            return (FormatOf(content.Span), content.IsEmpty);
        }

        try
        {
            using var unpacked = Unpacking(content, encoding);
            Span<byte> first = stackalloc byte[16];
            var length = unpacked.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
            return (FormatOf(first[..length]), length == 0);
        }
        catch (Exception damage) when (damage is InvalidDataException or InvalidOperationException)
        {
            // Brotli has the second.
            return (null, false);
        }
    }

    /// <summary>Unpacks what is packed otherwise, and packs it with gzip: the only packing that archives know.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or too large.</exception>
    public static ReadOnlyMemory<byte> Gzip(ReadOnlyMemory<byte> content, TileEncoding encoding)
    {
        if (encoding == TileEncoding.Gzip)
        {
            return content;
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Unpack(content, encoding).Span);
        }

        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }

    /// <param name="most">Bytes that it may have.</param>
    /// <exception cref="InvalidDataException">It is damaged, or too large.</exception>
    public static ReadOnlyMemory<byte> Unpack(ReadOnlyMemory<byte> content, TileEncoding encoding, int most = MaxUnpacked)
    {
        if (encoding == TileEncoding.Identity)
        {
            return content;
        }

        using var unpacked = new MemoryStream();
        using var source = Unpacking(content, encoding);
        var buffer = ArrayPool<byte>.Shared.Rent(81_920);
        try
        {
            while (source.Read(buffer) is > 0 and var read)
            {
                if (unpacked.Length + read > most)
                {
                    throw new InvalidDataException($"unpacked it is larger than {most} bytes");
                }

                unpacked.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return unpacked.GetBuffer().AsMemory(0, (int)unpacked.Length);
    }

    private static Stream Unpacking(ReadOnlyMemory<byte> content, TileEncoding encoding)
    {
        var packed = new MemoryStream(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(content, out var array) ? array.Array! : content.ToArray(), array.Offset, content.Length, writable: false);
        return encoding == TileEncoding.Gzip ? new GZipStream(packed, CompressionMode.Decompress) : new BrotliStream(packed, CompressionMode.Decompress);
    }
}
