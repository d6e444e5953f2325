using System.Runtime.InteropServices;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>Which shapes each tile of several has to do with: one look at each shape, however many tiles there are. Its arrays are used again.</summary>
internal sealed class TileBuckets
{
    private readonly record struct Span(int FirstColumn, int FirstRow, int LastColumn, int LastRow);

    private Span[] _spans = [];
    private int[] _ends = [];
    private int[] _items = [];
    private TileIndex _corner;
    private int _columns;

    /// <param name="shapes">On the grid; with <paramref name="grid"/>, in CRS units.</param>
    /// <param name="one">A corner of the tiles.</param>
    /// <param name="other">The opposite one.</param>
    /// <param name="units">Steps a tile.</param>
    /// <param name="reach">Steps that a tile reaches over its edges.</param>
    public void Fill(Shapes shapes, TileGrid? grid, TileIndex one, TileIndex other, int units, double reach)
    {
        _corner = new TileIndex(Math.Min(one.Column, other.Column), Math.Min(one.Row, other.Row));
        var (columns, rows) = (Math.Abs(one.Column - other.Column) + 1, Math.Abs(one.Row - other.Row) + 1);
        _columns = columns;
        var all = CollectionsMarshal.AsSpan(shapes.All);
        _spans = _spans.Length < all.Length ? new Span[all.Length + (all.Length / 2)] : _spans;
        _ends = _ends.Length <= columns * rows ? new int[(2 * columns * rows) + 1] : _ends;
        Array.Clear(_ends, 0, (columns * rows) + 1);
        var (left, top, perUnit, around) = (_corner.Column * (double)units, _corner.Row * (double)units, 1d / units, reach / units);
        for (var i = 0; i < all.Length; i++)
        {
            var box = grid is { } steps ? steps.FromCrs(all[i].Box) : all[i].Box;
            var span = new Span(
                First((box.MinX - left) * perUnit, around), First((box.MinY - top) * perUnit, around),
                Last((box.MaxX - left) * perUnit, around, columns), Last((box.MaxY - top) * perUnit, around, rows));
            _spans[i] = span;
            for (var row = span.FirstRow; row <= span.LastRow; row++)
            {
                for (var column = span.FirstColumn; column <= span.LastColumn; column++)
                {
                    _ends[(row * columns) + column + 1]++;
                }
            }
        }

        for (var tile = 1; tile <= columns * rows; tile++)
        {
            _ends[tile] += _ends[tile - 1];
        }

        var count = _ends[columns * rows];
        _items = _items.Length < count ? new int[count + (count / 2)] : _items;
        for (var i = 0; i < all.Length; i++)
        {
            var span = _spans[i];
            for (var row = span.FirstRow; row <= span.LastRow; row++)
            {
                for (var column = span.FirstColumn; column <= span.LastColumn; column++)
                {
                    _items[_ends[(row * columns) + column]++] = i;
                }
            }
        }
    }

    /// <summary>The numbers of a tile's shapes, in their order.</summary>
    /// <param name="position">In the grid.</param>
    public ReadOnlySpan<int> Of(TileIndex position)
    {
        // What was the beginning of each is its end by now.
        var tile = ((position.Row - _corner.Row) * _columns) + position.Column - _corner.Column;
        return _items.AsSpan(tile == 0 ? 0 : _ends[tile - 1], _ends[tile] - (tile == 0 ? 0 : _ends[tile - 1]));
    }

    /// <summary>The first tile that reaches to a place; that a box touches its edge is enough.</summary>
    private static int First(double place, double around) => (int)Math.Max(0, Math.Ceiling(place - around) - 1);

    private static int Last(double place, double around, int tiles) => (int)Math.Min(tiles - 1, Math.Floor(place + around));
}
