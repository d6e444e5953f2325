using GeoWps.Adapters.Storage.Files;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Storage;

public sealed class CallStatisticsFileTests : CallStatisticsContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override ICallStatistics Open() => new CallStatisticsFile(() => _folder.Root);

    protected override void Close(ICallStatistics statistics) => ((CallStatisticsFile)statistics).Dispose();
}
