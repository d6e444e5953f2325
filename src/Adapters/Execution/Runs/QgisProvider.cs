using System.Text.Json.Nodes;
using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution.Runs;

/// <summary>QGIS's algorithms: a job's data goes into a folder of its own, a worker runs the algorithm on it, and what it made becomes the results.</summary>
internal sealed class QgisProvider(
    IQgisCatalogue catalogue, IWorkers workers, RequestChecks checks, RunStaging staging, ResultDelivery delivery, IOptions<SecurityOptions> security) : IProcessProvider
{
    private readonly bool _trusted = security.Value.TrustCallers;

    public string Lane => "qgis";

    public int Concurrency => workers.Count;

    public ProcessCatalogue Catalogue => catalogue.Current;

    public async ValueTask<IReadOnlyList<Mistake>> CheckAsync(ProcessDescription process, ExecuteRequest request, CancellationToken cancellationToken) =>
        catalogue.Find(process.Id) is { } found ? await checks.CheckAsync(found, request, cancellationToken) : [];

    public async Task<RunOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        if (catalogue.Find(run.Process.Id) is not { } process)
        {
            return new RunOutcome.Failed(JobFailure.NotOffered(run.Process.Id));
        }

        var folder = Path.Combine(workers.WorkFolder, $"{run.Job.Id}-{run.Job.Attempt}");
        PrivateFolder.Make(folder);
        try
        {
            return await RunAsync(run, process, folder, cancellationToken);
        }
        finally
        {
            PrivateFolder.Remove(folder);
        }
    }

    private async Task<RunOutcome> RunAsync(JobRun run, QgisProcess process, string folder, CancellationToken cancellationToken)
    {
        var staged = await staging.StageAsync(run, process, folder, cancellationToken);
        if (staged.Mistakes.Count > 0)
        {
            return new RunOutcome.Refused(staged.Mistakes);
        }

        var wanted = WantedOutputs.Of(run);
        var outputs = new JsonObject(wanted.Select(output => KeyValuePair.Create(output.Id, (JsonNode?)new JsonObject { ["mediaType"] = output.MediaType })));
        var work = new WorkerRun(process.Algorithm.Id, folder, _trusted, staged.Parameters, outputs, staged.Context, run.Progress, run.Log);
        return await workers.RunAsync(work, cancellationToken) switch
        {
            WorkerOutcome.Done done => new RunOutcome.Succeeded(await delivery.DeliverAsync(run.Job, wanted, done.Results, folder, cancellationToken)),
            WorkerOutcome.Refused refused => new RunOutcome.Refused(refused.Mistakes),
            WorkerOutcome.Failed failed => new RunOutcome.Failed(failed.Failure),
            WorkerOutcome.Lost lost => new RunOutcome.Lost(lost.Failure),
            var other => throw new NotSupportedException($"A run can't end as {other.GetType()}."),
        };
    }
}
