using System.Globalization;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>
/// Reads lists of tiles as osm2pgsql and imposm write them: a line each, <c>z/x/y</c>, and also <c>z/x/y-x2/y2</c> for a rectangle of them. Rows count from the
/// north. Empty lines and those that begin with <c>#</c> are passed over.
/// </summary>
public static class TileList
{
    /// <summary>WebMercatorQuad has matrices 0 to 24.</summary>
    private const int MaxZoom = 24;

    /// <param name="most">Lines; one more is a mistake.</param>
    /// <param name="place">How the list is called in a mistake.</param>
    /// <returns>The tiles, those that are repeated or go on a row left out or joined; or what is wrong, with the line.</returns>
    public static async Task<(IReadOnlyList<TileMatrixLimits> Tiles, Mistake? Mistake)> ReadAsync(TextReader lines, int most, string place, CancellationToken cancellationToken)
    {
        var tiles = new List<TileMatrixLimits>();
        for (var number = 1; await lines.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            var text = line.AsSpan().Trim();
            if (text.IsEmpty || text[0] == '#')
            {
                continue;
            }

            if (number > most)
            {
                return ([], Wrong(number, string.Create(CultureInfo.InvariantCulture, $"there may be at most {most} lines")));
            }

            if (Read(text) is not { } read)
            {
                return ([], Wrong(number, "must be z/x/y or z/x/y-x2/y2, of tiles that exist"));
            }

            if (tiles.Count > 0 && Joined(tiles[^1], read) is { } joined)
            {
                tiles[^1] = joined;
            }
            else
            {
                tiles.Add(read);
            }
        }

        return (tiles, null);

        Mistake Wrong(int number, string what) => new(string.Create(CultureInfo.InvariantCulture, $"{place}[{number}]"), what);
    }

    private static TileMatrixLimits? Read(ReadOnlySpan<char> line)
    {
        Span<Range> ends = stackalloc Range[3];
        var count = line.Split(ends, '-');
        Span<Range> parts = stackalloc Range[4];
        var first = line[ends[0]];
        if (count is 0 or > 2 || first.Split(parts, '/') != 3
            || !TryNumber(first[parts[0]], MaxZoom, out var zoom) || !TryNumber(first[parts[1]], Last(zoom), out var column) || !TryNumber(first[parts[2]], Last(zoom), out var row))
        {
            return null;
        }

        var (lastColumn, lastRow) = (column, row);
        if (count == 2)
        {
            var second = line[ends[1]];
            if (second.Split(parts, '/') != 2 || !TryNumber(second[parts[0]], Last(zoom), out lastColumn) || !TryNumber(second[parts[1]], Last(zoom), out lastRow))
            {
                return null;
            }
        }

        return lastColumn < column || lastRow < row ? null : new TileMatrixLimits(zoom, new TileRange(column, row, lastColumn, lastRow));
    }

    private static int Last(int zoom) => (1 << zoom) - 1;

    private static bool TryNumber(ReadOnlySpan<char> text, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;

    private static TileMatrixLimits? Joined(TileMatrixLimits before, TileMatrixLimits next)
    {
        if (before.Level != next.Level)
        {
            return null;
        }

        var (one, two) = (before.Range, next.Range);
        return one.Meet(two) == two ? before
            : one.MinRow == two.MinRow && one.MaxRow == two.MaxRow && two.MinColumn == one.MaxColumn + 1 ? before with { Range = one with { MaxColumn = two.MaxColumn } }
            : one.MinColumn == two.MinColumn && one.MaxColumn == two.MaxColumn && two.MinRow == one.MaxRow + 1 ? before with { Range = one with { MaxRow = two.MaxRow } }
            : null;
    }
}
