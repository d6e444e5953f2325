using System.Collections.Frozen;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Processes;

/// <summary>One process that does what a test says.</summary>
internal sealed class FakeProvider(ProcessDescription process, string lane = "test", int concurrency = 2) : IProcessProvider
{
    public string Lane => lane;

    public int Concurrency => concurrency;

    public ProcessCatalogue Catalogue { get; set; } = Make("1", process);

    public Func<ExecuteRequest, IReadOnlyList<Mistake>> OnCheck { get; set; } = _ => [];

    public Func<JobRun, CancellationToken, Task<RunOutcome>> OnRun { get; set; } = (_, _) => Task.FromResult<RunOutcome>(new RunOutcome.Succeeded([]));

    public static ProcessCatalogue Make(string version, params ProcessDescription[] processes) =>
        new(version, processes.ToFrozenDictionary(one => one.Id), new Dictionary<string, string> { ["alias"] = processes[0].Id }.ToFrozenDictionary());

    public ValueTask<IReadOnlyList<Mistake>> CheckAsync(ProcessDescription process, ExecuteRequest request, CancellationToken cancellationToken) => new(OnCheck(request));

    public Task<RunOutcome> RunAsync(JobRun run, CancellationToken cancellationToken) => OnRun(run, cancellationToken);
}
