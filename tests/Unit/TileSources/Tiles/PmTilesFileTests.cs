using System.Buffers.Binary;
using System.IO.Compression;
using GeoWps.Adapters.TileSources.Tiles;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.TileSources.Tiles;

/// <summary>PMTiles 3 that come from elsewhere: of every form that the specification allows, and damaged in every way.</summary>
public sealed class PmTilesFileTests : IDisposable
{
    private static readonly byte[] _png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("geowps-pmtiles-");

    private string File1 => Path.Combine(_folder.FullName, "a.pmtiles");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_our_own_export_writes_is_read_back_tile_by_tile()
    {
        // So many that there are leaves.
        var tiles = (from level in Enumerable.Range(2, 6) from column in Enumerable.Range(0, 1 << level) from row in Enumerable.Range(0, 1 << level) where (column + row) % 3 > 0 select (level, column, row)).ToArray();
        var description = new TileArchiveDescription("Relief", TileFormat.Png, new Extent(5, 45, 11, 48), 0, 22) { Attribution = "© us" };
        await new TileArchives().WriteAsync(TileArchiveKind.PmTiles, File1, description, Stream(tiles.Select(tile => new ArchivedTile(tile.level, new TileIndex(tile.column, tile.row), Picture(tile.level, tile.column, tile.row), TileEncoding.Identity))), default);

        var described = await new TileArchives().InspectAsync(File1, default);
        (described.Kind, described.Name, described.Format, described.Attribution, described.MinZoom, described.MaxZoom, described.TileCount)
            .ShouldBe((TileArchiveKind.PmTiles, "Relief", TileFormat.Png, "© us", 2, 7, tiles.Length));
        described.Extent.ShouldBe(description.Extent);
        using var file = PmTilesFile.Open(File1);
        foreach (var (level, column, row) in tiles)
        {
            file.Find(level, new TileIndex(column, row)).ToArray().ShouldBe(Picture(level, column, row));
        }

        file.Find(2, new TileIndex(1, 2)).IsEmpty.ShouldBeTrue();
        file.Find(1, new TileIndex(0, 0)).IsEmpty.ShouldBeTrue();
        file.Find(12, new TileIndex(7, 7)).IsEmpty.ShouldBeTrue();
    }

