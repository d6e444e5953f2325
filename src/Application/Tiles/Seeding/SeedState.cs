using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>
/// Gives out the metatiles of a plan in order and knows which are done. What many do at once ends in any order: the place to go on from moves when all
/// before it are done, and what counts for it is counted then.
/// </summary>
internal sealed class SeedState : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SeedPlan _plan;
    private readonly SeedCursor _start;
    private readonly IEnumerator<(SeedPart Part, MetaTile Tiles)> _walk;
    private readonly Dictionary<long, SeedTally> _ahead = [];
    private long _given;
    private long _done;
    private SeedTally _settled;
    private SeedTally _all;

    public SeedState(SeedPlan plan, SeedCursor start)
    {
        (_plan, _start, _walk) = (plan, start, plan.From(start.Done).GetEnumerator());
        (_given, _done, _settled, _all) = (start.Done, start.Done, start.Tally, start.Tally);
    }

    /// <summary>Of all that is done, in whatever order.</summary>
    public SeedTally Tally
    {
        get
        {
            lock (_lock)
            {
                return _all;
            }
        }
    }

    /// <returns><see langword="false"/> when nothing is left.</returns>
    public bool TryNext(out long number, out SeedPart part, out MetaTile tiles)
    {
        lock (_lock)
        {
            if (!_walk.MoveNext())
            {
                (number, part, tiles) = (-1, null!, default);
                return false;
            }

            number = _given++;
            (part, tiles) = _walk.Current;
            return true;
        }
    }

    public void Done(long number, SeedTally tally)
    {
        lock (_lock)
        {
            _all += tally;
            _ahead[number] = tally;
            while (_ahead.Remove(_done, out var next))
            {
                _settled += next;
                _done++;
            }
        }
    }

    /// <param name="spent">Since this attempt began.</param>
    public SeedCursor Cursor(TimeSpan spent)
    {
        lock (_lock)
        {
            return _start with { Done = _done, Tally = _settled, Seconds = _start.Seconds + spent.TotalSeconds, Revision = _plan.Revision, MetaTiles = _plan.MetaTiles };
        }
    }

    public void Dispose() => _walk.Dispose();
}
