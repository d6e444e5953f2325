using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Projections;

/// <summary>
/// The rectangle around what lines become in another CRS. Each is halved where it might still reach over what was found: where it bends at an extreme, where its plane
/// was cut open, where it leaves the places that a plane has. So an extreme is found to a millionth of the whole, and a cut on both of its sides.
/// </summary>
internal sealed class Outline
{
    /// <summary>Of a line, before any is halved: what a turn of the earth becomes is then no flat line anywhere.</summary>
    private const int Pieces = 16;

    /// <summary>Halves of a piece: the last is as short as numbers are exact.</summary>
    private const int Halvings = 46;

    /// <summary>Where a piece has no place at its ends and its middle: of a line that lies mostly outside, what is inside may be short.</summary>
    private const int HalvingsOfNothing = 3;

    /// <summary>A line needs some hundreds. What breaks everywhere (a plane far outside of where it is meant for) is given up here.</summary>
    private const int MostSteps = 20_000;

    /// <summary>What is added, and where halving ends: of width and height together.</summary>
    private const double Slack = 1e-6;

    private readonly Queue<Piece> _pieces = new();
    private Extent _found = Extent.Empty;

    /// <summary>Follows a straight line.</summary>
    /// <param name="place">What a point of it becomes; NaN where it has no place.</param>
    public void Follow((double X, double Y) start, (double X, double Y) end, Func<double, double, (double X, double Y)> place)
    {
        var line = new Line(start, end, place);
        var before = Take(line.At(0));
        for (var i = 1; i <= Pieces; i++)
        {
            var after = Take(line.At(i / (double)Pieces));
            _pieces.Enqueue(new Piece(line, (i - 1) / (double)Pieces, i / (double)Pieces, before, after, 0));
            before = after;
        }
    }

    public void Follow(in Extent rectangle, Func<double, double, (double X, double Y)> place)
    {
        var (west, south, east, north) = rectangle;
        Follow((west, south), (east, south), place);
        Follow((east, south), (east, north), place);
        Follow((east, north), (west, north), place);
        Follow((west, north), (west, south), place);
    }

    public void Add(in Extent part) => _found = _found.Join(part);

    /// <returns>What the lines fill; empty when no point of them has a place.</returns>
    public Extent Close()
    {
        for (var left = MostSteps; left > 0 && _pieces.TryDequeue(out var piece); left--)
        {
            var middle = (piece.From + piece.To) / 2;
            var at = Take(piece.Line.At(middle));
            var (bendX, bendY) = (Math.Abs(at.X - ((piece.Start.X + piece.End.X) / 2)), Math.Abs(at.Y - ((piece.Start.Y + piece.End.Y) / 2)));
            if (double.IsNaN(bendX))
            {
                if (piece.Halved >= HalvingsOfNothing && double.IsNaN(at.X) && double.IsNaN(piece.Start.X) && double.IsNaN(piece.End.X))
                {
                    continue;
                }
            }
            else
            {
                // A parabola reaches over its ends and its middle by no more than a quarter of its bend.
                var reach = Point(piece.Start).Join(Point(piece.End)).Join(Point(at));
                reach = new Extent(reach.MinX - bendX, reach.MinY - bendY, reach.MaxX + bendX, reach.MaxY + bendY);
                if (_found.Contains(reach))
                {
                    continue;
                }

                if (bendX + bendY <= (_found.Width + _found.Height) * Slack)
                {
                    Add(reach);
                    continue;
                }
            }

            if (piece.Halved < Halvings)
            {
                _pieces.Enqueue(new Piece(piece.Line, piece.From, middle, piece.Start, at, piece.Halved + 1));
                _pieces.Enqueue(new Piece(piece.Line, middle, piece.To, at, piece.End, piece.Halved + 1));
            }
        }

        return _found.IsEmpty ? _found : _found.Grow((_found.Width + _found.Height) * Slack);
    }

    /// <returns>NaN where there is no place, which adds nothing.</returns>
    public (double X, double Y) Take((double X, double Y) place)
    {
        if (double.IsFinite(place.X + place.Y))
        {
            Add(Point(place));
            return place;
        }

        return (double.NaN, double.NaN);
    }

    private static Extent Point((double X, double Y) place) => new(place.X, place.Y, place.X, place.Y);

    private sealed record Line((double X, double Y) Start, (double X, double Y) End, Func<double, double, (double X, double Y)> Place)
    {
        /// <param name="part">Of the way, from 0 to 1; its ends are met exactly.</param>
        public (double X, double Y) At(double part) => part == 1
            ? Place(End.X, End.Y)
            : Place(Start.X + ((End.X - Start.X) * part), Start.Y + ((End.Y - Start.Y) * part));
    }

    private readonly record struct Piece(Line Line, double From, double To, (double X, double Y) Start, (double X, double Y) End, int Halved);
}
