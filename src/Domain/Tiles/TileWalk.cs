using GeoWps.Domain.Spatial;

namespace GeoWps.Domain.Tiles;

/// <summary>
/// The metatiles of one matrix that an area touches, row by row, each once. They are counted and walked without a list of them: a rectangle is counted at
/// once, a polygon by its rows, and a walk can begin anywhere.
/// </summary>
/// <remarks>The same arguments give the same order: a place in a walk is the number of metatiles before it.</remarks>
public sealed class TileWalk
{
    /// <summary>Rows of a polygon that are counted one by one; beyond it is at least so many.</summary>
    private const int MostRowsCounted = 4_000_000;

    /// <summary>Of a tile: an error of arithmetic and no area.</summary>
    private const double Tolerance = 1e-9;

    private readonly TileMatrix _matrix;
    private readonly TileRange _limits;
    private readonly TileArea _area;
    private readonly int _size;
    private readonly double _margin;
    private readonly bool _isVariable;
    private readonly Lazy<(long MetaTiles, long Tiles, bool IsExact)> _count;

    /// <param name="limits">What of the matrix there is; nothing outside is visited.</param>
    /// <param name="metaTile">Tiles a side. Where columns coalesce, tiles stand alone.</param>
    /// <param name="margin">How far an area reaches over itself, in sides of a tile.</param>
    public TileWalk(TileMatrixSet set, int level, TileRange limits, TileArea area, int metaTile, double margin = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(metaTile, 1);
        (_matrix, Level, _area, _margin) = (set.Matrices[level], level, area, margin);
        _limits = limits.Meet(_matrix.Range);
        _isVariable = _matrix.VariableMatrixWidths.Count > 0;
        _size = _isVariable ? 1 : metaTile;
        _count = new Lazy<(long, long, bool)>(Count);
    }

    /// <summary>Position of the matrix in its set.</summary>
    public int Level { get; }

    /// <summary>How many are visited.</summary>
    public long MetaTiles => _count.Value.MetaTiles;

    /// <summary>How many tiles they have together.</summary>
    public long Tiles => _count.Value.Tiles;

    /// <summary>Whether the counts are not merely the least that it can be.</summary>
    public bool IsExact => _count.Value.IsExact;

    /// <param name="skip">So many at the beginning are left out, without visiting each.</param>
    public IEnumerable<MetaTile> From(long skip = 0)
    {
        foreach (var band in Bands())
        {
            var perRow = band.UnitsPerRow;
            var units = perRow * (band.LastRow - band.FirstRow + 1L);
            if (skip >= units)
            {
                skip -= units;
                continue;
            }

            for (var row = band.FirstRow + (int)(skip / perRow); row <= band.LastRow; row++)
            {
                var before = skip % perRow;
                skip = 0;
                foreach (var (first, last) in band.Spans)
                {
                    if (before > last - first)
                    {
                        before -= last - first + 1;
                        continue;
                    }

                    for (var column = first + (int)before; column <= last; column++)
                    {
                        yield return Unit(row, column, band.UnitColumns);
                    }

                    before = 0;
                }
            }
        }
    }

    /// <summary>The same tiles as rectangles, as few as the area's form allows.</summary>
    public IEnumerable<TileRange> Ranges()
    {
        foreach (var band in Bands())
        {
            foreach (var (first, last) in band.Spans)
            {
                yield return Cut(band, first, last);
            }
        }
    }

    private MetaTile Unit(int row, int column, int unitColumns)
    {
        if (_isVariable)
        {
            return new MetaTile(Level, new TileRange(column * unitColumns, row, column * unitColumns, row));
        }

        var whole = MetaTile.Of(_matrix, Level, new TileIndex(column * _size, row * _size), _size);
        return whole with { Range = whole.Range.Meet(_limits) };
    }

    private TileRange Cut(in Band band, int first, int last)
    {
        var range = new TileRange(
            first * band.UnitColumns,
            band.FirstRow * _size,
            (int)Math.Min(((last + 1L) * band.UnitColumns) - 1, _matrix.MatrixWidth - 1),
            (int)Math.Min(((band.LastRow + 1L) * _size) - 1, _matrix.MatrixHeight - 1));
        return _isVariable ? range : range.Meet(_limits);
    }

    private (long MetaTiles, long Tiles, bool IsExact) Count()
    {
        var (metaTiles, tiles, rows) = (0L, 0L, 0);
        foreach (var band in Bands())
        {
            if (_area is TileArea.Polygons && ++rows > MostRowsCounted)
            {
                return (metaTiles, tiles, false);
            }

            metaTiles += band.UnitsPerRow * (band.LastRow - band.FirstRow + 1L);
            foreach (var (first, last) in band.Spans)
            {
                tiles += _isVariable ? (last - first + 1L) * (band.LastRow - band.FirstRow + 1L) : Cut(band, first, last).Count;
            }
        }

        return (metaTiles, tiles, true);
    }

