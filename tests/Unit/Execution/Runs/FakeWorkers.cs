using System.Text.Json;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Execution.Runs;

/// <summary>Workers that answer what they were told to, and note what they were asked.</summary>
internal sealed class FakeWorkers(string workFolder = "/nowhere") : IWorkers
{
    public List<(CheckItem Item, bool Trusted)> Asked { get; } = [];

    public List<WorkerRun> Runs { get; } = [];

    public Func<IReadOnlyList<CheckItem>, IReadOnlyList<Mistake>> OnCheck { get; set; } = _ => [];

    public Func<WorkerRun, CancellationToken, Task<WorkerOutcome>> OnRun { get; set; } =
        (_, _) => Task.FromResult<WorkerOutcome>(new WorkerOutcome.Done(JsonElement.Parse("{}")));

    public int Count => 2;

    public string WorkFolder => workFolder;

    public Task Ready { get; set; } = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<JsonElement> CatalogueAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<TrialAnswer> TryAsync(string kind, string file, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Mistake>> CheckAsync(IReadOnlyList<CheckItem> items, bool trusted, CancellationToken cancellationToken)
    {
        Asked.AddRange(items.Select(item => (item, trusted)));
        return Task.FromResult(OnCheck(items));
    }

    public Task<WorkerOutcome> RunAsync(WorkerRun run, CancellationToken cancellationToken)
    {
        Runs.Add(run);
        return OnRun(run, cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
