using GeoWps.Application.Ports;

namespace GeoWps.Application.Jobs;

/// <summary>Lines that a running job says: shown at once, stored by the bundle.</summary>
internal sealed class JobLog(IJobStore jobs, IJobEvents events, JobHold hold, TimeProvider clock)
{
    /// <summary>An algorithm that talks without end must not fill the store.</summary>
    private const int MostLines = 10_000;

    private readonly Lock _gate = new();
    private List<LogEntry> _waiting = [];
    private int _lines;

    /// <summary>The last line worth showing as the job's message.</summary>
    public string? LastText { get; private set; }

    public void Add(string level, string text)
    {
        var entry = new LogEntry(clock.GetUtcNow(), hold.Attempt, level, text);
        lock (_gate)
        {
            if (_lines++ >= MostLines)
            {
                return;
            }

            _waiting.Add(entry);
            LastText = level is "info" or "progress" or "warning" or "error" ? text : LastText;
        }

        events.Publish(new JobEvent.Logged(hold.Id, entry));
    }

    /// <summary>What can't be stored is kept for the next time.</summary>
    public async Task FlushAsync()
    {
        List<LogEntry> waiting;
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                return;
            }

            (waiting, _waiting) = (_waiting, []);
        }

        try
        {
            await jobs.AppendLogAsync(hold.Id, waiting, CancellationToken.None);
        }
        catch
        {
            lock (_gate)
            {
                _waiting.InsertRange(0, waiting);
            }

            throw;
        }
    }
}