    private IEnumerable<Band> Bands() => _limits.IsEmpty ? [] : _area switch
    {
        TileArea.Everything => BandsOf([_limits]),
        TileArea.Boxes(var extents) => BandsOf([.. extents.Select(Covered)]),
        TileArea.Listed(var set, var tiles) => BandsOf([.. tiles.Select(one => Mapped(set.Matrices[one.Level], one))]),
        TileArea.Polygons(var rings) => BandsOf(rings),
        _ => throw new NotSupportedException($"{_area.GetType().Name} is no area that can be walked."),
    };

    private TileRange Covered(Extent extent) => _matrix.Cover(extent with
    {
        MinX = extent.MinX - (_margin * _matrix.TileSpanX),
        MaxX = extent.MaxX + (_margin * _matrix.TileSpanX),
        MinY = extent.MinY - (_margin * _matrix.TileSpanY),
        MaxY = extent.MaxY + (_margin * _matrix.TileSpanY),
    }).Meet(_limits);

    /// <summary>Tiles of another matrix of the set: those above or below them.</summary>
    private TileRange Mapped(TileMatrix matrix, TileMatrixLimits tiles)
    {
        if (tiles.Level == Level)
        {
            return tiles.Range.Meet(_limits);
        }

        // Edges are the same numbers only in theory: a thousandth of the smaller tile is less than any of them and more than any error.
        var extent = matrix.ExtentOf(tiles.Range);
        var (x, y) = (Math.Min(matrix.TileSpanX, _matrix.TileSpanX) * 1e-3, Math.Min(matrix.TileSpanY, _matrix.TileSpanY) * 1e-3);
        return Covered(new Extent(extent.MinX + x, extent.MinY + y, extent.MaxX - x, extent.MaxY - y));
    }

    /// <summary>Rectangles, which may overlap.</summary>
    private IEnumerable<Band> BandsOf(IReadOnlyList<TileRange> ranges)
    {
        var rectangles = ranges.Where(range => !range.IsEmpty).SelectMany(InUnits).OrderBy(rectangle => rectangle.FirstRow).ToArray();
        var active = new List<Rectangle>();
        var next = 0;
        while (next < rectangles.Length || active.Count > 0)
        {
            var row = active.Count > 0 ? active[0].FirstRow : rectangles[next].FirstRow;
            while (next < rectangles.Length && rectangles[next].FirstRow == row)
            {
                active.Add(rectangles[next++]);
            }

            // Until the next one begins or one of these ends.
            var last = next < rectangles.Length ? rectangles[next].FirstRow - 1 : int.MaxValue;
            foreach (var rectangle in active)
            {
                last = Math.Min(last, rectangle.LastRow);
            }

            yield return new Band(row, last, Merge(active.Select(rectangle => (rectangle.FirstColumn, rectangle.LastColumn))), active[0].UnitColumns);
            active.RemoveAll(rectangle => rectangle.LastRow == last);
            for (var i = 0; i < active.Count; i++)
            {
                active[i] = active[i] with { FirstRow = last + 1 };
            }
        }
    }

    private IEnumerable<Rectangle> InUnits(TileRange range)
    {
        if (!_isVariable)
        {
            yield return new Rectangle(range.MinRow / _size, range.MaxRow / _size, range.MinColumn / _size, range.MaxColumn / _size, _size);
            yield break;
        }

        for (var row = range.MinRow; row <= range.MaxRow;)
        {
            var (coalesce, last) = (_matrix.CoalesceOf(row), Math.Min(range.MaxRow, LastRowLike(row)));
            yield return new Rectangle(row, last, range.MinColumn / coalesce, range.MaxColumn / coalesce, coalesce);
            row = last + 1;
        }
    }

    /// <summary>The last of the rows from this one on whose tiles are as wide.</summary>
    private int LastRowLike(int row)
    {
        var last = _matrix.MatrixHeight - 1;
        foreach (var width in _matrix.VariableMatrixWidths)
        {
            if (row >= width.MinTileRow && row <= width.MaxTileRow)
            {
                return width.MaxTileRow;
            }

            last = width.MinTileRow > row ? Math.Min(last, width.MinTileRow - 1) : last;
        }

        return last;
    }

