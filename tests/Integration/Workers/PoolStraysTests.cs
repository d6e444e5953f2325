using System.Globalization;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Workers;

/// <summary>Tools that leave the group of the worker that started them, and so are not ended with it.</summary>
[Collection(RunningPoolTests.Name)]
public sealed class PoolStraysTests(RunningPool qgis)
{
    /// <summary>Starts a tool in a session of its own, whose parent has ended, and says its process id.</summary>
    private static string Stray(string tool) =>
        $"import os, subprocess, time\ntold = subprocess.run(['/bin/sh', '-c', '{tool} >/dev/null 2>&1 & echo $!'], start_new_session=True, stdout=subprocess.PIPE)\n"
        + "feedback.pushInfo(told.stdout.decode().strip())\n";

    private const string Obedient = "while not feedback.isCanceled():\n    time.sleep(0.01)\n";

    [QgisFact]
    public async Task A_killed_run_takes_along_what_left_its_group_and_nothing_of_another_run()
    {
        using var stop = new CancellationTokenSource();
        using var cancel = new CancellationTokenSource();
        var other = qgis.Begin(Stray("sleep 60") + Obedient, stop.Token);
        var spared = await ProcessOfAsync(other.Said);
        var run = qgis.Begin(Stray("sleep 60") + "while True:\n    time.sleep(0.01)", cancel.Token);
        var stray = await ProcessOfAsync(run.Said);
        RunningWorkers.IsAlive(stray).ShouldBeTrue();

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => run.Outcome);

        var livesOn = await RunningWorkers.LivesOnAsync(stray);
        var isSpared = RunningWorkers.IsAlive(spared);
        PoolProcesses.Send(spared, 9);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => other.Outcome);
        livesOn.ShouldBeFalse();
        isSpared.ShouldBeTrue();
    }

    [QgisFact]
    public async Task A_stray_that_ends_leaves_no_zombie()
    {
        using var stop = new CancellationTokenSource();
        var run = qgis.Begin(Stray("sleep 0.3") + Obedient, stop.Token);
        var stray = await ProcessOfAsync(run.Said);
        ParentOf(stray).ShouldBe(ParentOf(int.Parse(RunningWorkers.AnswerOf(await qgis.PythonAsync("import os\nanswer = str(os.getpid())")), CultureInfo.InvariantCulture)));

        (await RunningWorkers.LivesOnAsync(stray)).ShouldBeFalse();
        for (var i = 0; i < 1500 && Directory.Exists($"/proc/{stray}"); i++)
        {
            await Task.Delay(20);
        }

        Directory.Exists($"/proc/{stray}").ShouldBeFalse();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => run.Outcome);
        (await qgis.BufferAsync()).ShouldBeOfType<WorkerOutcome.Done>();
    }

    private static async Task<int> ProcessOfAsync(Task<string> said) => int.Parse(await said, CultureInfo.InvariantCulture);

    private static string ParentOf(int process) => File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("PPid:", StringComparison.Ordinal));
}
