using NetTopologySuite.Geometries;

namespace GeoWps.Tests.Unit.TileSources;

/// <summary>Pieces side by side whose common borders wind, the same for both.</summary>
internal static class Mosaic
{
    public static Polygon Square(double x, double y, double side) =>
        GeometryFactory.Default.CreatePolygon([new(x, y), new(x + side, y), new(x + side, y + side), new(x, y + side), new(x, y)]);

    public static void Fill(TestGeoPackage package, int pieces, int bends, double reach)
    {
        var random = new Random(1);
        var side = 2 * reach / pieces;
        var corners = new Coordinate[pieces + 1, pieces + 1];
        for (var i = 0; i <= pieces; i++)
        {
            for (var j = 0; j <= pieces; j++)
            {
                corners[i, j] = new Coordinate(-reach + (side * (i + ((random.NextDouble() - 0.5) * 0.4))), -reach + (side * (j + ((random.NextDouble() - 0.5) * 0.4))));
            }
        }

        var borders = new Dictionary<(int, int, int, int), Coordinate[]>();
        for (var i = 0; i < pieces; i++)
        {
            for (var j = 0; j < pieces; j++)
            {
                var ring = new List<Coordinate>();
                (int I, int J)[] way = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1), (i, j)];
                for (var k = 0; k < 4; k++)
                {
                    ring.AddRange(Border(way[k], way[k + 1]).SkipLast(1));
                }

                ring.Add(ring[0].Copy());
                package.Add((i * pieces) + j, GeometryFactory.Default.CreatePolygon([.. ring]));
            }
        }

        IEnumerable<Coordinate> Border((int I, int J) from, (int I, int J) to)
        {
            var forward = from.CompareTo(to) < 0;
            var (low, high) = forward ? (from, to) : (to, from);
            if (!borders.TryGetValue((low.I, low.J, high.I, high.J), out var border))
            {
                var (start, end) = (corners[low.I, low.J], corners[high.I, high.J]);
                border = [.. Enumerable.Range(0, bends + 1).Select(bend => bend / (double)bends).Select(share => new Coordinate(
                    start.X + (share * (end.X - start.X)) + (share is 0 or 1 ? 0 : (random.NextDouble() - 0.5) * side / bends),
                    start.Y + (share * (end.Y - start.Y)) + (share is 0 or 1 ? 0 : (random.NextDouble() - 0.5) * side / bends)))];
                borders.Add((low.I, low.J, high.I, high.J), border);
            }

            return forward ? border : border.Reverse();
        }
    }
}
