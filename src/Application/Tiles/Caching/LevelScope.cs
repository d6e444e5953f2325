using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles.Caching;

/// <summary>
/// The life of a level of a tileset between two times that it is emptied. What is stored belongs to one; emptying ends it and begins the next, so nobody
/// has to walk the tiles.
/// </summary>
/// <param name="since">The number of the emptying that began it; what was made before is older than it.</param>
internal sealed class LevelScope(long since)
{
    /// <summary>Emptied areas that are known one by one; older ones stand for the whole level.</summary>
    private const int AreasKept = 64;

    private readonly Lock _changing = new();
    private volatile Areas _areas = new(since, []);
    private volatile bool _isOver;

    public bool IsOver => _isOver;

    /// <summary>Changes with each emptying of an area: who finds the same one again knows that there was none between.</summary>
    public object Mark => _areas;

    public void End() => _isOver = true;

    public void Empty(long number, IReadOnlyList<TileRange> ranges)
    {
        lock (_changing)
        {
            var (floor, emptied) = _areas;
            _areas = emptied.Length < AreasKept
                ? new Areas(floor, [.. emptied, new Emptied(number, ranges)])
                : new Areas(emptied[0].Number, [.. emptied[1..], new Emptied(number, ranges)]);
        }
    }

    /// <summary>Whether a tile that somebody began to make after an emptying is still of use.</summary>
    public bool Takes(TileIndex tile, long began)
    {
        var (floor, emptied) = _areas;
        if (_isOver || began < floor)
        {
            return false;
        }

        for (var i = emptied.Length - 1; i >= 0 && emptied[i].Number > began; i--)
        {
            foreach (var range in emptied[i].Ranges)
            {
                if (range.Contains(tile))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private sealed record Areas(long Floor, Emptied[] Emptied);

    private sealed record Emptied(long Number, IReadOnlyList<TileRange> Ranges);
}
