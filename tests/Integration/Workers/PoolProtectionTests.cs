using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using GeoWps.Adapters.Execution;
using GeoWps.Adapters.Execution.Pool;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application.Jobs;
using GeoWps.Domain.Jobs;
using GeoWps.Tests.Integration.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace GeoWps.Tests.Integration.Workers;

/// <summary>Two processes in a sandbox where that works, little memory, and a server with a secret in its environment.</summary>
public sealed class RunningWalledPool : RunningWorkers
{
    public const string Secret = "kept-from-workers";

    public RunningWalledPool() : base(Create, new JobLimits(TimeSpan.FromSeconds(20), MaxMemoryMb: 256)) =>
        Environment.SetEnvironmentVariable("GEOWPS_TEST_SECRET", Secret);

    internal static IWorkers Create(ExecutionFolders folders, JobLimits limits) => new PoolWorkers(
        new PythonOptions { Workers = 2, Sandbox = PythonSandbox.Auto }, folders, limits, TimeProvider.System, NullLogger<PoolWorkers>.Instance);
}

/// <summary>What processes of their own are for: whatever a run does, it costs that run alone.</summary>
public sealed class PoolProtectionTests(RunningWalledPool qgis, ITestOutputHelper output) : IClassFixture<RunningWalledPool>
{
    private const string Begun = "import os, time\nfeedback.pushInfo(str(os.getpid()))\n";
    private static readonly string Environ = $"/proc/{Environment.ProcessId}/environ";
    private const string Obedient = Begun + "while not feedback.isCanceled():\n    time.sleep(0.01)\n";

    /// <summary>The command lines of all processes. One that begins or ends has none for a moment; one that keeps having none is told by its state.</summary>
    private const string Processes = """
        import os, time

        def command(process):
            for _ in range(200):
                try:
                    with open(f'/proc/{process}/cmdline') as file:
                        line = file.read()
                    with open(f'/proc/{process}/stat') as file:
                        stat = file.read()
                except (FileNotFoundError, ProcessLookupError):
                    return None
                if line:
                    return line
                if stat.rpartition(') ')[2].startswith('Z'):
                    return None
                time.sleep(0.01)
            return stat

        commands = [command(process) for process in os.listdir('/proc') if process.isdigit()]
        answer = '\n'.join(line for line in commands if line is not None)
        """;

    /// <summary>Until a file is there that the test makes; then it has survived.</summary>
    private static string Until(string file) => Begun + $"while not os.path.exists({Literal(file)}):\n    time.sleep(0.01)\nanswer = 'survived'";

