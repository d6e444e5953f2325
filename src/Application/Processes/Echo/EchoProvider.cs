using System.Collections.Frozen;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Binding;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Echo;

/// <summary>The built-in processes <c>echo</c> and <c>EchoProcess</c>: always on, without QGIS. Nothing is changed on the way.</summary>
public sealed class EchoProvider : IProcessProvider
{
    /// <summary>A job that pauses holds no more than its record.</summary>
    private const int Most = 10_000;

    private readonly EchoValues _values;
    private readonly TimeProvider _clock;
    private readonly FrozenDictionary<string, IReadOnlyList<CompiledInput>> _inputs;

    public EchoProvider(InputReader reader, IBlobStore blobs, TimeProvider clock)
    {
        (_values, _clock) = (new EchoValues(reader, blobs), clock);
        ProcessDescription[] processes = [EchoDescriptions.OfEcho(), EchoDescriptions.OfEchoProcess()];
        Catalogue = new ProcessCatalogue("1", processes.ToFrozenDictionary(process => process.Id), FrozenDictionary<string, string>.Empty);
        _inputs = processes.ToFrozenDictionary(
            process => process.Id,
            IReadOnlyList<CompiledInput> (process) => [.. process.Inputs.Where(input => input.Id != EchoDescriptions.Pause).Select(CompiledInput.Of)]);
    }

    public string Lane => "builtin";

    public int Concurrency => Most;

    public ProcessCatalogue Catalogue { get; }

    public ValueTask<IReadOnlyList<Mistake>> CheckAsync(ProcessDescription process, ExecuteRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Mistake>>([]);

    public async Task<RunOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var mistakes = new List<Mistake>();
        var outputs = new List<OutputValue>();
        foreach (var input in _inputs[run.Process.Id])
        {
            var output = EchoDescriptions.OutputOf(input.Description.Id);
            if (await OutputAsync(run, input, output, mistakes, cancellationToken) is { } value
                && (run.Request.Outputs is not { } wanted || wanted.Any(each => each.Id == output)))
            {
                outputs.Add(value);
            }
        }

        if (mistakes.Count > 0)
        {
            return new RunOutcome.Refused(mistakes);
        }

        if (run.Request.Inputs.TryGetValue(EchoDescriptions.Pause, out var pause) && pause is [InputValue.Inline { Json: var seconds }])
        {
            await PauseAsync(TimeSpan.FromSeconds(seconds.GetDouble()), run.Progress, cancellationToken);
        }

        return new RunOutcome.Succeeded(outputs);
    }

    /// <returns><see langword="null"/> when there is nothing to give back.</returns>
    private async Task<OutputValue?> OutputAsync(JobRun run, CompiledInput input, string output, List<Mistake> mistakes, CancellationToken cancellationToken)
    {
        if (!run.Request.Inputs.TryGetValue(input.Description.Id, out var given))
        {
            return input.Description.Schema.TryGetPropertyValue("default", out var preset)
                ? new OutputValue.Literal(output, JsonElement.Parse(preset!.ToJsonString()))
                : null;
        }

        var values = new List<OutputValue>(given.Count);
        for (var i = 0; i < given.Count; i++)
        {
            if (await _values.MakeAsync(run.Job, input, i, given[i], mistakes, cancellationToken) is { } value)
            {
                values.Add(value);
            }
        }

        // Where the standard's example asks for several values, its output is an array, of one, too.
        var isArray = values.Count > 1 || (run.Process.Id == EchoDescriptions.EchoProcess && input.Description.MaxOccurs > 1);
        return isArray ? new OutputValue.Many(output, values) : values.FirstOrDefault();
    }

    private async Task PauseAsync(TimeSpan pause, Action<double> progress, CancellationToken cancellationToken)
    {
        var start = _clock.GetTimestamp();
        var step = TimeSpan.FromTicks(Math.Min(pause.Ticks / 10, TimeSpan.TicksPerSecond) + 1);
        for (var left = pause; left > TimeSpan.Zero; left = pause - _clock.GetElapsedTime(start))
        {
            progress(100 * (1 - (left / pause)));
            await Task.Delay(left < step ? left : step, _clock, cancellationToken);
        }
    }
}
