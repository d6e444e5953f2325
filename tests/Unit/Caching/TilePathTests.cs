using FsCheck;
using FsCheck.Fluent;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Tests.Unit.Caching;

public sealed class TilePathTests
{
    private static readonly TilesetKey _topp = new("topp:states", "EPSG:900913", TileFormat.Png);

    [Theory]
    [InlineData(4, 3, 5, "states/WebMercatorQuad_04/0_1/03_10.png")]
    [InlineData(0, 0, 0, "states/WebMercatorQuad_00/0_0/00_00.png")]
    [InlineData(6, 63, 0, "states/WebMercatorQuad_06/03_03/0063_0063.png")]
    [InlineData(12, 2048, 1365, "states/WebMercatorQuad_12/016_021/002048_002730.png")]
    [InlineData(16, 40000, 65535, "states/WebMercatorQuad_16/078_000/040000_000000.png")]
    public void The_default_is_GeoWebCaches_layout(int level, int column, int row, string path) =>
        TilePath.Of(PathLayout.Default, new TileKey(new TilesetKey("states", "WebMercatorQuad", TileFormat.Png), level, new TileIndex(column, row)), 1 << level).ShouldBe(path);

    [Theory]
    [InlineData(PathLayout.Tms, "topp~3Astates/EPSG~3A900913/4/3/10.png")]
    [InlineData(PathLayout.Xyz, "topp~3Astates/EPSG~3A900913/4/3/5.png")]
    public void Others_are_by_level_column_and_row(PathLayout layout, string path) =>
        TilePath.Of(layout, new TileKey(_topp, 4, new TileIndex(3, 5)), 16).ShouldBe(path);

    [Fact]
    public void Every_path_is_read_back() => Prop.ForAll(Keys(), key =>
    {
        foreach (var layout in Enum.GetValues<PathLayout>())
        {
            TilePath.Read(layout, TilePath.Of(layout, key, 1 << key.Level), (_, level) => 1 << level).ShouldBe(key);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_text_is_a_safe_segment_and_no_two_are_the_same() => Prop.ForAll(Texts().Two().ToArbitrary(), pair =>
    {
        var (one, other) = pair;
        var segment = PathSegment.Of(one);

        segment.Length.ShouldBeInRange(1, PathSegment.MaxLength);
        segment.ShouldMatch("^[A-Za-z0-9_~-]([A-Za-z0-9_.~-]*[A-Za-z0-9_~-])?$");
        (segment == PathSegment.Of(other)).ShouldBe(one == other);
        if (segment.Length < PathSegment.MaxLength)
        {
            PathSegment.Read(segment).ShouldBe(one);
        }
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a/EPSG_04/0_0/00_00.gif")]
    [InlineData("a/EPSG_04/0_0/0_0.png")]
    [InlineData("a/EPSG_04/1_0/00_00.png")]
    [InlineData("a/EPSG/0_0/00_00.png")]
    [InlineData("../EPSG_04/0_0/00_00.png")]
    [InlineData("00_00.png")]
    [InlineData("")]
    public void What_is_no_path_of_a_tile_is_none(string path) => TilePath.Read(PathLayout.Default, path, (_, level) => 1 << level).ShouldBeNull();

    private static Arbitrary<TileKey> Keys() => (
        from level in Gen.Choose(0, 24)
        from column in Gen.Choose(0, (1 << level) - 1)
        from row in Gen.Choose(0, (1 << level) - 1)
        from format in Gen.Elements(TileFormat.All.ToArray())
        from layer in Texts().Where(text => PathSegment.Of(text).Length < PathSegment.MaxLength)
        select new TileKey(new TilesetKey(layer, "WebMercatorQuad", format), level, new TileIndex(column, row))).ToArbitrary();

    // Whole characters: half ones are no text.
    private static Gen<string> Texts() => Gen.Elements("a", "B", "9", "-", "_", ".", "..", "/", "\\", ":", " ", "~", "~3A", "ä", "漢", "😀", "con", "nul.", "\n", new string('x', 100))
        .ArrayOf().Select(string.Concat).Where(text => text.Length > 0);
}