    [QgisFact]
    public async Task A_killed_worker_costs_its_run_and_is_replaced()
    {
        using var stop = new CancellationTokenSource();
        var other = qgis.Begin(Obedient, stop.Token);
        await other.Said;

        var lost = await qgis.PythonAsync("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)");
        var since = Stopwatch.StartNew();
        var next = await qgis.BufferAsync();

        output.WriteLine($"replaced, and a buffer done, after {since.ElapsedMilliseconds} ms");
        lost.ShouldBeOfType<WorkerOutcome.Lost>().Failure.Kind.ShouldBe(FailureKind.Crash);
        next.ShouldBeOfType<WorkerOutcome.Done>();
        other.Outcome.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => other.Outcome);
    }

    [QgisFact]
    public async Task A_run_that_does_not_obey_is_killed()
    {
        using var cancel = new CancellationTokenSource();
        var run = qgis.Begin(Begun + "while True:\n    time.sleep(0.01)", cancel.Token);
        var process = ProcessOf(int.Parse(await run.Said, CultureInfo.InvariantCulture));
        RunningWorkers.IsAlive(process).ShouldBeTrue();

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => run.Outcome.WaitAsync(TimeSpan.FromSeconds(30)));

        (await RunningWorkers.LivesOnAsync(process)).ShouldBeFalse();
        (await qgis.BufferAsync()).ShouldBeOfType<WorkerOutcome.Done>();
    }

    [QgisTheory]
    [InlineData("kept = []\nwhile True:\n    kept.append(bytearray(8_000_000))")]
    [InlineData("import mmap, time\nkept = mmap.mmap(-1, 400_000_000)\nkept.write(b'x' * 400_000)\nwhile kept.tell() < 400_000_000:\n    kept.write(b'x' * 400_000)\ntime.sleep(15)")]
    [InlineData("import subprocess, sys\nsubprocess.run(['/usr/bin/python3', '-c', 'import mmap, time; m = mmap.mmap(-1, 400_000_000); [m.write(bytes(400_000)) for _ in range(1000)]; time.sleep(15)'])")]
    public async Task Memory_beyond_the_limit_costs_only_the_run_that_takes_it(string greedy)
    {
        var go = Path.Combine(qgis.NewJob(), "go");
        var other = qgis.Begin(Until(go));
        await other.Said;

        var failure = WorkersContract.Failure(await qgis.PythonAsync(greedy));
        await File.WriteAllTextAsync(go, "");

        failure.Kind.ShouldBe(FailureKind.Memory);
        failure.Message.ShouldContain("256 MiB");
        RunningWorkers.AnswerOf(await other.Outcome).ShouldBe("survived");
        (await qgis.BufferAsync()).ShouldBeOfType<WorkerOutcome.Done>();
    }

    [QgisFact]
    public async Task The_death_of_the_template_is_survived()
    {
        var lost = await qgis.PythonAsync("import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(10)");
        var next = await qgis.BufferAsync();
        for (var dying = qgis.Workers.Count; next is WorkerOutcome.Lost && dying > 0; dying--)
        {
            // Workers die with their template, and one may be taken before its end is seen: a job would be started again.
            next = await qgis.BufferAsync();
        }

        var catalogue = await qgis.Workers.CatalogueAsync(CancellationToken.None);

        lost.ShouldBeOfType<WorkerOutcome.Lost>().Failure.Kind.ShouldBe(FailureKind.Crash);
        next.ShouldBeOfType<WorkerOutcome.Done>();
        catalogue.GetProperty("algorithms").GetArrayLength().ShouldBeGreaterThan(200);
    }

    [QgisFact]
    public async Task Nothing_of_the_servers_environment_is_shown()
    {
        var shown = RunningWorkers.AnswerOf(await qgis.PythonAsync("import os\nanswer = '\\n'.join(f'{name}={value}' for name, value in os.environ.items())"));
        var expression = await qgis.PythonAsync("from qgis.core import QgsExpression\nanswer = str(QgsExpression(\"env('GEOWPS_TEST_SECRET')\").evaluate())");

        shown.ShouldContain("LC_ALL=C.UTF-8");
        shown.ShouldNotContain(RunningWalledPool.Secret);
        shown.ShouldNotContain("GEOWPS_");
        RunningWorkers.AnswerOf(expression).ShouldNotContain(RunningWalledPool.Secret);
    }

    [SandboxFact]
    public async Task A_worker_sees_no_process_but_those_of_its_pool_and_has_no_rights_over_its_walls()
    {
        var environ = RunningWorkers.AnswerOf(await qgis.PythonAsync(Read(Environ)));
        var seen = RunningWorkers.AnswerOf(await qgis.PythonAsync(Processes));
        var rights = RunningWorkers.AnswerOf(await qgis.PythonAsync("answer = next(line for line in open('/proc/self/status') if line.startswith('CapEff'))"));

        environ.ShouldEndWith("Error");
        seen.Split('\n').ShouldAllBe(command => command.Contains("geowps_worker", StringComparison.Ordinal));
        rights.Trim().ShouldBe("CapEff:\t0000000000000000");
    }

    [SandboxFact]
    public async Task A_worker_has_no_network()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        RunningWorkers.AnswerOf(await qgis.PythonAsync(Call(listener))).ShouldStartWith("OSError");
        listener.Pending().ShouldBeFalse();
    }

    [SandboxFact]
    public async Task A_worker_reads_and_writes_nothing_outside_its_work_folder()
    {
        using var elsewhere = new Elsewhere();

        RunningWorkers.AnswerOf(await qgis.PythonAsync(Read(elsewhere.File))).ShouldBe("FileNotFoundError");
        await qgis.PythonAsync($"open({Literal(elsewhere.File)}, 'w').write('changed')");
        RunningWorkers.AnswerOf(await qgis.PythonAsync(Write(Path.Combine(qgis.Folders.Scripts, "evil.py")))).ShouldBe("OSError");
        RunningWorkers.AnswerOf(await qgis.PythonAsync(Write("/usr/evil.py"))).ShouldBe("OSError");

        (await File.ReadAllTextAsync(elsewhere.File)).ShouldBe("content");
    }

    /// <summary>The same code, and it gets through: what keeps it out above is the sandbox.</summary>
    [QgisFact]
    public async Task Without_the_sandbox_network_and_files_are_open_and_after_the_end_no_process_is_left()
    {
        var open = new RunningPool();
        await open.InitializeAsync();
        using var elsewhere = new Elsewhere();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        RunningWorkers.AnswerOf(await open.PythonAsync(Call(listener))).ShouldBe("connected");
        RunningWorkers.AnswerOf(await open.PythonAsync(Read(elsewhere.File))).ShouldBe("content");
        RunningWorkers.AnswerOf(await open.PythonAsync(Read(Environ))).ShouldContain("PATH=");
        RunningWorkers.AnswerOf(await open.PythonAsync(Write(Path.Combine(open.Folders.Scripts, "evil.txt")))).ShouldBe("written");

        var busy = open.Begin("import os, subprocess, time\ntool = subprocess.Popen(['/bin/sleep', '60'])\nfar = subprocess.Popen(['/bin/sleep', '60'], start_new_session=True)\nfeedback.pushInfo(f'{os.getppid()} {os.getpid()} {tool.pid} {far.pid}')\ntime.sleep(60)");
        var processes = (await busy.Said).Split(' ').Select(int.Parse).ToArray();
        processes.ShouldAllBe(process => RunningWorkers.IsAlive(process));

        await open.Workers.DisposeAsync();

        foreach (var process in processes)
        {
            (await RunningWorkers.LivesOnAsync(process)).ShouldBeFalse();
        }

        (await busy.Outcome.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeOfType<WorkerOutcome.Lost>();
        Directory.GetFileSystemEntries(open.Folders.Work).Where(entry => !Path.GetFileName(entry).StartsWith("job-", StringComparison.Ordinal)).ShouldBeEmpty();
        await open.DisposeAsync();
    }

    /// <summary>As this process sees the one that sees itself so.</summary>
    private int ProcessOf(int ownId) => PoolProcesses.Below(Environment.ProcessId).Single(process =>
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains(qgis.Root, StringComparison.Ordinal)
                && File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("NSpid:", StringComparison.Ordinal)).EndsWith($"\t{ownId}", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // Another one, which has ended meanwhile.
            return false;
        }
    });

    private static string Call(TcpListener listener) => $$"""
        import socket
        try:
            socket.create_connection(('127.0.0.1', {{((IPEndPoint)listener.LocalEndpoint).Port}}), timeout=3).close()
            answer = 'connected'
        except OSError as error:
            answer = f'OSError {error}'
        """;

    private static string Read(string path) => $"""
        try:
            answer = open({Literal(path)}).read()
        except OSError as error:
            answer = type(error).__name__
        """;

    private static string Write(string path) => $"""
        try:
            open({Literal(path)}, 'w').close()
            answer = 'written'
        except OSError as error:
            answer = 'OSError'
        """;

    private static string Literal(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    /// <summary>A file beside those of the workers, not theirs.</summary>
    private sealed class Elsewhere : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("geowps-elsewhere-").FullName;

        public Elsewhere() => System.IO.File.WriteAllText(File, "content");

        public string File => Path.Combine(_folder, "file.txt");

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
