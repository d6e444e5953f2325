using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>On which sides of a box something lies outside, and what of a line can be left out because of that.</summary>
internal static class Window
{
    public const int Left = 1;
    public const int Right = 2;
    public const int Below = 4;
    public const int Above = 8;

    /// <returns>0 inside and on the edge.</returns>
    public static int SidesOf(in Extent box, double x, double y) =>
        (x < box.MinX ? Left : 0) | (x > box.MaxX ? Right : 0) | (y < box.MinY ? Below : 0) | (y > box.MaxY ? Above : 0);

    /// <returns>The sides on which all of another box lies outside.</returns>
    public static int SidesOf(in Extent box, in Extent other) =>
        (other.MaxX < box.MinX ? Left : 0) | (other.MinX > box.MaxX ? Right : 0) | (other.MaxY < box.MinY ? Below : 0) | (other.MinY > box.MaxY ? Above : 0);

    /// <summary>
    /// Leaves out places that can't be seen through a window: those whose neighbours lie beyond the same side of it. No place is moved or made: what is inside
    /// and every line that crosses the window stay exactly as they are, and so does the inside of a ring as far as the window reaches.
    /// </summary>
    /// <param name="stretches">Boxes of the part's stretches; may be empty.</param>
    /// <param name="to">As large as the part.</param>
    /// <returns>Places kept; 0 when nothing can be seen.</returns>
    public static int Reduce(ReadOnlySpan<double> places, ReadOnlySpan<Extent> stretches, in Extent window, Span<double> to)
    {
        var count = places.Length / 2;
        var sides = SidesOf(window, places[0], places[1]);
        var (kept, keptSides, pending, pendingSides, all) = (1, sides, 0, sides, sides);
        (to[0], to[1]) = (places[0], places[1]);
        for (var i = 1; i < count; i++)
        {
            if (i % Shapes.Stretch == 0 && stretches.Length > 0 && (keptSides & pendingSides) is not 0 and var beyond
                && (beyond & SidesOf(window, stretches[i / Shapes.Stretch])) != 0)
            {
                // All of the stretch lies beyond: its last place stands for it.
                i = Math.Min(i + Shapes.Stretch, count) - 1;
                (pending, pendingSides) = (i, SidesOf(window, places[2 * i], places[(2 * i) + 1]));
                all &= pendingSides;
                continue;
            }

            sides = SidesOf(window, places[2 * i], places[(2 * i) + 1]);
            if ((keptSides & pendingSides & sides) == 0 && pending > 0)
            {
                (to[2 * kept], to[(2 * kept) + 1]) = (places[2 * pending], places[(2 * pending) + 1]);
                (kept, keptSides) = (kept + 1, pendingSides);
            }

            (pending, pendingSides, all) = (i, sides, all & sides);
        }

        if (pending > 0)
        {
            (to[2 * kept], to[(2 * kept) + 1]) = (places[2 * pending], places[(2 * pending) + 1]);
            kept++;
        }

        return all == 0 ? kept : 0;
    }

    /// <summary>Whether a place is in a ring; anything for one on its edge.</summary>
    public static bool Surrounds(ReadOnlySpan<double> ring, double x, double y)
    {
        var inside = false;
        var (x1, y1) = (ring[^2], ring[^1]);
        for (var i = 0; i < ring.Length; i += 2)
        {
            var (x2, y2) = (ring[i], ring[i + 1]);
            if ((y1 > y) != (y2 > y) && x < x1 + ((y - y1) * (x2 - x1) / (y2 - y1)))
            {
                inside = !inside;
            }

            (x1, y1) = (x2, y2);
        }

        return inside;
    }
}
