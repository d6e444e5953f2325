using System.IO.Compression;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles;

/// <summary>From what a source made to what is kept and sent: packed once, sent many times as it is.</summary>
public static class TilePacking
{
    /// <summary>Below this packing makes nothing smaller that anybody would notice.</summary>
    private const int WorthPacking = 200;

    /// <param name="encoding">How formats that shrink are packed.</param>
    public static StoredTile Pack(MadeTile made, TileFormat format, TileEncoding encoding, DateTimeOffset now)
    {
        var packs = format.Compressible && made.Encoding == TileEncoding.Identity && encoding != TileEncoding.Identity && made.Content.Length >= WorthPacking;
        var content = packs ? Pack(made.Content, encoding) : made.Content;
        return new StoredTile(content, packs ? encoding : made.Encoding, TileHash.Of(content.Span), new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero), made.Notes);
    }

    /// <summary>For a client that can't unpack, and for joining.</summary>
    public static ReadOnlyMemory<byte> Unpack(StoredTile tile)
    {
        if (tile.Encoding == TileEncoding.Identity || tile.Content.IsEmpty)
        {
            return tile.Content;
        }

        using var packed = new MemoryStream(tile.Content.ToArray(), writable: false);
        using Stream unpacking = tile.Encoding == TileEncoding.Gzip ? new GZipStream(packed, CompressionMode.Decompress) : new BrotliStream(packed, CompressionMode.Decompress);
        using var content = new MemoryStream(tile.Content.Length * 3);
        unpacking.CopyTo(content);
        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }

    public static ReadOnlyMemory<byte> Pack(ReadOnlyMemory<byte> content, TileEncoding encoding)
    {
        using var packed = new MemoryStream((content.Length / 2) + 64);
        using (Stream packing = encoding == TileEncoding.Gzip ? new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true) : new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            packing.Write(content.Span);
        }

        return packed.ToArray();
    }
}
