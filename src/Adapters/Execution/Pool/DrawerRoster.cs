using GeoWps.Adapters.Execution.Workers;

namespace GeoWps.Adapters.Execution.Pool;

/// <summary>The workers that only draw. There are none until something is drawn, and no more than were needed at once.</summary>
internal sealed class DrawerRoster(int most)
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _free = new(0);
    private readonly HashSet<Worker> _mine = [];
    private readonly List<(Worker Worker, string? Drew)> _idle = [];
    private int _wanted;

    /// <summary>How many there should be.</summary>
    public int Wanted => Volatile.Read(ref _wanted);

    /// <summary>One more is wanted, where all are busy and there may be more.</summary>
    public bool Grow()
    {
        lock (_gate)
        {
            var grows = _idle.Count == 0 && _wanted < most;
            _wanted += grows ? 1 : 0;
            return grows;
        }
    }

    /// <returns>Whether it is one of these now.</returns>
    public bool TryAdd(Worker worker)
    {
        lock (_gate)
        {
            if (_mine.Count >= _wanted)
            {
                return false;
            }

            _mine.Add(worker);
            _idle.Add((worker, null));
        }

        _free.Release();
        return true;
    }

    /// <summary>It has ended.</summary>
    public void Remove(Worker worker)
    {
        lock (_gate)
        {
            _mine.Remove(worker);
        }
    }

    public async Task<Worker> TakeAsync(string of, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _free.WaitAsync(cancellationToken);
            var worker = Next(of);
            if (!worker.Ended.IsCompleted)
            {
                return worker;
            }
        }
    }

    public void GiveBack(Worker worker, string of)
    {
        lock (_gate)
        {
            _idle.Add((worker, of));
        }

        _free.Release();
    }

    private Worker Next(string of)
    {
        lock (_gate)
        {
            var at = Math.Max(0, _idle.FindIndex(idle => idle.Drew == of));
            var worker = _idle[at].Worker;
            _idle.RemoveAt(at);
            return worker;
        }
    }
}
