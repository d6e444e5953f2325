using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using Microsoft.Win32.SafeHandles;

namespace GeoWps.Adapters.TileSources.Tiles;

/// <summary>
/// Reads a PMTiles 3 file, clustered or not, which may come from anywhere: no number in it is believed before it is held against the file's length or a limit.
/// Source: PMTiles Version 3 Specification.
/// </summary>
internal sealed class PmTilesFile : IDisposable
{
    private const int HeaderLength = 127;
    private const int MostPacked = 8 << 20;
    private const int MostUnpacked = 32 << 20;
    private const int MostTile = 64 << 20;

    /// <summary>Directories below each other: readers need not follow more.</summary>
    private const int MostDepth = 4;

    private readonly SafeFileHandle _file;
    private readonly long _length;
    private readonly byte[] _header;

    private PmTilesFile(SafeFileHandle file)
    {
        (_file, _length, _header) = (file, RandomAccess.GetLength(file), new byte[HeaderLength]);
        if (RandomAccess.Read(file, _header, 0) < HeaderLength || !_header.AsSpan().StartsWith("PMTiles"u8) || _header[7] != 3)
        {
            throw new TileArchiveException("the file is no PMTiles of version 3");
        }
    }

    private TileEncoding Inside => EncodingOf(_header[97], "directories");

    /// <summary>How its tiles are packed.</summary>
    /// <exception cref="TileArchiveException">In a way that is not read here.</exception>
    public TileEncoding TileEncoding => EncodingOf(_header[98], "tiles");

    /// <summary>Whether a file begins as one does.</summary>
    public static bool Is(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = File.OpenHandle(path);
        Span<byte> head = stackalloc byte[7];
        return RandomAccess.Read(file, head, 0) == head.Length && head.SequenceEqual("PMTiles"u8);
    }

    /// <exception cref="TileArchiveException">It is none.</exception>
    /// <exception cref="IOException">It can't be opened.</exception>
    public static PmTilesFile Open(string path)
    {
        var file = File.OpenHandle(path);
        try
        {
            return new PmTilesFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    /// <exception cref="TileArchiveException">It is damaged, or none that can be a layer.</exception>
    public TileArchiveDescription Describe() => Guarded(() =>
    {
        var format = _header[99] switch
        {
            1 => TileFormat.Mvt,
            2 => TileFormat.Png,
            3 => TileFormat.Jpeg,
            4 => TileFormat.Webp,
            _ => throw new TileArchiveException("the file's tiles are neither vector tiles nor PNG, JPEG or WebP"),
        };
        var (first, last) = (End(isLast: false), End(isLast: true));
        var (min, max) = (ZoomOf(first.TileId), ZoomOf(checked(last.TileId + last.Run - 1)));
        if (TileContent.Look(Tile(first), TileEncoding).Format is var found && found != format)
        {
            throw new TileArchiveException($"the file says '{format.Name}' and its tiles are {found?.Name ?? "something else"}");
        }

        using var metadata = Metadata();
        return new TileArchiveDescription(Text(metadata, "name") is { Length: > 0 } name ? name : "tiles", format, Bounds(), min, max)
        {
            Kind = TileArchiveKind.PmTiles,
            Description = Text(metadata, "description"),
            Attribution = Text(metadata, "attribution"),
            Layers = MbTilesFile.Layers(metadata?.RootElement.GetRawText(), min, max),
            TileCount = Number(72) is > 0 and var count ? count : null,
        };
    });

    /// <returns>As it is packed there; nothing where there is no such tile.</returns>
    /// <exception cref="TileArchiveException">The file is damaged.</exception>
    public ReadOnlyMemory<byte> Find(int zoom, TileIndex tile) => Guarded(() =>
    {
        var id = PmTilesWriter.TileId(zoom, tile.Column, tile.Row);
        var entries = Root();
        for (var depth = 0; depth < MostDepth; depth++)
        {
            switch (PmTilesDirectory.Find(entries, id))
            {
                case null:
                    return default;
                case { Run: 0 } leaf:
                    entries = Leaf(leaf);
                    break;
                case { } entry:
                    return id - entry.TileId < entry.Run ? Tile(entry) : default;
            }
        }

        throw TooDeep();
    });

    /// <summary>The first or last entry of tiles that there is.</summary>
    private PmTilesEntry End(bool isLast)
    {
        var entries = Root();
        for (var depth = 0; depth < MostDepth; depth++)
        {
            var entry = isLast ? entries[^1] : entries[0];
            if (entry.Run > 0)
            {
                return entry;
            }

            entries = Leaf(entry);
        }

        throw TooDeep();
    }

    private PmTilesEntry[] Root() => PmTilesDirectory.Read(Unpacked(Number(8), Number(16)).Span);

    private PmTilesEntry[] Leaf(PmTilesEntry leaf) => PmTilesDirectory.Read(Unpacked(checked(Number(40) + leaf.Offset), leaf.Length).Span);

    private ReadOnlyMemory<byte> Tile(PmTilesEntry entry) => Read(checked(Number(56) + entry.Offset), entry.Length, MostTile);

    private JsonDocument? Metadata() => Number(32) == 0 ? null : JsonDocument.Parse(Unpacked(Number(24), Number(32)));

    private static string? Text(JsonDocument? metadata, string name) =>
        metadata?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>In ten millionths of a degree.</summary>
    private Extent Bounds()
    {
        var bounds = new Extent(Degrees(102), Degrees(106), Degrees(110), Degrees(114)).Meet(Extent.World);
        return bounds.IsEmpty || bounds.Width == 0 || bounds.Height == 0 ? Extent.World : bounds;

        double Degrees(int at) => BinaryPrimitives.ReadInt32LittleEndian(_header.AsSpan(at)) / 1e7;
    }

    /// <exception cref="InvalidDataException">It has more than 63 bits.</exception>
    private long Number(int at) =>
        BinaryPrimitives.ReadInt64LittleEndian(_header.AsSpan(at)) is >= 0 and var number ? number : throw new InvalidDataException("a number of the header is too large");

    private ReadOnlyMemory<byte> Unpacked(long offset, long length) => TileContent.Unpack(Read(offset, length, MostPacked), Inside, MostUnpacked);

    private byte[] Read(long offset, long length, int most)
    {
        if (length is <= 0 || length > most || offset > _length || length > _length - offset)
        {
            throw new InvalidDataException("a part lies outside the file, or is too large");
        }

        var bytes = new byte[length];
        for (var read = 0; read < bytes.Length;)
        {
            var more = RandomAccess.Read(_file, bytes.AsSpan(read), offset + read);
            read += more > 0 ? more : throw new InvalidDataException("the file ends too soon");
        }

        return bytes;
    }

    private static int ZoomOf(long tileId)
    {
        var (zoom, first) = (0, 0L);
        while (tileId >= first + (1L << (2 * zoom)))
        {
            first += 1L << (2 * zoom);
            if (++zoom > MbTilesFile.MaxZoom)
            {
                throw new TileArchiveException($"the file's zooms are not between 0 and {MbTilesFile.MaxZoom}");
            }
        }

        return zoom;
    }

    private static TileEncoding EncodingOf(byte packing, string what) => packing switch
    {
        1 => TileEncoding.Identity,
        2 => TileEncoding.Gzip,
        3 => TileEncoding.Brotli,
        _ => throw new TileArchiveException($"the file's {what} are packed neither with gzip nor with brotli"),
    };

    private static InvalidDataException TooDeep() => new("directories lie below each other without an end");

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception damage) when (damage is InvalidDataException or OverflowException or JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw new TileArchiveException("the file is a damaged PMTiles file", damage);
        }
    }
}
