using GeoWps.Adapters.Execution;
using GeoWps.Adapters.Execution.Drawing;
using GeoWps.Adapters.Execution.InProcess;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application.Jobs;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Tiles;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Workers;

/// <summary>QGIS inside the process of the tests: once, and never again.</summary>
public sealed class RunningEmbedded() : RunningWorkers(
    (folders, limits) => new EmbeddedWorkers(folders, limits, TimeProvider.System, NullLogger<EmbeddedWorkers>.Instance),
    new JobLimits(TimeSpan.FromSeconds(8), MaxMemoryMb: 1024));

[CollectionDefinition(Name)]
public sealed class RunningEmbeddedTests : ICollectionFixture<RunningEmbedded>
{
    public const string Name = "QGIS inside this process";
}

[SuiteOf(typeof(EmbeddedWorkers))]
[Collection(RunningEmbeddedTests.Name)]
public sealed class EmbeddedWorkersTests(RunningEmbedded qgis) : WorkersContract(qgis)
{
    [QgisFact]
    public async Task A_run_that_does_not_obey_lets_its_caller_go_and_keeps_the_next_one_waiting()
    {
        using var cancel = new CancellationTokenSource();
        var go = Path.Combine(Qgis.NewJob(), "go");
        var run = Qgis.Begin($"import os, time\nfeedback.pushInfo('begun')\nwhile not os.path.exists('{go}'):\n    time.sleep(0.01)", cancel.Token);
        await run.Said;

        // By the order of things, not by a clock: the caller is gone while the run holds QGIS, and the next one waits for that.
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => run.Outcome.WaitAsync(TimeSpan.FromSeconds(30)));
        var next = Qgis.BufferAsync();
        await Task.Delay(TimeSpan.FromSeconds(0.5));
        next.IsCompleted.ShouldBeFalse();

        await File.WriteAllTextAsync(go, "");
        (await next).ShouldBeOfType<WorkerOutcome.Done>();
    }

    [QgisFact]
    public async Task Tiles_are_drawn_here_too()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Qgis.Folders.Layers, "dem")).FullName;
        File.Copy(Sample.Dem, Path.Combine(folder, "dem.tif"));
        var source = new QgisTileSource(new Drawings((IDrawers)Qgis.Workers, new PythonOptions(), Qgis.Limits), Qgis.Folders, NullLogger<QgisTileSource>.Instance);

        var made = await source.MakeAsync(
            RunningDrawers.Of("dem", new LayerSource.Drawn("dem.tif", DrawnKind.Raster), LayerKind.Map), Grids.Mercator, Grids.At(-84.2, 36.6, 11, 2), TileFormat.Png, CancellationToken.None);

        made.Count.ShouldBe(4);
        Picture.Read(made.Single(tile => Grids.At(-84.2, 36.6, 11, 1).Range.Contains(tile.Tile)).Content).Drawn.ShouldBeInRange(0.9, 1);
    }
}
