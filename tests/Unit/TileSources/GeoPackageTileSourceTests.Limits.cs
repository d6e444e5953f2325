using GeoWps.Adapters.TileSources.Vector;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using NetTopologySuite.Features;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Valid;
using static GeoWps.Tests.Unit.TileSources.Vectors;

namespace GeoWps.Tests.Unit.TileSources;

/// <summary>What of a feature is written, and what happens at the limits of a tile.</summary>
public sealed partial class GeoPackageTileSourceTests
{
    [Fact]
    public async Task Attributes_have_their_types_and_nulls_are_left_out()
    {
        using var package = new TestGeoPackage("name TEXT, count INTEGER, depth REAL, open BOOLEAN, day DATE, picture BLOB");
        package.Add(7, _factory.CreatePoint(new Coordinate(0, 0)), "Ä", 9_000_000_000, 0.1, true, "2026-02-28", new byte[] { 1 });
        package.Add(9, _factory.CreatePoint(new Coordinate(0, 0)), null, -3, 2d, false, null, null);
        using var source = Source();

        var features = Decode(await TileAsync(source, Layer(package.FilePath, TestGeoPackage.Table), Mercator, 0, 0, 0));

        features[0].Attributes.GetNames().ShouldBe(["name", "count", "depth", "open", "day", "id"], ignoreOrder: true);
        (features[0].Attributes["name"], features[0].Attributes["depth"], features[0].Attributes["open"], features[0].Attributes["day"]).ShouldBe(("Ä", 0.1, true, "2026-02-28"));
        features[0].Attributes["count"].ShouldBe(9_000_000_000UL);
        features[0].Attributes["id"].ShouldBe(7UL);
        features[1].Attributes.GetNames().ShouldBe(["count", "depth", "open", "id"], ignoreOrder: true);
        (features[1].Attributes["count"], features[1].Attributes["depth"], features[1].Attributes["open"]).ShouldBe((-3L, 2d, false));
    }

    [Fact]
    public async Task Only_the_attributes_that_are_asked_for_are_written()
    {
        using var source = Source();
        var some = await TileAsync(source, Layer(Sample, "places", new LayerTiles { Attributes = ["megacity", "name", "fid", "nothing"], Name = "towns" }), Mercator, 0, 0, 0);
        var none = await TileAsync(source, Layer(Sample, "places", new LayerTiles { Attributes = [] }), Mercator, 0, 0, 0);

        Decode(some)[0].Attributes.GetNames().ShouldBe(["megacity", "name", "fid", "id"], ignoreOrder: true);
        Decode(none)[0].Attributes.GetNames().ShouldBe(["id"]);
        System.Text.Encoding.Latin1.GetString(some.Content.Span).ShouldContain("towns");
    }

    [Fact]
    public async Task A_limit_of_features_keeps_the_largest_and_says_so()
    {
        using var package = new TestGeoPackage();
        for (var i = 1; i <= 5; i++)
        {
            package.Add(i, Mosaic.Square(0, 0, i));
        }

        using var source = Source();
        var tile = await TileAsync(source, Layer(package.FilePath, TestGeoPackage.Table, new LayerTiles { MaxFeatures = 2 }), Mercator, 0, 0, 0);
        var whole = await TileAsync(source, Layer(package.FilePath, TestGeoPackage.Table, new LayerTiles { MaxFeatures = 5 }), Mercator, 0, 0, 0);

        tile.Notes.ShouldBe(TileNotes.Truncated);
        Decode(tile).Select(feature => feature.Attributes["id"]).ShouldBe([5UL, 4UL]);
        whole.Notes.ShouldBe(TileNotes.None);
        Decode(whole).Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_limit_of_bytes_is_kept_and_said()
    {
        using var source = Source();
        var whole = await TileAsync(source, Layer(Sample, "countries"), Mercator, 0, 0, 0);
        foreach (var limit in (int[])[100, 5_000, 20_000])
        {
            var tile = await TileAsync(source, Layer(Sample, "countries", new LayerTiles { MaxBytes = limit }), Mercator, 0, 0, 0);

            (tile.Notes & TileNotes.Truncated).ShouldBe(TileNotes.Truncated);
            tile.Content.Length.ShouldBeLessThanOrEqualTo(limit + 64);
            tile.Content.Length.ShouldBeLessThan(whole.Content.Length);
            Decode(tile).Count.ShouldBeLessThan(Decode(whole).Count);
        }
    }

    [Fact]
    public async Task Where_nothing_is_nothing_is_below_and_where_something_is_too_small_there_may_be()
    {
        using var package = new TestGeoPackage();
        package.Add(1, Mosaic.Square(10, 10, 1e-7));
        using var source = Source();
        var layer = Layer(package.FilePath, TestGeoPackage.Table);

        var tiles = await source.MakeAsync(layer, Mercator, new MetaTile(1, new TileRange(0, 0, 1, 1)), TileFormat.Mvt, CancellationToken.None);

        tiles.Select(tile => (tile.Tile.Column, tile.Tile.Row, tile.Notes)).ShouldBe(
        [
            (0, 0, TileNotes.Empty | TileNotes.EmptyBelow), (1, 0, TileNotes.Empty),
            (0, 1, TileNotes.Empty | TileNotes.EmptyBelow), (1, 1, TileNotes.Empty | TileNotes.EmptyBelow),
        ]);
        tiles.ShouldAllBe(tile => tile.Content.Length == 0);
    }
}
