using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>The processes <c>geowps:seed</c>, <c>geowps:reseed</c>, <c>geowps:truncate</c> and <c>geowps:export</c>.</summary>
public sealed class SeedProvider(
    SeedInputs inputs, PlanSeed plans, SeedTiles seed, TruncateTiles truncate, ExportTiles export, IOptions<SeedingOptions> options, TimeProvider clock) : IProcessProvider
{
    public const string LaneName = "tiles";

    /// <summary>One holds little more than its record: what is scarce are the threads, and those all share. So no truncate waits for a seeding of days.</summary>
    private const int Most = 1000;

    public string Lane => LaneName;

    public int Concurrency => Most;

    public IReadOnlyList<string> Services => [NodeServices.Tiles];

    public ProcessCatalogue Catalogue { get; } = new(
        options.Value.Anyone ? "1-anyone" : "1",
        SeedDescriptions.Make(options.Value.Anyone).ToFrozenDictionary(process => process.Id),
        FrozenDictionary<string, string>.Empty);

    public async ValueTask<IReadOnlyList<Mistake>> CheckAsync(ProcessDescription process, ExecuteRequest request, CancellationToken cancellationToken)
    {
        var mistakes = new List<Mistake>();
        if (process.Id == SeedNames.Export)
        {
            var archive = TileArchiveWish.Read(await inputs.ReadAsync(SeedOperation.Seed, request, job: null, mistakes, cancellationToken), request, mistakes);
            await export.PlanAsync(mistakes.Count > 0 ? archive with { Tiles = archive.Tiles with { Area = new SeedArea.Unread() } } : archive, mistakes, cancellationToken);
            return mistakes;
        }

        var wish = await inputs.ReadAsync(OperationOf(process), request, job: null, mistakes, cancellationToken);
        if (wish.Operation != SeedOperation.Truncate && wish.Layer.Length > 0)
        {
            await plans.ExecuteAsync(mistakes.Count > 0 ? wish with { Area = new SeedArea.Unread() } : wish, mistakes, cancellationToken);
        }

        return mistakes;
    }

    public async Task<RunOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var mistakes = new List<Mistake>();
        if (run.Process.Id == SeedNames.Export)
        {
            var archive = TileArchiveWish.Read(await inputs.ReadAsync(SeedOperation.Seed, run.Request, run.Job, mistakes, cancellationToken), run.Request, mistakes);
            return mistakes.Count > 0 ? new RunOutcome.Refused(mistakes) : await export.ExecuteAsync(archive, run, cancellationToken);
        }

        var wish = await inputs.ReadAsync(OperationOf(run.Process), run.Request, run.Job, mistakes, cancellationToken);
        return mistakes.Count > 0 ? new RunOutcome.Refused(mistakes)
            : wish.Operation == SeedOperation.Truncate ? await TruncateAsync(run, wish, cancellationToken)
            : await SeedAsync(run, wish, cancellationToken);
    }

    private async Task<RunOutcome> TruncateAsync(JobRun run, SeedWish wish, CancellationToken cancellationToken)
    {
        var (mistakes, began) = (new List<Mistake>(), clock.GetTimestamp());
        await truncate.ExecuteAsync(wish, mistakes, run.Progress, cancellationToken);
        return mistakes.Count > 0 ? new RunOutcome.Refused(mistakes) : Succeeded(run, (SeedNames.Seconds, Seconds(clock.GetElapsedTime(began).TotalSeconds)));
    }

    private async Task<RunOutcome> SeedAsync(JobRun run, SeedWish wish, CancellationToken cancellationToken)
    {
        var mistakes = new List<Mistake>();
        if (await plans.ExecuteAsync(wish, mistakes, cancellationToken) is not { } plan)
        {
            return new RunOutcome.Refused(mistakes);
        }

        var (tally, seconds, failure) = await seed.ExecuteAsync(plan, wish, run, cancellationToken);
        return failure is not null
            ? new RunOutcome.Failed(new JobFailure(FailureKind.Algorithm, failure))
            : Succeeded(
                run,
                (SeedNames.Tiles, Text(tally.Made)),
                (SeedNames.Kept, Text(tally.Kept)),
                (SeedNames.Empty, Text(tally.Empty)),
                (SeedNames.Failed, Text(tally.Failed)),
                (SeedNames.Bytes, Text(tally.Bytes)),
                (SeedNames.Seconds, Seconds(seconds)));
    }

    private static RunOutcome.Succeeded Succeeded(JobRun run, params ReadOnlySpan<(string Id, string Json)> outputs)
    {
        var values = new List<OutputValue>();
        foreach (var (id, json) in outputs)
        {
            if (run.Request.Outputs is not { } wanted || wanted.Any(each => each.Id == id))
            {
                values.Add(new OutputValue.Literal(id, JsonElement.Parse(json)));
            }
        }

        return new RunOutcome.Succeeded(values);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(double seconds) => Math.Round(seconds, 3).ToString(CultureInfo.InvariantCulture);

    private static SeedOperation OperationOf(ProcessDescription process) => SeedNames.Find(process.Id)!.Value;
}
