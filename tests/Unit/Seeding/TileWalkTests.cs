using FsCheck;
using FsCheck.Fluent;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using NetTopologySuite.Geometries;

namespace GeoWps.Tests.Unit.Seeding;

/// <summary>Walks against what is worked out tile by tile, on random areas.</summary>
public sealed class TileWalkTests
{
    private const double Side = 20037508.342789244;

    private static readonly TileMatrixSets Sets = new();

    private static readonly TileMatrixSet Mercator = Sets.Find("WebMercatorQuad")!;

    private static readonly TileMatrixSet Variable = Sets.Find("CDB1GlobalGrid")!;

    private static readonly GeometryFactory Geometries = new();

    [Fact]
    public void Boxes_are_walked_whole_and_each_metatile_once() => ForAll(random =>
    {
        var (level, limits, size) = Place(random);
        Extent[] boxes = [Box(random), Box(random)];
        var matrix = Mercator.Matrices[level];

        Compare(new TileWalk(Mercator, level, limits, new TileArea.Boxes(boxes), size), matrix, limits, size, tile => boxes.Any(box => matrix.Cover(box).Contains(tile)));
    });

    [Fact]
    public void Lists_of_tiles_mean_what_lies_above_and_below_them() => ForAll(random =>
    {
        var (level, limits, size) = Place(random);
        var tiles = Enumerable.Range(0, random.Next(1, 8)).Select(_ => Some(random, random.Next(0, 7))).ToArray();

        Compare(new TileWalk(Mercator, level, limits, new TileArea.Listed(Mercator, tiles), size), Mercator.Matrices[level], limits, size, tile => tiles.Any(one => IsFamily(one, level, tile)));
    });

    [Fact]
    public void Of_polygons_every_metatile_is_visited_that_they_touch_and_no_other() => ForAll(random =>
    {
        var (level, limits, size) = Place(random);
        var (rings, shape) = Star(random);
        var matrix = Mercator.Matrices[level];
        var walk = new TileWalk(Mercator, level, limits, new TileArea.Polygons(rings), size);
        var visited = walk.From().Select(one => one.Range).ToHashSet();

        walk.MetaTiles.ShouldBe(visited.Count);
        walk.Tiles.ShouldBe(visited.Sum(range => range.Count));
        foreach (var range in Grid(matrix, level, limits, size))
        {
            var extent = matrix.ExtentOf(range);
            var tile = Geometries.ToGeometry(new Envelope(extent.MinX, extent.MaxX, extent.MinY, extent.MaxY));
            var shared = shape.Intersection(tile).Area / tile.Area;
            if (shared > 1e-6)
            {
                visited.ShouldContain(range);
            }
            else if (shape.Distance(tile) > matrix.TileSpanX * 1e-6)
            {
                visited.ShouldNotContain(range);
            }
        }
    });

    [Fact]
    public void A_margin_takes_the_neighbours_along_that_lie_within_it() => ForAll(random =>
    {
        var level = random.Next(2, 6);
        var matrix = Mercator.Matrices[level];
        var (rings, shape) = Star(random);
        var margin = random.NextDouble();
        var visited = new TileWalk(Mercator, level, matrix.Range, new TileArea.Polygons(rings), 1, margin).From().Select(one => one.Range).ToHashSet();
        foreach (var range in Grid(matrix, level, matrix.Range, 1))
        {
            var extent = matrix.ExtentOf(range).Grow(margin * matrix.TileSpanX);
            var tile = Geometries.ToGeometry(new Envelope(extent.MinX, extent.MaxX, extent.MinY, extent.MaxY));
            if (shape.Intersection(tile).Area / tile.Area > 1e-6)
            {
                visited.ShouldContain(range);
            }
            else if (shape.Distance(tile) > matrix.TileSpanX * 1e-6)
            {
                visited.ShouldNotContain(range);
            }
        }
    });

    [Fact]
    public void A_walk_begins_anywhere() => ForAll(random =>
    {
        var (level, limits, size) = Place(random);
        var walk = new TileWalk(Mercator, level, limits, new TileArea.Polygons(Star(random).Rings), size);
        var skip = random.NextInt64(0, walk.MetaTiles + 2);

        walk.From(skip).ShouldBe(walk.From().Skip((int)skip));
    });

    [Fact]
    public void Ranges_hold_the_same_tiles() => ForAll(random =>
    {
        var (level, limits, _) = Place(random);
        var walk = new TileWalk(Mercator, level, limits, new TileArea.Polygons(Star(random).Rings), 1);

        TilesOf(walk.Ranges()).ShouldBe(TilesOf(walk.From().Select(one => one.Range)), ignoreOrder: true);
    });

    [Fact]
    public void Where_columns_coalesce_each_tile_is_walked_once_by_its_first_column() => ForAll(random =>
    {
        var level = random.Next(0, 12);
        var matrix = Variable.Matrices[level];
        var (west, south) = (random.Next(-180, 175), random.Next(-90, 85));
        var limits = matrix.Cover(new Extent(west, south, west + 4, south + random.Next(1, 10)));
        var walk = new TileWalk(Variable, level, limits, new TileArea.Everything(), metaTile: 4);

        var expected = TilesOf([limits]).Select(matrix.Canonical).Distinct().ToArray();

        walk.From().Select(one => one.Range).ShouldAllBe(range => range.Count == 1);
        TilesOf(walk.From().Select(one => one.Range)).ShouldBe(expected, ignoreOrder: true);
        (walk.MetaTiles, walk.Tiles).ShouldBe((expected.Length, expected.Length));
    });

