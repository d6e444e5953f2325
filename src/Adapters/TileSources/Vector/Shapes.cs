using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>What a run of places is.</summary>
internal enum PartRole : byte
{
    Point,
    Line,

    /// <summary>Outer ring: positive area once y goes down. Its holes follow it.</summary>
    Shell,

    /// <summary>Inner ring: negative area once y goes down.</summary>
    Hole,
}

/// <summary>A point, a line or a ring. A ring's last place is not its first.</summary>
/// <param name="Start">Its first place, counted in places.</param>
/// <param name="Boxes">Where the boxes of its stretches begin, see <see cref="Shapes.Stretch"/>; -1 when it has none.</param>
/// <param name="Reduced">Whether places out of sight were left out: then neither its area nor that area's sign means anything.</param>
internal readonly record struct Part(int Start, int Count, PartRole Role, Extent Box, int Boxes, bool Reduced)
{
    public bool IsRing => Role >= PartRole.Shell;
}

/// <param name="Id">The table's key; negative when it has none.</param>
/// <param name="Kind">Of all of its parts (<see cref="PartRole.Shell"/> for rings); <see langword="null"/> when they differ.</param>
/// <param name="Row">Where its attributes are: rows of <see cref="Shapes.Columns"/> values.</param>
/// <param name="Box">Of the whole geometry, also of what was left out.</param>
internal readonly record struct Shape(long Id, int FirstPart, int Parts, PartRole? Kind, int Row, Extent Box);

/// <summary>
/// Features in arrays that are used again: places as x, y, x, y, …, parts, and attributes as numbers of values. First in the units of a CRS, then in those of
/// a level's grid, where every number is whole: doubles hold those exactly at any level.
/// </summary>
internal sealed class Shapes
{
    /// <summary>Places whose common box lets a long part be passed over.</summary>
    public const int Stretch = 32;

    private const int Long = 4 * Stretch;

    private double[] _places = new double[1 << 12];
    private bool _borrowed;

    public int PlaceCount { get; private set; }

    public List<Part> Parts { get; } = [];

    public List<Shape> All { get; } = [];

    /// <summary>Boxes of the stretches of long parts. A box reaches to the first place of the next stretch.</summary>
    public List<Extent> Boxes { get; } = [];

    /// <summary>Number of the value of each column; -1 for NULL. Not to be changed when they are another's.</summary>
    public List<int> Attributes { get; private set; } = [];

    public int Columns { get; set; }

    /// <summary>Bytes that it takes.</summary>
    public long Size => (8L * _places.Length) + (56L * Parts.Capacity) + (56L * All.Capacity) + (32L * Boxes.Capacity) + (_borrowed ? 0 : 4L * Attributes.Capacity);

    public Span<double> Places => _places.AsSpan(0, 2 * PlaceCount);

    public ReadOnlySpan<double> PlacesOf(in Part part) => _places.AsSpan(2 * part.Start, 2 * part.Count);

    public Span<double> PlacesFrom(int start) => _places.AsSpan(2 * start, 2 * (PlaceCount - start));

    public ReadOnlySpan<Part> PartsOf(in Shape shape) => CollectionsMarshal.AsSpan(Parts).Slice(shape.FirstPart, shape.Parts);

    public ReadOnlySpan<Extent> BoxesOf(in Part part) => CollectionsMarshal.AsSpan(Boxes)[part.Boxes..];

    public ReadOnlySpan<int> AttributesOf(in Shape shape) => CollectionsMarshal.AsSpan(Attributes).Slice(shape.Row * Columns, Columns);

    public void Clear()
    {
        PlaceCount = 0;
        Parts.Clear();
        All.Clear();
        Boxes.Clear();
        if (_borrowed)
        {
            (Attributes, _borrowed) = ([], false);
        }

        Attributes.Clear();
    }

    /// <summary>The same rows of attributes as another's, which are not copied.</summary>
    public void Borrow(Shapes other) => (Attributes, Columns, _borrowed) = (other.Attributes, other.Columns, true);

    public void SortById()
    {
        var all = CollectionsMarshal.AsSpan(All);
        for (var i = 1; i < all.Length; i++)
        {
            if (all[i].Id < all[i - 1].Id)
            {
                // Their keys alone are sorted, and each shape is moved once.
                var (ids, sorted) = (new long[all.Length], all.ToArray());
                for (var at = 0; at < all.Length; at++)
                {
                    ids[at] = all[at].Id;
                }

                Array.Sort(ids, sorted);
                sorted.CopyTo(all);
                return;
            }
        }
    }

