using System.Buffers.Binary;
using GeoWps.Adapters.TileSources.Features;
using GeoWps.Adapters.TileSources.Vector;

namespace GeoWps.Tests.Unit.Features;

public sealed class GeoPackageGeometryTests
{
    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(1, 4, "1,2,3,4")]
    [InlineData(2, 6, "1,2,3,4")]
    [InlineData(3, 6, "1,2,3,4")]
    [InlineData(4, 8, "1,2,3,4")]
    [InlineData(5, 8, null)] // no such envelopes
    [InlineData(7, 8, null)]
    [InlineData(1, 3, null)] // shorter than it says
    [InlineData(4, 7, null)]
    public void An_envelope_is_what_a_whole_header_states(int kind, int numbers, string? envelope)
    {
        foreach (var little in (bool[])[true, false])
        {
            Read(Header(kind, little, [1, 3, 2, 4, 5, 6, 7, 8], numbers)).ShouldBe(envelope);
        }
    }

    [Fact]
    public void What_is_no_header_or_no_rectangle_states_none()
    {
        Read(Header(1, true, [double.NaN, double.NaN, double.NaN, double.NaN], 4)).ShouldBeNull();
        Read(Header(1, true, [3, 1, 2, 4], 4)).ShouldBeNull();
        Read([]).ShouldBeNull();
        var header = Header(1, true, [1, 3, 2, 4], 4);
        header[0] = (byte)'X';
        Read(header).ShouldBeNull();
        GeoPackageGeometry.Binary(header).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void The_binary_begins_behind_the_envelope()
    {
        GeoPackageGeometry.Binary([.. Header(0, true, [], 0), 42]).ToArray().ShouldBe([42]);
        GeoPackageGeometry.Binary([.. Header(3, true, [1, 3, 2, 4, 5, 6], 6), 42]).ToArray().ShouldBe([42]);
        GeoPackageGeometry.Binary([.. Header(5, true, [1, 3, 2, 4, 5, 6], 6), 42]).IsEmpty.ShouldBeTrue();
        GeoPackageGeometry.Binary(Header(4, true, [1, 3, 2, 4, 5, 6], 6)).IsEmpty.ShouldBeTrue();
    }

    /// <summary>Tiles and features see the same.</summary>
    private static string? Read(byte[] geometry)
    {
        var envelope = GeoPackageGeometry.Envelope(geometry);
        GeometryReader.Envelope(geometry).ShouldBe(envelope);
        return envelope is { } box ? $"{box.MinX},{box.MinY},{box.MaxX},{box.MaxY}" : null;
    }

    private static byte[] Header(int kind, bool little, double[] numbers, int count)
    {
        var header = new byte[8 + (8 * count)];
        (header[0], header[1], header[3]) = ((byte)'G', (byte)'P', (byte)((kind << 1) | (little ? 1 : 0)));
        for (var i = 0; i < count; i++)
        {
            var place = header.AsSpan(8 + (8 * i));
            if (little)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(place, numbers[i]);
            }
            else
            {
                BinaryPrimitives.WriteDoubleBigEndian(place, numbers[i]);
            }
        }

        return header;
    }
}