    /// <summary>
    /// Polygons, strip by strip of a row's height. What of a strip lies inside reaches, seen from above, where its edges in the strip reach and where a line
    /// along the strip is inside: whoever goes from a place inside towards that line meets an edge or arrives.
    /// </summary>
    private IEnumerable<Band> BandsOf(IReadOnlyList<double[]> rings)
    {
        var edges = Edges(rings);
        var active = new List<Edge>();
        var crossings = new List<double>();
        var next = 0;
        var (row, lastRow) = (_limits.MinRow / _size, _limits.MaxRow / _size);
        while (row <= lastRow)
        {
            var top = Math.Max((double)row * _size, _limits.MinRow) - _margin;
            var bottom = Math.Min((row + 1d) * _size, _limits.MaxRow + 1d) + _margin;
            active.RemoveAll(edge => edge.Bottom <= top + Tolerance);
            for (; next < edges.Length && edges[next].Top < bottom - Tolerance; next++)
            {
                if (edges[next].Bottom > top + Tolerance)
                {
                    active.Add(edges[next]);
                }
            }

            if (active.Count == 0)
            {
                if (next == edges.Length)
                {
                    yield break;
                }

                row = Math.Max(row + 1, (int)Math.Min(Math.Floor((edges[next].Top - _margin) / _size), lastRow));
                continue;
            }

            var coalesce = _isVariable ? _matrix.CoalesceOf(row) : _size;
            var spans = Merge(Inside(active, top, bottom, crossings).Select(Columns).Where(span => span.First <= span.Last).Select(span => (span.First / coalesce, span.Last / coalesce)));
            if (spans.Length > 0)
            {
                yield return new Band(row, row, spans, coalesce);
            }

            row++;
        }
    }

    private static IEnumerable<(double From, double To)> Inside(List<Edge> active, double top, double bottom, List<double> crossings)
    {
        var middle = (top + bottom) / 2;
        crossings.Clear();
        foreach (var edge in active)
        {
            var (from, to) = (edge.At(Math.Max(edge.Top, top)), edge.At(Math.Min(edge.Bottom, bottom)));
            if (edge.Top == edge.Bottom)
            {
                (from, to) = (edge.AtTop, edge.AtBottom);
            }

            yield return (Math.Min(from, to), Math.Max(from, to));
            if (edge.Top <= middle && middle < edge.Bottom)
            {
                crossings.Add(edge.At(middle));
            }
        }

        crossings.Sort();
        for (var i = 0; i + 1 < crossings.Count; i += 2)
        {
            yield return (crossings[i], crossings[i + 1]);
        }
    }

    /// <returns>The first after the last where it only touches an edge between columns, or nothing of the limits.</returns>
    private (int First, int Last) Columns((double From, double To) across)
    {
        var from = Math.Max(across.From - _margin, _limits.MinColumn);
        var to = Math.Min(across.To + _margin, _limits.MaxColumn + 1d);
        return from > to ? (0, -1) : ((int)Math.Min(Math.Floor(from + Tolerance), _limits.MaxColumn), (int)Math.Ceiling(to - Tolerance) - 1);
    }

    /// <summary>By where they begin, in columns and rows.</summary>
    private Edge[] Edges(IReadOnlyList<double[]> rings)
    {
        var edges = new List<Edge>(rings.Sum(ring => ring.Length / 2));
        foreach (var ring in rings)
        {
            for (int count = ring.Length / 2, i = 0; i < count; i++)
            {
                var (from, to) = (Place(ring, i), Place(ring, (i + 1) % count));
                if (from != to)
                {
                    edges.Add(from.Row <= to.Row ? new Edge(from.Row, to.Row, from.Column, to.Column) : new Edge(to.Row, from.Row, to.Column, from.Column));
                }
            }
        }

        edges.Sort((one, other) => one.Top.CompareTo(other.Top));
        return [.. edges];
    }

    private (double Column, double Row) Place(double[] ring, int point) => (
        (ring[2 * point] - _matrix.OriginX) / _matrix.TileSpanX,
        (_matrix.CornerOfOrigin == CornerOfOrigin.TopLeft ? _matrix.OriginY - ring[(2 * point) + 1] : ring[(2 * point) + 1] - _matrix.OriginY) / _matrix.TileSpanY);

    private static (int First, int Last)[] Merge(IEnumerable<(int First, int Last)> spans)
    {
        var sorted = spans.ToList();
        sorted.Sort();
        var merged = new List<(int First, int Last)>();
        foreach (var span in sorted)
        {
            if (merged.Count > 0 && span.First <= merged[^1].Last + 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, span.Last));
            }
            else
            {
                merged.Add(span);
            }
        }

        return [.. merged];
    }

    /// <summary>Rows that have the same metatiles; numbers count metatiles.</summary>
    /// <param name="UnitColumns">Tiles that one is wide.</param>
    private readonly record struct Band(int FirstRow, int LastRow, (int First, int Last)[] Spans, int UnitColumns)
    {
        public long UnitsPerRow => Spans.Sum(span => span.Last - span.First + 1L);
    }

    private readonly record struct Rectangle(int FirstRow, int LastRow, int FirstColumn, int LastColumn, int UnitColumns);

    private readonly record struct Edge(double Top, double Bottom, double AtTop, double AtBottom)
    {
        public double At(double row) => row <= Top ? AtTop : row >= Bottom ? AtBottom : AtTop + ((AtBottom - AtTop) * ((row - Top) / (Bottom - Top)));
    }
}