    /// <param name="inside">How directories and metadata are packed.</param>
    /// <param name="packing">How tiles are.</param>
    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(2, 1, true)]
    [InlineData(3, 3, false)]
    [InlineData(1, 2, true)]
    [InlineData(3, 3, true)]
    public async Task Every_packing_with_leaves_or_without_and_tiles_in_any_order_are_read(byte inside, byte packing, bool leaves)
    {
        // A run of two, a gap, and contents that lie in another order than their tiles.
        var (a, b, c) = (Vector("a"), Vector("b"), Vector("c"));
        var contents = new[] { c, a, b }.Select(content => Packed(content, packing)).ToArray();
        PmTilesEntry[] entries =
        [
            new(1, contents[0].Length, contents[1].Length, 2),
            new(4, contents[0].Length + contents[1].Length, contents[2].Length, 1),
            new(9, 0, contents[0].Length, 1),
        ];
        await File.WriteAllBytesAsync(File1, Build(inside, packing, kind: 1, entries, [.. contents.SelectMany(content => content)], leaves, """{"name": "Elsewhere", "vector_layers": [{"id": "towns", "fields": {"size": "Number"}}]}"""));

        var described = await new TileArchives().InspectAsync(File1, default);
        (described.Name, described.Format, described.MinZoom, described.MaxZoom).ShouldBe(("Elsewhere", TileFormat.Mvt, 1, 2));
        described.Layers.ShouldHaveSingleItem().Id.ShouldBe("towns");

        var layer = Grids.LayerOf(new LayerSource.Tiles("a.pmtiles"), TileFormat.Mvt);
        var source = new PmTilesSource((_, path) => Path.Combine(_folder.FullName, path), NullLogger<PmTilesSource>.Instance);
        new MbTilesSource((_, path) => path, NullLogger<MbTilesSource>.Instance).Makes(layer, TileFormat.Mvt).ShouldBeFalse();
        source.Makes(layer, TileFormat.Mvt).ShouldBeTrue();
        var zoom1 = await source.MakeAsync(layer, Grids.WebMercatorQuad, new MetaTile(1, new TileRange(0, 0, 1, 1)), TileFormat.Mvt, default);

        // On the curve: 1 is 0/0, 2 is 0/1, 3 is 1/1, 4 is 1/0.
        Text(zoom1, 0, 0).ShouldBe(a);
        Text(zoom1, 0, 1).ShouldBe(a);
        Text(zoom1, 1, 1).ShouldBeEmpty();
        Text(zoom1, 1, 0).ShouldBe(b);
        var zoom2 = await source.MakeAsync(layer, Grids.WebMercatorQuad, new MetaTile(2, new TileRange(0, 0, 3, 3)), TileFormat.Mvt, default);
        zoom2.Count(tile => tile.Notes == TileNotes.None).ShouldBe(1);
        await Should.ThrowAsync<TileSourceException>(() => source.MakeAsync(layer, Grids.WorldCrs84Quad, new MetaTile(0, new TileRange(0, 0, 0, 0)), TileFormat.Mvt, default));
        await Should.ThrowAsync<TileSourceException>(() => source.MakeAsync(layer with { Source = new LayerSource.Tiles("gone.pmtiles") }, Grids.WebMercatorQuad, new MetaTile(0, default), TileFormat.Mvt, default));
    }

    [Fact]
    public async Task What_is_damaged_is_refused_and_nothing_else_happens()
    {
        var whole = Build(2, 2, kind: 1, [new(0, 0, Packed(Vector("a"), 2).Length, 21)], Packed(Vector("a"), 2), leaves: true, """{"name": "a"}""");
        var random = new Random(4711);
        for (var trial = 0; trial < 3000; trial++)
        {
            var damaged = whole.AsSpan(0, trial < whole.Length ? trial : whole.Length).ToArray();
            for (var flips = trial < whole.Length ? 0 : random.Next(1, 5); flips > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            await File.WriteAllBytesAsync(File1, damaged);
            await LookAsync();
        }
    }

    [Theory]
    [InlineData(97, 4, "gzip")]
    [InlineData(98, 4, "gzip")]
    [InlineData(99, 5, "neither")]
    [InlineData(99, 2, "its tiles are mvt")]
    [InlineData(7, 2, "version 3")]
    [InlineData(15, 0x80, "damaged")]
    [InlineData(14, 0x7f, "damaged")]
    [InlineData(23, 0x7f, "damaged")]
    [InlineData(63, 0x7f, "damaged")]
    public async Task What_is_not_read_here_or_lies_outside_is_told(int at, byte value, string message)
    {
        var bytes = Build(2, 2, kind: 1, [new(0, 0, Packed(Vector("a"), 2).Length, 1)], Packed(Vector("a"), 2), leaves: false, "{}");
        bytes[at] = value;
        await File.WriteAllBytesAsync(File1, bytes);

        (await Should.ThrowAsync<TileArchiveException>(() => new TileArchives().InspectAsync(File1, default))).Message.ShouldContain(message);
    }

    [Fact]
    public async Task Leaves_that_lead_to_themselves_come_to_an_end_and_a_bomb_is_not_unpacked()
    {
        var leaf = Packed(Directory([new(0, 0, 1, 0)]), 2);
        PmTilesEntry[] toItself = [new(0, 0, leaf.Length, 0)];
        leaf = Packed(Directory(toItself), 2);
        toItself = [new(0, 0, leaf.Length, 0)];
        await File.WriteAllBytesAsync(File1, Assemble(2, 2, 1, Packed(Directory(toItself), 2), Packed(Directory(toItself), 2), [], []));
        (await Should.ThrowAsync<TileArchiveException>(() => new TileArchives().InspectAsync(File1, default))).Message.ShouldContain("damaged");

        await File.WriteAllBytesAsync(File1, Assemble(2, 2, 1, Packed(new byte[200 << 20], 2), [], [], []));
        (await Should.ThrowAsync<TileArchiveException>(() => new TileArchives().InspectAsync(File1, default))).Message.ShouldContain("damaged");

        // More entries than there are bytes for.
        await File.WriteAllBytesAsync(File1, Assemble(1, 1, 1, [0xff, 0xff, 0xff, 0x7f, 0], [], [], []));
        (await Should.ThrowAsync<TileArchiveException>(() => new TileArchives().InspectAsync(File1, default))).Message.ShouldContain("damaged");
    }

    private async Task LookAsync()
    {
        try
        {
            await new TileArchives().InspectAsync(File1, default);
            using var file = PmTilesFile.Open(File1);
            _ = (file.TileEncoding, file.Find(0, default), file.Find(2, new TileIndex(3, 3)));
        }
        catch (TileArchiveException)
        {
        }
    }

    private static string Text(IReadOnlyList<MadeTile> tiles, int column, int row)
    {
        var tile = tiles.Single(one => one.Tile == new TileIndex(column, row));
        return Convert.ToHexString(Adapters.TileSources.TileContent.Unpack(tile.Content, tile.Encoding).Span) is { Length: > 0 } hex ? System.Text.Encoding.Latin1.GetString(Convert.FromHexString(hex)) : "";
    }

    private static byte[] Picture(int level, int column, int row) => [.. _png, (byte)level, (byte)column, (byte)row];

    /// <summary>A layer of one letter, as the text of its bytes.</summary>
    private static string Vector(string name) => System.Text.Encoding.Latin1.GetString([0x1a, 5, 0x0a, 1, (byte)name[0], 0x78, 2]);

    private static byte[] Packed(string content, byte packing) => Packed(System.Text.Encoding.Latin1.GetBytes(content), packing);

    private static byte[] Packed(byte[] content, byte packing)
    {
        using var packed = new MemoryStream();
        using (Stream stream = packing switch { 2 => new GZipStream(packed, CompressionLevel.Optimal), 3 => new BrotliStream(packed, CompressionLevel.Optimal), _ => packed })
        {
            stream.Write(content);
        }

        return packed.ToArray();
    }

    private static byte[] Build(byte inside, byte packing, byte kind, PmTilesEntry[] entries, byte[] tiles, bool leaves, string metadata)
    {
        var directory = Packed(Directory(entries), inside);
        var root = leaves ? Packed(Directory([new PmTilesEntry(entries[0].TileId, 0, directory.Length, 0)]), inside) : directory;
        return Assemble(inside, packing, kind, root, leaves ? directory : [], Packed(metadata, inside), tiles);
    }

    private static byte[] Directory(PmTilesEntry[] entries)
    {
        var bytes = new List<byte>();
        Put(entries.Length);
        foreach (var (entry, before) in entries.Zip(entries.Select(entry => entry.TileId).Prepend(0)))
        {
            Put(entry.TileId - before);
        }

        Array.ForEach(entries, entry => Put(entry.Run));
        Array.ForEach(entries, entry => Put(entry.Length));
        for (var i = 0; i < entries.Length; i++)
        {
            Put(i > 0 && entries[i].Offset == entries[i - 1].Offset + entries[i - 1].Length ? 0 : entries[i].Offset + 1);
        }

        return [.. bytes];

        void Put(long number)
        {
            for (; number >= 0x80; number >>= 7)
            {
                bytes.Add((byte)(number | 0x80));
            }

            bytes.Add((byte)number);
        }
    }

    /// <summary>Header, root, metadata, leaves, tiles.</summary>
    private static byte[] Assemble(byte inside, byte packing, byte kind, byte[] root, byte[] leaves, byte[] metadata, byte[] tiles)
    {
        var header = new byte[127];
        "PMTiles"u8.CopyTo(header);
        header[7] = 3;
        var at = (long)header.Length;
        foreach (var (part, i) in new[] { root, metadata, leaves, tiles }.Select((part, i) => (part, i)))
        {
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8 + (16 * i)), at);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16 + (16 * i)), part.Length);
            at += part.Length;
        }

        (header[97], header[98], header[99]) = (inside, packing, kind);
        return [.. header, .. root, .. metadata, .. leaves, .. tiles];
    }

    private static async IAsyncEnumerable<ArchivedTile> Stream(IEnumerable<ArchivedTile> tiles)
    {
        await Task.Yield();
        foreach (var tile in tiles)
        {
            yield return tile;
        }
    }
}