    /// <summary>The same in another order: what belongs to a shape lies beside what belongs to the next. Without what room is left.</summary>
    /// <param name="order">Numbers of the shapes.</param>
    public Shapes InOrder(ReadOnlySpan<int> order)
    {
        var to = new Shapes { Columns = Columns, _places = new double[2 * PlaceCount] };
        to.Parts.Capacity = Parts.Count;
        to.All.Capacity = All.Count;
        to.Boxes.Capacity = Boxes.Count;
        to.Attributes.Capacity = Attributes.Count;
        foreach (var number in order)
        {
            var shape = All[number];
            var first = to.Parts.Count;
            foreach (ref readonly var part in PartsOf(shape))
            {
                PlacesOf(part).CopyTo(to.Room(part.Count));
                to.Parts.Add(part with { Start = to.PlaceCount, Boxes = part.Boxes < 0 ? -1 : to.Boxes.Count });
                to.Take(part.Count);
                if (part.Boxes >= 0)
                {
                    to.Boxes.AddRange(BoxesOf(part)[..((part.Count + Stretch - 1) / Stretch)]);
                }
            }

            to.All.Add(shape with { FirstPart = first, Row = shape.Row < 0 ? -1 : to.Attributes.Count / Math.Max(1, Columns) });
            if (shape.Row >= 0)
            {
                to.Attributes.AddRange(AttributesOf(shape));
            }
        }

        return to;
    }

    /// <summary>The kind of the parts from some part on.</summary>
    public PartRole? KindFrom(int first)
    {
        PartRole? kind = null;
        foreach (ref readonly var part in CollectionsMarshal.AsSpan(Parts)[first..])
        {
            var role = part.IsRing ? PartRole.Shell : part.Role;
            if (kind is not null && kind != role)
            {
                return null;
            }

            kind = role;
        }

        return kind;
    }

    /// <summary>Room for some more places, which count only when <see cref="Take"/> says so.</summary>
    public Span<double> Room(int places)
    {
        var needed = 2L * (PlaceCount + (long)places);
        if (needed > _places.Length)
        {
            Array.Resize(ref _places, (int)Math.Min(Math.Max(needed, 2L * _places.Length), Array.MaxLength));
        }

        return _places.AsSpan(2 * PlaceCount);
    }

    public void Take(int places) => PlaceCount += places;

    /// <summary>Forgets the places after some number of them.</summary>
    public void Cut(int places) => PlaceCount = places;

    /// <summary>Gives back what room is left; for shapes that stay as they are.</summary>
    public void Trim()
    {
        Array.Resize(ref _places, 2 * PlaceCount);
        Parts.TrimExcess();
        All.TrimExcess();
        Boxes.TrimExcess();
        if (!_borrowed)
        {
            Attributes.TrimExcess();
        }
    }

    /// <summary>Makes a part of the last places.</summary>
    public void AddPart(int start, PartRole role, bool reduced = false)
    {
        var count = PlaceCount - start;
        var places = _places.AsSpan(2 * start, 2 * count);
        var boxes = -1;
        Extent box;
        if (count < Long)
        {
            box = BoxOf(places);
        }
        else
        {
            (boxes, box) = (Boxes.Count, Extent.Empty);
            for (var from = 0; from < count; from += Stretch)
            {
                var stretch = BoxOf(places.Slice(2 * from, 2 * Math.Min(Stretch + 1, count - from)));
                Boxes.Add(stretch);
                box = box.Join(stretch);
            }
        }

        Parts.Add(new Part(start, count, role, box, boxes, reduced));
    }

    /// <summary>Places that are not numbers do not count.</summary>
    public static Extent BoxOf(ReadOnlySpan<double> places)
    {
        var (low, high) = (Vector256.Create(double.PositiveInfinity), Vector256.Create(double.NegativeInfinity));
        var wide = MemoryMarshal.Cast<double, Vector256<double>>(places);
        foreach (var two in wide)
        {
            low = Vector256.ConditionalSelect(Vector256.LessThan(two, low), two, low);
            high = Vector256.ConditionalSelect(Vector256.GreaterThan(two, high), two, high);
        }

        var box = new Extent(Math.Min(low[0], low[2]), Math.Min(low[1], low[3]), Math.Max(high[0], high[2]), Math.Max(high[1], high[3]));
        if (places.Length % 4 != 0 && places[^1] is var y && places[^2] is var x && !double.IsNaN(x + y))
        {
            box = new Extent(Math.Min(box.MinX, x), Math.Min(box.MinY, y), Math.Max(box.MaxX, x), Math.Max(box.MaxY, y));
        }

        return box;
    }

    /// <summary>Twice the area of a ring, positive when its inside is on the left of its way (with y up), on the right (with y down).</summary>
    public static double AreaOf(ReadOnlySpan<double> ring)
    {
        // From the first place, so that large coordinates cost no precision.
        var (x0, y0, sum) = (ring[0], ring[1], 0d);
        for (var i = 2; i + 3 < ring.Length; i += 2)
        {
            sum += ((ring[i] - x0) * (ring[i + 3] - y0)) - ((ring[i + 2] - x0) * (ring[i + 1] - y0));
        }

        return sum;
    }

    /// <summary>Turns a ring's way round; its first place stays.</summary>
    public static void Turn(Span<double> ring)
    {
        for (int i = 2, j = ring.Length - 2; i < j; i += 2, j -= 2)
        {
            (ring[i], ring[i + 1], ring[j], ring[j + 1]) = (ring[j], ring[j + 1], ring[i], ring[i + 1]);
        }
    }
}
