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

public sealed partial class GeoPackageTileSourceTests
{
    private static readonly GeometryFactory _factory = new();

    [Theory]
    [InlineData("countries", 6, 0)]
    [InlineData("countries", 6, 64)]
    [InlineData("lakes", 5, 64)]
    [InlineData("urban_areas", 5, 0)]
    public async Task Every_polygon_of_the_world_is_valid(string table, int lastLevel, int memoryMb)
    {
        using var source = Source(memoryMb);
        var polygons = 0;
        for (var level = 0; level <= lastLevel; level++)
        {
            foreach (var tile in await LevelAsync(source, Layer(Sample, table), Mercator, level))
            {
                foreach (var feature in Decode(tile))
                {
                    polygons++;
                    feature.Geometry.ShouldBeAssignableTo<IPolygonal>();
                    var error = new IsValidOp(feature.Geometry).ValidationError;
                    error.ShouldBeNull($"{table} {level}/{tile.Tile.Column}/{tile.Tile.Row}: {error}");
                }
            }
        }

        polygons.ShouldBeGreaterThan(1000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public async Task Tiles_are_the_same_however_many_are_made_at_once(int stride)
    {
        // Keys that lie near each other are walked along, others are looked up one by one.
        using var data = new TestGeoPackage("name TEXT, kind INTEGER");
        var random = new Random(stride);
        data.Run("BEGIN");
        for (var id = 1; id <= 1000; id++)
        {
            var (x, y) = (random.NextDouble() * 40, random.NextDouble() * 40);
            Geometry shape = id % 3 == 0 ? _factory.CreatePoint(new Coordinate(x, y)) : _factory.ToGeometry(new Envelope(x, x + (random.NextDouble() * 3), y, y + random.NextDouble()));
            data.Add((long)id * stride, shape, $"thing {id % 7}", id % 300);
        }

        data.Run("COMMIT");
        using var source = Source(0);
        var layer = Layer(data.FilePath, TestGeoPackage.Table);
        var one = (await LevelAsync(source, layer, Mercator, 5, metaTile: 1)).ToDictionary(tile => tile.Tile);
        foreach (var metaTile in (int[])[4, 16])
        {
            var together = await LevelAsync(source, layer, Mercator, 5, metaTile);
            together.Count.ShouldBe(one.Count);
            foreach (var tile in together)
            {
                // Rings may begin elsewhere, by what of them was in sight.
                var (mine, theirs) = (Decode(tile), Decode(one[tile.Tile]));
                mine.Count.ShouldBe(theirs.Count);
                foreach (var (feature, other) in mine.Zip(theirs))
                {
                    feature.Attributes.GetValues().ShouldBe(other.Attributes.GetValues());
                    feature.Geometry.EqualsTopologically(other.Geometry).ShouldBeTrue($"{tile.Tile} of {metaTile}: {feature.Geometry} and {other.Geometry}");
                }

                tile.Notes.ShouldBe(one[tile.Tile].Notes);
            }
        }

        one.Values.Count(tile => tile.Content.Length > 0).ShouldBeGreaterThan(16);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(64, 3)]
    [InlineData(0, 4)]
    public async Task Neighbouring_tiles_meet(int memoryMb, int level)
    {
        using var source = Source(memoryMb);
        var tiles = (await LevelAsync(source, Layer(Sample, "countries"), Mercator, level, metaTile: 2)).ToDictionary(tile => tile.Tile, tile => Decode(tile));
        var compared = 0;
        foreach (var (index, features) in tiles)
        {
            Compare(features, index with { Column = index.Column + 1 }, 4096, 0, upright: true);
            Compare(features, index with { Row = index.Row + 1 }, 4096, 0, upright: false);
        }

        compared.ShouldBeGreaterThan(100);

        void Compare(IReadOnlyList<IFeature> features, TileIndex other, int at, int otherAt, bool upright)
        {
            if (!tiles.TryGetValue(other, out var others))
            {
                return;
            }

            // What is on one side is, but for a step of rounding, on the other.
            var (mine, theirs) = (Along(features, at, upright, 0), Along(others, otherAt, upright, 0));
            var (aroundMine, aroundTheirs) = (Along(features, at, upright, 1.5), Along(others, otherAt, upright, 1.5));
            foreach (var id in mine.Keys.Union(theirs.Keys))
            {
                Covers(aroundTheirs, mine, id);
                Covers(aroundMine, theirs, id);
                compared++;
            }

            void Covers(Dictionary<ulong, Geometry> around, Dictionary<ulong, Geometry> on, ulong id)
            {
                if (on.TryGetValue(id, out var crossing))
                {
                    // What is narrower than a step may be closed on one side.
                    var alone = around.TryGetValue(id, out var wide) ? crossing.Difference(wide) : crossing;
                    Enumerable.Range(0, alone.NumGeometries).Select(i => alone.GetGeometryN(i).Length).DefaultIfEmpty().Max().ShouldBeLessThanOrEqualTo(1.01, $"feature {id} at {other}");
                }
            }
        }

        static Dictionary<ulong, Geometry> Along(IReadOnlyList<IFeature> features, int at, bool upright, double around)
        {
            // What lies farther away than this has no part in what is around the edge, and takes most of the time.
            var line = _factory.CreateLineString(upright ? [new(at, 0), new(at, 4096)] : [new(0, at), new(4096, at)]);
            var near = line.Buffer(6).Envelope;
            return features.Where(feature => feature.Geometry.EnvelopeInternal.Intersects(near.EnvelopeInternal))
                .Select(feature => (Id: (ulong)feature.Attributes["id"], On: OnEdge((around > 0 ? feature.Geometry.Intersection(near).Buffer(around) : feature.Geometry).Intersection(line), upright)))
                .Where(pair => pair.On.Length > 0).ToDictionary(pair => pair.Id, pair => pair.On);
        }

        static Geometry OnEdge(Geometry crossing, bool upright)
        {
            var parts = Enumerable.Range(0, crossing.NumGeometries).Select(crossing.GetGeometryN).OfType<LineString>()
                .Select(line => upright ? (line.EnvelopeInternal.MinY, line.EnvelopeInternal.MaxY) : (line.EnvelopeInternal.MinX, line.EnvelopeInternal.MaxX))
                .Select(span => _factory.CreateLineString([new(span.Item1, 0), new(span.Item2, 0)]));
            return _factory.CreateMultiLineString([.. parts]);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 0)]
    [InlineData(16, 0)]
    [InlineData(16, 16)]
    public async Task Polygons_that_share_borders_leave_no_gap_and_do_not_overlap(double simplification, int memoryMb)
    {
        using var package = new TestGeoPackage();
        Mosaic.Fill(package, 12, 60, 60);
        using var source = Source(memoryMb);
        var layer = Layer(package.FilePath, TestGeoPackage.Table, new LayerTiles { Simplification = simplification });
        for (var round = 0; round < 2; round++)
        {
            foreach (var tile in (await LevelAsync(source, layer, Mercator, 4)).Where(tile => tile.Tile is { Column: 6 or 7 or 8 or 9, Row: 6 or 7 or 8 or 9 }))
            {
                // Wherever the mosaic reaches over all of a tile its pieces' areas are that of the tile.
                Decode(tile).Sum(feature => feature.Geometry.Area).ShouldBe((4096d + 128) * (4096 + 128), tile.Tile.ToString());
            }
        }
    }

    [Fact]
    public async Task Simplified_lines_have_fewer_places_and_stay_within_the_tolerance()
    {
        using var source = Source();
        var all = await TileAsync(source, Layer(Sample, "rivers", new LayerTiles { Simplification = 0 }), Mercator, 2, 2, 1);
        var some = await TileAsync(source, Layer(Sample, "rivers", new LayerTiles { Simplification = 4 }), Mercator, 2, 2, 1);

        var (exact, simple) = (Decode(all), Decode(some));
        simple.Sum(feature => feature.Geometry.NumPoints).ShouldBeLessThan(exact.Sum(feature => feature.Geometry.NumPoints) * 3 / 4);
        foreach (var (one, other) in exact.Zip(simple))
        {
            other.Attributes["id"].ShouldBe(one.Attributes["id"]);
            new NetTopologySuite.Algorithm.Distance.DiscreteHausdorffDistance(one.Geometry, other.Geometry).OrientedDistance().ShouldBeLessThanOrEqualTo(4.5);
        }
    }

    [Theory]
    [InlineData("places")]
    [InlineData("rivers")]
    public async Task From_memory_comes_the_same_as_from_the_file(string table)
    {
        var layer = Layer(Sample, table, new LayerTiles { Simplification = 0 });
        using var file = Source();
        using var memory = Source(64);
        for (var level = 0; level < 4; level++)
        {
            // The first round fills the memory, the second prepares the level.
            for (var round = 0; round < 3; round++)
            {
                foreach (var (one, other) in (await LevelAsync(file, layer, Mercator, level)).Zip(await LevelAsync(memory, layer, Mercator, level)))
                {
                    other.Tile.ShouldBe(one.Tile);
                    other.Notes.ShouldBe(one.Notes);
                    other.Content.Span.SequenceEqual(one.Content.Span).ShouldBeTrue($"{level} {one.Tile}");
                }
            }
        }
    }

    [Fact]
    public async Task A_changed_file_is_read_anew()
    {
        using var package = new TestGeoPackage();
        package.Add(1, _factory.CreatePoint(new Coordinate(10, 10)));
        using var source = Source(64);
        var layer = Layer(package.FilePath, TestGeoPackage.Table);
        for (var round = 0; round < 3; round++)
        {
            Decode(await TileAsync(source, layer, Mercator, 0, 0, 0)).ShouldHaveSingleItem();
        }

        package.Add(2, _factory.CreatePoint(new Coordinate(20, 10)));
        File.SetLastWriteTimeUtc(package.FilePath, DateTime.UtcNow.AddSeconds(2));

        Decode(await TileAsync(source, layer, Mercator, 0, 0, 0)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_smaller_than_the_least_size_is_left_out_before_the_last_level()
    {
        using var package = new TestGeoPackage();
        package.Add(1, Mosaic.Square(10, 10, 0.5));
        package.Add(2, Mosaic.Square(-40, -40, 30));
        package.Add(3, _factory.CreateLineString([new Coordinate(0, 0), new Coordinate(0.5, 0)]));
        using var source = Source();
        var layer = Layer(package.FilePath, TestGeoPackage.Table, new LayerTiles { MinSize = 100, MaxLevel = 1 });

        Decode(await TileAsync(source, layer, Mercator, 0, 0, 0)).Select(feature => feature.Attributes["id"]).ShouldBe([2UL]);
        var last = await LevelAsync(source, layer, Mercator, 1);
        last.SelectMany(tile => Decode(tile)).Select(feature => feature.Attributes["id"]).Distinct().Order().ShouldBe([1UL, 2UL, 3UL]);
    }

    [Fact]
    public async Task A_table_without_an_index_gives_the_same_tiles()
    {
        using var indexed = new TestGeoPackage();
        using var plain = new TestGeoPackage(indexed: false);
        Mosaic.Fill(indexed, 5, 20, 30);
        Mosaic.Fill(plain, 5, 20, 30);
        using var source = Source();

        var one = await LevelAsync(source, Layer(indexed.FilePath, TestGeoPackage.Table), Mercator, 3);
        var other = await LevelAsync(source, Layer(plain.FilePath, TestGeoPackage.Table), Mercator, 3);

        one.Sum(tile => tile.Content.Length).ShouldBeGreaterThan(1000);
        other.Select(tile => Convert.ToHexString(tile.Content.Span)).ShouldBe(one.Select(tile => Convert.ToHexString(tile.Content.Span)));
    }

    [Fact]
    public async Task At_the_antimeridian_and_the_poles_data_stay_where_they_are()
    {
        using var package = new TestGeoPackage();
        package.Add(1, Mosaic.Square(179, 0, 1));
        package.Add(2, Mosaic.Square(-180, -90, 360));
        package.Add(3, _factory.CreatePoint(new Coordinate(0, 90)));
        using var source = Source();
        var tiles = (await LevelAsync(source, Layer(package.FilePath, TestGeoPackage.Table), Mercator, 2)).ToDictionary(tile => (tile.Tile.Column, tile.Tile.Row), tile => Decode(tile));

        tiles.Values.ShouldAllBe(features => features.Any(feature => feature.Attributes["id"].Equals(2UL)));
        tiles[(0, 2)].ShouldNotContain(feature => feature.Attributes["id"].Equals(1UL));
        tiles.Where(pair => pair.Value.Any(feature => feature.Attributes["id"].Equals(1UL))).Select(pair => pair.Key).ShouldBe([(3, 1), (3, 2)], ignoreOrder: true);
        tiles.Values.SelectMany(features => features).ShouldNotContain(feature => feature.Attributes["id"].Equals(3UL));

        // The world's square reaches over the map's upper and lower edge, so that no line is drawn along it.
        tiles[(1, 0)].Single().Geometry.EnvelopeInternal.MinY.ShouldBe(-64);
        tiles[(1, 3)].Single().Geometry.EnvelopeInternal.MaxY.ShouldBe(4096 + 64);
        tiles[(1, 1)].Single(feature => feature.Attributes["id"].Equals(2UL)).Geometry.Area.ShouldBe((4096d + 128) * (4096 + 128));
    }

    [Fact]
    public async Task A_rectangle_of_the_world_fills_the_finest_tiles()
    {
        using var package = new TestGeoPackage();
        package.Add(1, Mosaic.Square(-180, -90, 360));
        using var source = Source();

        var tile = await TileAsync(source, Layer(package.FilePath, TestGeoPackage.Table), Mercator, 19, 123_456, 234_567);

        Decode(tile).Single().Geometry.Area.ShouldBe((4096d + 128) * (4096 + 128));
    }

    [Fact]
    public async Task Empty_and_mixed_geometries_and_heights_are_read()
    {
        using var package = new TestGeoPackage();
        package.Add(1, _factory.CreatePolygon());
        package.Add(2, _factory.CreatePoint());
        package.Add(3, _factory.CreateGeometryCollection([_factory.CreatePoint(new Coordinate(1, 1)), _factory.CreateLineString([new(0, 0), new(50, 50)]), Mosaic.Square(-50, -50, 20)]));
        var high = _factory.CreateLineString([new CoordinateZ(0, 10, 5), new CoordinateZ(30, 10, 6)]);
        package.AddRaw(4, new NetTopologySuite.IO.WKBWriter(NetTopologySuite.IO.ByteOrder.BigEndian, false, true).Write(high), high.EnvelopeInternal);
        using var source = Source();

        var features = Decode(await TileAsync(source, Layer(package.FilePath, TestGeoPackage.Table), Mercator, 0, 0, 0));

        features.Select(feature => (feature.Attributes["id"], feature.Geometry.OgcGeometryType)).ShouldBe(
            [(3UL, OgcGeometryType.Polygon), (3UL, OgcGeometryType.LineString), (3UL, OgcGeometryType.Point), (4UL, OgcGeometryType.LineString)], ignoreOrder: true);
    }

    [Fact]
    public async Task What_can_not_be_read_is_said_without_a_path()
    {
        using var package = new TestGeoPackage();
        using var source = Source();
        package.AddRaw(1, [1, 8, 0, 0, 0, 0, 0, 0, 0], new Envelope(0, 1, 0, 1));
        (await Should.ThrowAsync<TileSourceException>(() => TileAsync(source, Layer(package.FilePath, TestGeoPackage.Table), Mercator, 0, 0, 0))).Message.ShouldContain("curves");

        package.Run($"DELETE FROM {TestGeoPackage.Table}");
        package.AddRaw(2, [1, 2, 0, 0, 0, 255, 255, 255, 127], new Envelope(0, 1, 0, 1));
        (await Should.ThrowAsync<TileSourceException>(() => TileAsync(source, Layer(package.FilePath, TestGeoPackage.Table), Mercator, 0, 0, 0))).Message.ShouldContain("damaged");

        foreach (var layer in (Layer[])[Layer(package.FilePath, "other"), Layer("/not/there.gpkg", "things"), Layer(package.FilePath, TestGeoPackage.Table, crs: new Crs("EPSG", "2056"))])
        {
            var error = await Should.ThrowAsync<TileSourceException>(() => TileAsync(source, layer, Mercator, 0, 0, 0));
            error.Message.ShouldNotContain(package.FilePath);
            error.Message.ShouldNotContain("/not/there");
        }
    }

    [Fact]
    public async Task Rows_of_wide_tiles_have_the_same_tile_in_each_of_their_columns()
    {
        var matrix = new TileMatrix
        {
            Id = "0", ScaleDenominator = 1, CellSize = 45d / 256, OriginX = -180, OriginY = 90, TileWidth = 256, TileHeight = 256, MatrixWidth = 8, MatrixHeight = 4,
            VariableMatrixWidths = [new VariableMatrixWidth(4, 0, 0), new VariableMatrixWidth(4, 3, 3)],
        };
        using var source = Source();

        var tiles = await source.MakeAsync(Layer(Sample, "countries"), new TileMatrixSet("wide", Crs.Crs84, [matrix]), new MetaTile(0, new TileRange(0, 0, 7, 3)), TileFormat.Mvt, CancellationToken.None);

        tiles.Count.ShouldBe(32);
        foreach (var tile in tiles.Where(tile => tile.Tile.Row is 0 or 3))
        {
            tile.Content.Span.SequenceEqual(tiles.Single(other => other.Tile == matrix.Canonical(tile.Tile)).Content.Span).ShouldBeTrue();
        }

        tiles.Where(tile => tile.Tile.Row == 1).Select(tile => Convert.ToHexString(tile.Content.Span)).Distinct().Count().ShouldBe(8);
    }

    [Fact]
    public void It_makes_vector_tiles_of_GeoPackages_only()
    {
        using var source = Source();
        source.Makes(Layer(Sample, "places"), TileFormat.Mvt).ShouldBeTrue();
        source.Makes(Layer(Sample, "places"), TileFormat.Png).ShouldBeFalse();
        source.Makes(Layer(Sample, "places") with { Source = new LayerSource.Tiles("a.mbtiles") }, TileFormat.Mvt).ShouldBeFalse();
    }
}
