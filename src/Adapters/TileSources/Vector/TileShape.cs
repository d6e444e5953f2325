namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>A part in a tile.</summary>
/// <param name="Start">Its first place.</param>
internal readonly record struct TilePart(int Start, int Count, PartRole Role);

/// <summary>One feature in one tile: whole numbers from the tile's upper left corner, y down; each shell is followed by its holes.</summary>
internal sealed class TileShape
{
    private int[] _places = new int[1 << 12];

    public List<TilePart> Parts { get; } = [];

    public int PlaceCount { get; private set; }

    public ReadOnlySpan<int> PlacesOf(in TilePart part) => _places.AsSpan(2 * part.Start, 2 * part.Count);

    public void Clear()
    {
        Parts.Clear();
        PlaceCount = 0;
    }

    /// <summary>Adds a place, unless it is the one before.</summary>
    /// <param name="start">Of the part that it belongs to.</param>
    public void Add(int start, int x, int y)
    {
        if (PlaceCount > start && _places[(2 * PlaceCount) - 2] == x && _places[(2 * PlaceCount) - 1] == y)
        {
            return;
        }

        if (2 * PlaceCount == _places.Length)
        {
            Array.Resize(ref _places, 2 * _places.Length);
        }

        (_places[2 * PlaceCount], _places[(2 * PlaceCount) + 1]) = (x, y);
        PlaceCount++;
    }

    /// <summary>Adds places that stand in another one.</summary>
    public void Add(int start, TileShape from, int first, int count)
    {
        for (var i = 2 * first; i < 2 * (first + count); i += 2)
        {
            Add(start, from._places[i], from._places[i + 1]);
        }
    }

    /// <summary>Makes a line of the last places.</summary>
    public void CloseLine(int start)
    {
        if (PlaceCount - start >= 2)
        {
            Parts.Add(new TilePart(start, PlaceCount - start, PartRole.Line));
            return;
        }

        PlaceCount = start;
    }

    /// <summary>Makes a ring of the last places, without ways that go back on themselves.</summary>
    /// <returns>Twice its area; 0 when nothing is left of it.</returns>
    public long CloseRing(int start, PartRole role)
    {
        var count = Trim(_places.AsSpan(2 * start, 2 * (PlaceCount - start)));
        var area = count < 3 ? 0 : AreaOf(_places.AsSpan(2 * start, 2 * count));
        if (area == 0)
        {
            PlaceCount = start;
            return 0;
        }

        PlaceCount = start + count;
        Parts.Add(new TilePart(start, count, role));
        return area;
    }

    /// <summary>Twice the area; positive for a shell.</summary>
    public static long AreaOf(ReadOnlySpan<int> ring)
    {
        var (x, y, area) = (ring[^2], ring[^1], 0L);
        for (var i = 0; i < ring.Length; i += 2)
        {
            area += ((long)x * ring[i + 1]) - ((long)ring[i] * y);
            (x, y) = (ring[i], ring[i + 1]);
        }

        return area;
    }

    /// <summary>Leaves out places at which a ring turns back on the way it came, and repeated ones.</summary>
    private static int Trim(Span<int> ring)
    {
        var count = 0;
        for (var i = 0; i < ring.Length; i += 2)
        {
            var (x, y) = (ring[i], ring[i + 1]);
            while (count > 0 && ((ring[(2 * count) - 2] == x && ring[(2 * count) - 1] == y) || (count > 1 && TurnsBack(ring, count - 2, count - 1, x, y))))
            {
                count--;
            }

            (ring[2 * count], ring[(2 * count) + 1]) = (x, y);
            count++;
        }

        // Where the end meets the beginning.
        var first = 0;
        while (count - first > 2)
        {
            if ((ring[2 * first] == ring[(2 * count) - 2] && ring[(2 * first) + 1] == ring[(2 * count) - 1])
                || TurnsBack(ring, count - 2, count - 1, ring[2 * first], ring[(2 * first) + 1]))
            {
                count--;
            }
            else if (TurnsBack(ring, count - 1, first, ring[(2 * first) + 2], ring[(2 * first) + 3]))
            {
                first++;
            }
            else
            {
                break;
            }
        }

        ring[(2 * first)..(2 * count)].CopyTo(ring);
        return count - first;
    }

    private static bool TurnsBack(ReadOnlySpan<int> ring, int before, int at, int x, int y)
    {
        var (x1, y1) = ((long)ring[2 * at] - ring[2 * before], (long)ring[(2 * at) + 1] - ring[(2 * before) + 1]);
        var (x2, y2) = ((long)x - ring[2 * at], (long)y - ring[(2 * at) + 1]);
        return (x1 * y2) - (x2 * y1) == 0 && (x1 * x2) + (y1 * y2) < 0;
    }
}
