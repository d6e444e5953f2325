using GeoWps.Adapters.Execution;
using GeoWps.Adapters.Execution.Pool;
using GeoWps.Application.Jobs;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Workers;

/// <summary>Two processes without a sandbox.</summary>
public sealed class RunningPool() : RunningWorkers(
    (folders, limits) => new PoolWorkers(
        new PythonOptions { Workers = 2, Sandbox = PythonSandbox.Off }, folders, limits, TimeProvider.System, NullLogger<PoolWorkers>.Instance),
    new JobLimits(TimeSpan.FromSeconds(8), MaxMemoryMb: 1024));

[CollectionDefinition(Name)]
public sealed class RunningPoolTests : ICollectionFixture<RunningPool>
{
    public const string Name = "a pool of QGIS processes";
}

[SuiteOf(typeof(PoolWorkers))]
[Collection(RunningPoolTests.Name)]
public sealed class PoolWorkersTests(RunningPool qgis) : WorkersContract(qgis);
