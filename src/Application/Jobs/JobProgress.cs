using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Application.Jobs;

/// <summary>How far a running job is; only ever forward, told in steps of at least one per cent.</summary>
internal sealed class JobProgress(JobId id, IJobEvents events)
{
    private double _percent;

    public double Percent => Volatile.Read(ref _percent);

    public void Report(double percent)
    {
        percent = Math.Clamp(percent, 0, 100);
        var before = Volatile.Read(ref _percent);
        if (percent - before < 1)
        {
            return;
        }

        Volatile.Write(ref _percent, percent);
        events.Publish(new JobEvent.Progressed(id, percent));
    }
}