    [Fact]
    public void The_world_at_the_finest_zoom_is_counted_without_being_walked()
    {
        var level = Mercator.Matrices.Count - 1;
        var walk = new TileWalk(Mercator, level, Mercator.Matrices[level].Range, new TileArea.Everything(), 4);

        walk.Tiles.ShouldBe(1L << (2 * level));
        walk.MetaTiles.ShouldBe(1L << (2 * (level - 2)));
        walk.From(walk.MetaTiles - 1).Single().Range.ShouldBe(new TileRange((1 << level) - 4, (1 << level) - 4, (1 << level) - 1, (1 << level) - 1));
    }

    [Fact]
    public void A_listed_tile_has_exactly_its_own_descendants_ten_zooms_below()
    {
        var walk = new TileWalk(Mercator, 24, Mercator.Matrices[24].Range, new TileArea.Listed(Mercator, [new TileMatrixLimits(14, new TileRange(8191, 5461, 8191, 5461))]), 1);

        walk.Ranges().Single().ShouldBe(new TileRange(8191 << 10, 5461 << 10, (8192 << 10) - 1, (5462 << 10) - 1));
    }

    [Fact]
    public void A_hole_is_left_out()
    {
        double[] outer = [-Side, -Side, Side, -Side, Side, Side, -Side, Side], hole = [-Side / 2, -Side / 2, Side / 2, -Side / 2, Side / 2, Side / 2, -Side / 2, Side / 2];
        var walk = new TileWalk(Mercator, 4, Mercator.Matrices[4].Range, new TileArea.Polygons([outer, hole]), 1);

        walk.Tiles.ShouldBe(256 - 64);
    }

    private static void ForAll(Action<Random> holds) => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => holds(new Random(seed))).QuickCheckThrowOnFailure();

    private static void Compare(TileWalk walk, TileMatrix matrix, TileRange limits, int size, Func<TileIndex, bool> isIn)
    {
        var visited = walk.From().ToArray();
        var expected = Grid(matrix, walk.Level, limits, size).Where(range => TilesOf([range]).Any(isIn)).ToArray();

        visited.Select(one => one.Range).ShouldBe(expected, ignoreOrder: true);
        walk.MetaTiles.ShouldBe(expected.Length);
        walk.Tiles.ShouldBe(expected.Sum(range => range.Count));
    }

    private static (int Level, TileRange Limits, int Size) Place(Random random)
    {
        var level = random.Next(0, 6);
        return (level, Some(random, level).Range, random.Next(1, 5));
    }

    private static TileMatrixLimits Some(Random random, int level)
    {
        var side = 1 << level;
        var (column, row) = (random.Next(side), random.Next(side));
        return new TileMatrixLimits(level, new TileRange(column, row, random.Next(column, side), random.Next(row, side)));
    }

    private static Extent Box(Random random)
    {
        var (x, y) = ((random.NextDouble() - 0.5) * 2 * Side, (random.NextDouble() - 0.5) * 2 * Side);
        return new Extent(x, y, x + (random.NextDouble() * Side), y + (random.NextDouble() * Side / 2));
    }

    /// <summary>A polygon round a point, whose corners lie at any distance from it.</summary>
    private static (IReadOnlyList<double[]> Rings, Geometry Shape) Star(Random random)
    {
        var (x, y, corners) = ((random.NextDouble() - 0.5) * 1.6 * Side, (random.NextDouble() - 0.5) * 1.6 * Side, random.Next(3, 12));
        var size = Side * Math.Pow(10, -2 * random.NextDouble());
        var places = Enumerable.Range(0, corners).Select(corner =>
        {
            var (angle, distance) = (2 * Math.PI * corner / corners, size * (0.05 + random.NextDouble()));
            return new Coordinate(x + (distance * Math.Cos(angle)), y + (distance * Math.Sin(angle)));
        }).ToList();
        return ([[.. places.SelectMany(place => new[] { place.X, place.Y })]], Geometries.CreatePolygon([.. places, places[0]]));
    }

    private static bool IsFamily(TileMatrixLimits one, int level, TileIndex tile)
    {
        var up = Math.Max(0, level - one.Level);
        var down = Math.Max(0, one.Level - level);
        return tile.Column >> up >= one.Range.MinColumn >> down && tile.Column >> up <= one.Range.MaxColumn >> down
            && tile.Row >> up >= one.Range.MinRow >> down && tile.Row >> up <= one.Range.MaxRow >> down;
    }

    private static IEnumerable<TileRange> Grid(TileMatrix matrix, int level, TileRange limits, int size) =>
        TilesOf([limits]).Select(tile => MetaTile.Of(matrix, level, tile, size).Range.Meet(limits)).Distinct();

    private static IEnumerable<TileIndex> TilesOf(IEnumerable<TileRange> ranges) =>
        from range in ranges from row in Enumerable.Range(range.MinRow, range.Rows) from column in Enumerable.Range(range.MinColumn, range.Columns) select new TileIndex(column, row);
}
