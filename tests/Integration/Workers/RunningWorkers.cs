using System.Diagnostics;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Execution;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application.Jobs;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Workers;

/// <summary>
/// Workers with folders of their own, started once for all tests of a collection: QGIS takes seconds, and inside a process it starts only once. One
/// operator's script is there, <c>script:python</c>: it runs what a test writes, with <c>feedback</c>, and gives back <c>answer</c>.
/// </summary>
public abstract class RunningWorkers : IAsyncLifetime
{
    internal const string Script = """
        from qgis.core import QgsProcessingAlgorithm, QgsProcessingOutputString, QgsProcessingParameterString


        class Python(QgsProcessingAlgorithm):
            def name(self):
                return 'python'

            def displayName(self):
                return 'Python'

            def createInstance(self):
                return Python()

            def initAlgorithm(self, configuration=None):
                self.addParameter(QgsProcessingParameterString('CODE', 'Code', multiLine=True))
                self.addOutput(QgsProcessingOutputString('ANSWER', 'Answer'))

            def processAlgorithm(self, parameters, context, feedback):
                names = {'feedback': feedback}
                exec(parameters['CODE'], names)
                return {'ANSWER': names.get('answer', '')}
        """;

    private readonly Func<ExecutionFolders, JobLimits, IWorkers> _factory;
    private IWorkers? _workers;
    private int _runs;

    private protected RunningWorkers(Func<ExecutionFolders, JobLimits, IWorkers> factory, JobLimits limits)
    {
        (_factory, Limits) = (factory, limits);
        Root = Directory.CreateTempSubdirectory("geowps-workers-").FullName;
        Folders = new ExecutionFolders(Path.Combine(Root, "data"), Path.Combine(Root, "models"), Path.Combine(Root, "scripts"));
    }

    /// <summary>Everything of these workers lies below it.</summary>
    public string Root { get; }

    internal ExecutionFolders Folders { get; }

    internal JobLimits Limits { get; }

    internal IWorkers Workers => _workers!;

    public async Task InitializeAsync()
    {
        if (Qgis.IsMissing)
        {
            return;
        }

        Directory.CreateDirectory(Folders.Work);
        Folders.Make();
        await File.WriteAllTextAsync(Path.Combine(Folders.Scripts, "python.py"), Script);
        _workers = _factory(Folders, Limits);
        await _workers.StartAsync(CancellationToken.None);
        await _workers.Ready.WaitAsync(TimeSpan.FromSeconds(60));

        // The first run of a script makes QGIS read it.
        (await PythonAsync("answer = 'awake'")).ShouldBeOfType<WorkerOutcome.Done>();
    }

    public async Task DisposeAsync()
    {
        if (_workers is not null)
        {
            await _workers.DisposeAsync();
        }

        Directory.Delete(Root, recursive: true);
    }

    /// <summary>A new job's folder.</summary>
    internal string NewJob()
    {
        var folder = Path.Combine(Folders.Work, $"job-{Interlocked.Increment(ref _runs)}");
        Directory.CreateDirectory(folder);
        return folder;
    }

    internal Task<WorkerOutcome> RunAsync(
        string algorithm,
        JsonObject parameters,
        JsonObject outputs,
        string? folder = null,
        Action<double>? progress = null,
        Action<string, string>? log = null,
        CancellationToken cancellationToken = default)
    {
        var run = new WorkerRun(algorithm, folder ?? NewJob(), Trusted: false, parameters, outputs, new JsonObject { ["invalidFeatures"] = "error" }, progress ?? (_ => { }), log ?? ((_, _) => { }));
        return Workers.RunAsync(run, cancellationToken);
    }

    /// <summary>Ten kilometres or so around a point, as GeoJSON unless another type is asked for.</summary>
    internal Task<WorkerOutcome> BufferAsync(string? folder = null, string mediaType = "application/geo+json", CancellationToken cancellationToken = default) => RunAsync(
        "native:buffer",
        new JsonObject { ["INPUT"] = Inline(Sample.Point(5, 50)), ["DISTANCE"] = Value(0.1) },
        Output("OUTPUT", mediaType),
        folder,
        cancellationToken: cancellationToken);

    internal Task<WorkerOutcome> PythonAsync(string code, Action<string, string>? log = null, CancellationToken cancellationToken = default, Action<double>? progress = null) =>
        RunAsync("script:python", new JsonObject { ["CODE"] = Value(code) }, Output("ANSWER", null), progress: progress, log: log, cancellationToken: cancellationToken);

    /// <summary>Python that says so when it begins, and the task that completes then with what it said.</summary>
    internal (Task<string> Said, Task<WorkerOutcome> Outcome) Begin(string code, CancellationToken cancellationToken = default)
    {
        var said = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        return (said.Task.WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None), PythonAsync(code, (_, text) => said.TrySetResult(text), cancellationToken));
    }

    internal static JsonObject Value(JsonNode value) => new() { ["v"] = value };

    internal static JsonObject Inline(JsonNode collection) => new() { ["layer"] = new JsonObject { ["geojson"] = collection.ToJsonString(), ["name"] = "INPUT", ["want"] = "vector" } };

    internal static JsonObject Output(string name, string? mediaType) => new() { [name] = new JsonObject { ["mediaType"] = mediaType } };

    internal static string AnswerOf(WorkerOutcome outcome) =>
        outcome.ShouldBeOfType<WorkerOutcome.Done>().Results.GetProperty("ANSWER").GetProperty("value").GetString()!;

    /// <summary>Whether a process is there still, for longer than it may take to end.</summary>
    internal static async Task<bool> LivesOnAsync(int process)
    {
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(20))
        {
            if (!IsAlive(process))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A zombie is not.</summary>
    internal static bool IsAlive(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }
}
