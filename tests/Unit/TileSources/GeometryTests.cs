using FsCheck;
using FsCheck.Fluent;
using GeoWps.Adapters.TileSources.Vector;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Valid;

namespace GeoWps.Tests.Unit.TileSources;

/// <summary>What each step does to any geometry, against another library's arithmetic.</summary>
public sealed class GeometryTests
{
    private static readonly GeometryFactory _factory = new();
    private static readonly Extent _box = new(-64, -64, 1064, 1064);

    [Fact]
    public void What_muddled_rings_cover_becomes_valid_polygons() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Rings(60).ToArbitrary(), rings =>
    {
        var shape = new TileShape();
        foreach (var ring in rings)
        {
            var start = shape.PlaceCount;
            foreach (var (x, y) in ring)
            {
                shape.Add(start, x, y);
            }

            shape.CloseRing(start, PartRole.Shell);
        }

        var repair = new RingRepair(new RingCheck());
        repair.Run(shape);

        repair.Repairs.Fixed.ShouldBe(0);
        var made = ToGeometry(shape);
        new IsValidOp(made).ValidationError.ShouldBeNull();
    }));

    [Fact]
    public void The_check_agrees_with_another_library() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll(Rings(30).ToArbitrary(), rings =>
    {
        var shape = new TileShape();
        foreach (var ring in rings)
        {
            var start = shape.PlaceCount;
            foreach (var (x, y) in ring)
            {
                shape.Add(start, x, y);
            }

            shape.CloseRing(start, PartRole.Shell);
        }

        // It may have doubts about valid ones (rings that touch), but never none about others.
        if (shape.Parts.Count > 0 && new RingCheck().IsClear(shape))
        {
            new IsValidOp(ToGeometry(shape)).IsValid.ShouldBeTrue();
        }
    }));

    [Fact]
    public void A_cut_polygon_is_what_another_library_cuts() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(Gen.Choose(3, 200).SelectMany(count => Gen.Choose(0, int.MaxValue).Select(seed => (count, seed))).ToArbitrary(), pair =>
    {
        var (shapes, whole) = Star(pair.count, pair.seed);
        var (cutter, check, cut) = (new TileCutter(), new RingCheck(), new TileShape());
        cutter.Set(_box, 0, 0);
        if (cutter.Cut(shapes, shapes.All[0], PartRole.Shell, cut) || (cut.Parts.Count > 0 && !check.IsClear(cut)))
        {
            new RingRepair(check).Run(cut);
        }

        // Without what only touches the box.
        var expected = whole.Intersection(_factory.ToGeometry(new Envelope(_box.MinX, _box.MaxX, _box.MinY, _box.MaxY))).Buffer(0);
        var made = ToGeometry(cut);
        new IsValidOp(made).ValidationError.ShouldBeNull();

        // Each line that is cut may turn by half a step along the box's side.
        made.SymmetricDifference(expected).Area.ShouldBeLessThanOrEqualTo(2 + expected.Length);
    }));

    [Fact]
    public void A_window_shows_the_same_after_the_rest_was_left_out() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(Gen.Choose(3, 200).SelectMany(count => Gen.Choose(0, int.MaxValue).Select(seed => (count, seed))).ToArbitrary(), pair =>
    {
        var (shapes, whole) = Star(pair.count, pair.seed);
        var part = shapes.Parts[0];
        var kept = new double[2 * part.Count];
        var count = Window.Reduce(shapes.PlacesOf(part), part.Boxes < 0 ? [] : shapes.BoxesOf(part), _box, kept);
        var window = _factory.ToGeometry(new Envelope(_box.MinX + 0.25, _box.MaxX - 0.25, _box.MinY + 0.25, _box.MaxY - 0.25));
        if (count == 0)
        {
            whole.Intersects(window).ShouldBeFalse();
            return;
        }

        // By its line, not by its area: what is left of a ring outside may cross itself.
        var line = _factory.CreateLineString([.. Enumerable.Range(0, count).Append(0).Select(i => new Coordinate(kept[2 * i], kept[(2 * i) + 1]))]);
        Lines(line.Intersection(window)).SymmetricDifference(Lines(whole.ExteriorRing.Intersection(window))).Length.ShouldBe(0, 1e-6);
        count.ShouldBeLessThanOrEqualTo(part.Count);
    }));

    [Fact]
    public void A_cut_line_is_what_another_library_cuts() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(Gen.Choose(2, 12).SelectMany(count => Gen.Choose(0, int.MaxValue).Select(seed => (count, seed))).ToArbitrary(), pair =>
    {
        var random = new Random(pair.seed);
        var shapes = new Shapes();
        Coordinate[] way = [.. Enumerable.Range(0, pair.count).Select(_ => new Coordinate(random.Next(-500, 1500), random.Next(-500, 1500)))];
        Add(shapes, way, PartRole.Line);
        var (cutter, cut) = (new TileCutter(), new TileShape());
        cutter.Set(_box, 0, 0);
        cutter.Cut(shapes, shapes.All[0], PartRole.Line, cut).ShouldBeFalse();

        var expected = Lines(_factory.CreateLineString(way).Intersection(_factory.ToGeometry(new Envelope(_box.MinX, _box.MaxX, _box.MinY, _box.MaxY))));
        var made = _factory.CreateMultiLineString([.. cut.Parts.Select(part => _factory.CreateLineString(Places(cut, part)))]);
        made.Length.ShouldBe(expected.Length, 2 + (2d * pair.count));

        // What is shorter than a step in a corner becomes a point, and no line.
        var whole = _factory.CreateMultiLineString([.. Enumerable.Range(0, expected.NumGeometries).Select(i => (LineString)expected.GetGeometryN(i)).Where(line => line.Length > 1.5)]);
        whole.Difference(made.Buffer(1.5)).Length.ShouldBeLessThan(0.01);

        // Places are rounded after the cut: what lies half a step outside of the window may be in it.
        var around = _factory.CreateLineString(way).Intersection(_factory.ToGeometry(new Envelope(_box.MinX - 0.5, _box.MaxX + 0.5, _box.MinY - 0.5, _box.MaxY + 0.5)));
        made.Difference(around.Buffer(1.5)).Length.ShouldBeLessThan(0.01);
    }));

    [Fact]
    public void The_tree_finds_what_a_search_of_all_finds() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(Gen.Choose(0, 2000).SelectMany(count => Gen.Choose(0, int.MaxValue).Select(seed => (count, seed))).ToArbitrary(), pair =>
    {
        var random = new Random(pair.seed);
        Extent Box() => new Extent(random.Next(1000), random.Next(1000), 0, 0) is var low ? new Extent(low.MinX, low.MinY, low.MinX + random.Next(50), low.MinY + random.Next(50)) : default;
        Extent[] boxes = [.. Enumerable.Range(0, pair.count).Select(_ => Box())];
        var (window, found) = (Box().Grow(100), new List<long>());

        var tree = new PackedTree(boxes);
        tree.Find(window, found);

        found.Select(one => (int)(one >> 32)).ShouldBe(Enumerable.Range(0, boxes.Length).Where(i => boxes[i].Intersects(window)));
        var order = tree.Order.ToArray();
        found.Select(one => order[(int)one]).ShouldBe(found.Select(one => (int)(one >> 32)));
    }));

    [Fact]
    public void Mercator_is_what_its_formula_says() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Gen.Choose(0, 40).SelectMany(count => Gen.Choose(0, int.MaxValue).Select(seed => (count, seed))).ToArbitrary(), pair =>
    {
        var random = new Random(pair.seed);
        double[] places = [.. Enumerable.Range(0, pair.count).SelectMany(_ => (double[])[(random.NextDouble() * 400) - 200, (random.NextDouble() * 178) - 89])];
        var made = places.ToArray();

        MercatorTransform.Instance.Apply(made);

        for (var i = 0; i < places.Length; i += 2)
        {
            made[i].ShouldBe(6378137 * places[i] * Math.PI / 180, 1e-6);
            made[i + 1].ShouldBe(6378137 * Math.Log(Math.Tan((Math.PI / 4) + (places[i + 1] * Math.PI / 360))), 1e-5);
            var back = MercatorTransform.Inverse(new Extent(made[i], made[i + 1], made[i], made[i + 1]));
            (back.MinX, back.MinY).ShouldBe((places[i], places[i + 1]), new Near());
        }
    }));

    [Fact]
    public void The_poles_have_a_place_beyond_the_map()
    {
        double[] places = [0, 90, 0, -90, 180, 85.0511287798066];

        MercatorTransform.Instance.Apply(places);

        places.ShouldAllBe(value => double.IsFinite(value));
        places[1].ShouldBeGreaterThan(40_000_000);
        places[3].ShouldBe(-places[1], 1);
        places[5].ShouldBe(20037508.342789244, 0.01);
    }

    [Fact]
    public void Tiles_are_joined_one_after_the_other() =>
        VectorTile.Join([new byte[] { 1, 2 }, ReadOnlyMemory<byte>.Empty, new byte[] { 3 }]).ShouldBe([1, 2, 3]);

    /// <summary>Some rings with places close to each other, so that they cross and touch in all ways.</summary>
    private static Gen<(int X, int Y)[][]> Rings(int size) => Gen.Choose(0, int.MaxValue).Select(seed =>
    {
        var random = new Random(seed);
        var side = random.Next(2, size);
        return Enumerable.Range(0, random.Next(1, 5))
            .Select(_ => Enumerable.Range(0, random.Next(3, 25)).Select(_ => (random.Next(side), random.Next(side))).ToArray()).ToArray();
    });

    /// <summary>A ring round the box's middle that does not cross itself, but may leave the box and come back as often as it likes.</summary>
    private static (Shapes Shapes, Polygon Whole) Star(int count, int seed)
    {
        var random = new Random(seed);
        var (x, y, size) = (random.Next(-600, 1600), random.Next(-600, 1600), random.Next(10, 2000));
        count = Math.Max(3, count);
        Coordinate[] ring = [.. Enumerable.Range(0, count).Select(i => (Angle: 2 * Math.PI * i / count, Far: size * (0.2 + random.NextDouble())))
            .Select(place => new Coordinate(Math.Round(x + (place.Far * Math.Cos(place.Angle))), Math.Round(y + (place.Far * Math.Sin(place.Angle)))))];
        var whole = _factory.CreatePolygon([.. ring, ring[0].Copy()]);
        if (!whole.IsValid || whole.Area == 0)
        {
            return Star(count * 3 / 4, random.Next());
        }

        var shapes = new Shapes();
        Add(shapes, ring, PartRole.Shell);
        return (shapes, whole);
    }

    /// <summary>Without single places, where something only touches.</summary>
    private static MultiLineString Lines(Geometry geometry) =>
        _factory.CreateMultiLineString([.. Enumerable.Range(0, geometry.NumGeometries).Select(geometry.GetGeometryN).OfType<LineString>()]);

    private static void Add(Shapes shapes, Coordinate[] places, PartRole role)
    {
        var room = shapes.Room(places.Length);
        for (var i = 0; i < places.Length; i++)
        {
            (room[2 * i], room[(2 * i) + 1]) = (places[i].X, places[i].Y);
        }

        shapes.Take(places.Length);
        shapes.AddPart(0, role);
        shapes.All.Add(new Shape(1, 0, 1, shapes.KindFrom(0), 0, shapes.Parts[0].Box));
    }

    private static Geometry ToGeometry(TileShape shape)
    {
        var polygons = new List<Polygon>();
        for (var i = 0; i < shape.Parts.Count;)
        {
            var shell = _factory.CreateLinearRing(Places(shape, shape.Parts[i++]));
            var holes = new List<LinearRing>();
            for (; i < shape.Parts.Count && shape.Parts[i].Role == PartRole.Hole; i++)
            {
                holes.Add(_factory.CreateLinearRing(Places(shape, shape.Parts[i])));
            }

            polygons.Add(_factory.CreatePolygon(shell, [.. holes]));
        }

        return _factory.CreateMultiPolygon([.. polygons]);
    }

    private static Coordinate[] Places(TileShape shape, TilePart part)
    {
        var places = shape.PlacesOf(part).ToArray();
        IEnumerable<Coordinate> all = Enumerable.Range(0, part.Count).Select(i => new Coordinate(places[2 * i], places[(2 * i) + 1]));
        return part.Role >= PartRole.Shell ? [.. all, new Coordinate(places[0], places[1])] : [.. all];
    }

    private sealed class Near : IEqualityComparer<(double, double)>
    {
        public bool Equals((double, double) one, (double, double) other) => Math.Abs(one.Item1 - other.Item1) < 1e-9 && Math.Abs(one.Item2 - other.Item2) < 1e-9;

        public int GetHashCode((double, double) pair) => 0;
    }
}
