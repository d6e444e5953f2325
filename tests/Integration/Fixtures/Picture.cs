using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>A PNG of eight bits a channel, with or without transparency, not interlaced: what QGIS writes.</summary>
internal sealed class Picture
{
    private readonly byte[] _rgba;

    private Picture(int width, int height, byte[] rgba) => (Width, Height, _rgba) = (width, height, rgba);

    public int Width { get; }

    public int Height { get; }

    public (byte Red, byte Green, byte Blue, byte Alpha) this[int x, int y]
    {
        get
        {
            var at = ((y * Width) + x) * 4;
            return (_rgba[at], _rgba[at + 1], _rgba[at + 2], _rgba[at + 3]);
        }
    }

    /// <summary>Of all pixels, those that are not transparent.</summary>
    public double Drawn => Enumerable.Range(0, Width * Height).Count(pixel => _rgba[(pixel * 4) + 3] > 0) / (double)(Width * Height);

    /// <summary>Of all pixels, those in which two pictures differ by more than this in any channel.</summary>
    public double DiffersFrom(Picture other, int by)
    {
        (other.Width, other.Height).ShouldBe((Width, Height));
        var different = Enumerable.Range(0, Width * Height)
            .Count(pixel => Enumerable.Range(pixel * 4, 4).Any(at => Math.Abs(_rgba[at] - other._rgba[at]) > by));
        return different / (double)(Width * Height);
    }

    public static Picture Read(ReadOnlyMemory<byte> png)
    {
        var bytes = png.Span;
        Encoding.ASCII.GetString(bytes[1..4]).ShouldBe("PNG");
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..]));
        bytes[24].ShouldBe((byte)8);
        var channels = bytes[25] switch { 2 => 3, 6 => 4, var other => throw new NotSupportedException($"colour type {other}") };
        bytes[28].ShouldBe((byte)0);
        using var packed = new MemoryStream();
        for (var at = 8; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            if (Encoding.ASCII.GetString(bytes.Slice(at + 4, 4)) == "IDAT")
            {
                packed.Write(bytes.Slice(at + 8, length));
            }

            at += length + 12;
        }

        packed.Position = 0;
        using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
        return new Picture(width, height, Unfiltered(unpacked, width, height, channels));
    }

    private static byte[] Unfiltered(Stream lines, int width, int height, int channels)
    {
        var rgba = new byte[width * height * 4];
        var (line, before) = (new byte[width * channels], new byte[width * channels]);
        for (var y = 0; y < height; y++)
        {
            var filter = lines.ReadByte();
            lines.ReadExactly(line);
            for (var i = 0; i < line.Length; i++)
            {
                var (left, up, corner) = (i < channels ? 0 : line[i - channels], before[i], i < channels ? 0 : before[i - channels]);
                line[i] += (byte)(filter switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, _ => Paeth(left, up, corner) });
            }

            for (var x = 0; x < width; x++)
            {
                line.AsSpan(x * channels, channels).CopyTo(rgba.AsSpan(((y * width) + x) * 4));
                rgba[(((y * width) + x) * 4) + 3] = channels == 4 ? line[(x * channels) + 3] : (byte)255;
            }

            (line, before) = (before, line);
        }

        return rgba;
    }

    private static int Paeth(int left, int up, int corner)
    {
        var (toLeft, toUp, toCorner) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - (2 * corner)));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }
}
