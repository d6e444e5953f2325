using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>
/// Finds shapes by a window: boxes sorted along Hilbert's curve and joined by sixteen to boxes, until there is one. Immutable.
/// A packed Hilbert R-tree (Kamel and Faloutsos, 1993).
/// </summary>
internal sealed class PackedTree
{
    private const int Fan = 16;

    private readonly Extent[] _boxes;
    private readonly int[] _items;
    private readonly int[] _levels;

    public PackedTree(ReadOnlySpan<Extent> boxes)
    {
        var world = Extent.Empty;
        foreach (ref readonly var box in boxes)
        {
            world = world.Join(box);
        }

        var levels = new List<int> { 0, boxes.Length };
        for (var count = boxes.Length; count > 1; levels.Add(levels[^1] + count))
        {
            count = (count + Fan - 1) / Fan;
        }

        (_levels, _boxes, _items) = ([.. levels], new Extent[levels[^1]], new int[boxes.Length]);
        var order = new uint[boxes.Length];
        for (var i = 0; i < boxes.Length; i++)
        {
            _items[i] = i;
            order[i] = Hilbert(Share(boxes[i].MinX + boxes[i].MaxX, world.MinX, world.MaxX), Share(boxes[i].MinY + boxes[i].MaxY, world.MinY, world.MaxY));
        }

        Array.Sort(order, _items);
        for (var i = 0; i < boxes.Length; i++)
        {
            _boxes[i] = boxes[_items[i]];
        }

        for (var level = 1; level + 1 < _levels.Length; level++)
        {
            for (var node = _levels[level]; node < _levels[level + 1]; node++)
            {
                var first = _levels[level - 1] + (Fan * (node - _levels[level]));
                var box = Extent.Empty;
                for (var child = first; child < Math.Min(first + Fan, _levels[level]); child++)
                {
                    box = box.Join(_boxes[child]);
                }

                _boxes[node] = box;
            }
        }
    }

    public long Size => (32L * _boxes.Length) + (4L * _items.Length);

    /// <summary>The numbers of the shapes in the order along the curve, in which neighbours are near each other.</summary>
    public ReadOnlySpan<int> Order => _items;

    /// <summary>The shapes whose boxes meet a window, in the order of their numbers.</summary>
    /// <param name="found">Gets the number of each in the upper half, and its place along the curve in the lower one.</param>
    public void Find(in Extent window, List<long> found)
    {
        found.Clear();
        if (_items.Length > 0)
        {
            Find(window, found, _levels.Length - 2, 0);
            found.Sort();
        }
    }

    private void Find(in Extent window, List<long> found, int level, int group)
    {
        // On the top level stands one box; below, groups of sixteen.
        var first = _levels[level] + (Fan * group);
        var end = Math.Min(first + Fan, _levels[level + 1]);
        for (var node = first; node < end; node++)
        {
            if (!_boxes[node].Intersects(window))
            {
                continue;
            }

            if (level == 0)
            {
                found.Add(((long)_items[node] << 32) | (uint)node);
            }
            else
            {
                Find(window, found, level - 1, node - _levels[level]);
            }
        }
    }

    private static uint Share(double doubled, double low, double high) =>
        high > low ? (uint)Math.Clamp(65535 * ((doubled / 2) - low) / (high - low), 0, 65535) : 0;

    /// <summary>The place on Hilbert's curve through 65536 x 65536 squares.</summary>
    private static uint Hilbert(uint x, uint y)
    {
        var place = 0u;
        for (var side = 1u << 15; side > 0; side >>= 1)
        {
            var (right, upper) = ((x & side) != 0 ? 1u : 0, (y & side) != 0 ? 1u : 0);
            place += side * side * ((3 * right) ^ upper);
            if (upper == 0)
            {
                if (right == 1)
                {
                    (x, y) = (65535 - x, 65535 - y);
                }

                (x, y) = (y, x);
            }
        }

        return place;
    }
}
