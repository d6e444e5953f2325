using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Binding;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Chains;

/// <summary>One reading of one request: steps are written as requests of their own, from the inside out.</summary>
internal sealed class ChainReading(ProcessCatalogues catalogues, RequestLimits limits, string baseAddress, Func<JobId> newId)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = RequestLimits.MaxDepth + 2 };

    /// <summary>What belongs to the whole and not to its outermost step.</summary>
    private static readonly HashSet<string> OfWhole = ["inputs", "process", "subscriber", JobRequest.KeepInputs];

    private readonly List<Draft> _drafts = [];
    private readonly List<Mistake> _mistakes = [];
    private bool _isTooMany;

    public Chain Read(IProcessProvider provider, ProcessDescription process, JsonElement json)
    {
        var outermost = new Draft(newId(), "", provider, process);
        outermost.Inputs = Inputs(outermost, json, "", depth: 0);
        _drafts.Add(outermost);
        Publications(outermost, json);
        return new Chain([.. _drafts.Select((draft, number) => Step(draft, number, ReferenceEquals(draft, outermost) ? json : default))], _mistakes);
    }

    public static bool MayHold(JsonElement json, ReadOnlySpan<byte> text) => JsonMarshal.GetRawUtf8Value(json).IndexOf(text) >= 0;

    /// <returns>The inputs as JSON.</returns>
    private string Inputs(Draft draft, JsonElement json, string prefix, int depth)
    {
        if (!json.TryGetProperty("inputs", out var inputs) || inputs.ValueKind != JsonValueKind.Object)
        {
            return inputs.ValueKind == JsonValueKind.Undefined ? "{}" : inputs.GetRawText();
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            foreach (var input in inputs.EnumerateObject())
            {
                writer.WritePropertyName(input.Name);
                Value(new Position(draft, input.Name, prefix + input.Name, IsInput: true, depth), input.Value, writer);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void Value(Position at, JsonElement json, Utf8JsonWriter writer)
    {
        if (!MayHold(json, "\"process\""u8) || Attachment.TryGetNumber(json, out _))
        {
            json.WriteTo(writer);
            return;
        }

        switch (json.ValueKind)
        {
            case JsonValueKind.Array:
                writer.WriteStartArray();
                var i = 0;
                foreach (var item in json.EnumerateArray())
                {
                    Value(at with { Place = string.Create(CultureInfo.InvariantCulture, $"{at.Place}[{i++}]") }, item, writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Object when IsExecution(json, at.IsInput):
                Execution(at, json, writer);
                break;
            case JsonValueKind.Object when at.IsInput && json.TryGetProperty("value", out var value) && IsExecution(value, isInput: false):
                Execution(at, value, writer);
                break;
            case JsonValueKind.Object when !ValueBinding.IsGeoJson(json):
                writer.WriteStartObject();
                foreach (var member in json.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Value(at.Inside(member.Name), member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }

    /// <summary>In place of a value nothing else has a process; inside of one anything may, so there it must be an execution and nothing else.</summary>
    private static bool IsExecution(JsonElement json, bool isInput) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("process", out var process) && process.ValueKind == JsonValueKind.String
        && (isInput || json.EnumerateObject().All(member => member.Name is "process" or "inputs" or "outputs"));

    private void Execution(Position at, JsonElement json, Utf8JsonWriter writer)
    {
        if (!TryBegin(at, json, out var found))
        {
            Reference(writer, newId(), "result", null);
            return;
        }

        var draft = new Draft(newId(), at.Place, found.Provider, found.Process);
        var (output, handOver) = Output(at, draft, json);
        draft.Inputs = Inputs(draft, json, $"{at.Place}.inputs.", at.Depth + 1);
        var step = Known(draft, output, handOver) ?? draft;
        if (ReferenceEquals(step, draft))
        {
            _drafts.Add(draft);
        }

        step.Outputs[output] = handOver;
        at.Draft.Needs.Add(step);
        Reference(writer, step.Id, output, handOver.Quick ? null : handOver.MediaType);
    }

    /// <summary>A step for each output of the whole that is to become a layer.</summary>
    private void Publications(Draft outermost, JsonElement json)
    {
        if (!json.TryGetProperty("outputs", out var outputs) || outputs.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var output in outputs.EnumerateObject())
        {
            var place = $"outputs.{output.Name}.{PublishWish.Member}";
            var (wish, refusal) = PublishWish.Read(output.Value);
            if (refusal is null && wish is not null && !ids.Add(wish.Id ?? output.Name))
            {
                refusal = $"two outputs can't be the same layer, {wish.Id}";
            }

            if (refusal is not null)
            {
                Wrong(place, refusal, MistakeKind.Wrong);
            }

            // Of an output that there is not, the request's own check tells.
            if (wish is null || refusal is not null || outermost.Process.FindOutput(output.Name) is null)
            {
                continue;
            }

            if (catalogues.Find(PublishWish.Process) is not { } publish)
            {
                Wrong(place, "this server publishes nothing", MistakeKind.Wrong);
                continue;
            }

            var draft = new Draft(newId(), place, publish.Provider, publish.Process)
            {
                Inputs = wish.Inputs(OwnResults.AddressOf(baseAddress, outermost.Id, output.Name), $"{outermost.Process.Title} {output.Name}"),
                Publishes = output.Name,
            };
            draft.Needs.Add(outermost);
            _drafts.Add(draft);
        }
    }

    /// <summary>An execution that stands twice in a request runs once, also for two of its outputs.</summary>
    private Draft? Known(Draft draft, string output, HandOver handOver) => _drafts.Find(known =>
        known.Process.Id == draft.Process.Id && known.Inputs == draft.Inputs && (!known.Outputs.TryGetValue(output, out var other) || other == handOver));

    private bool TryBegin(Position at, JsonElement json, out (IProcessProvider Provider, ProcessDescription Process) found)
    {
        found = default;
        if (at.Depth == limits.MaxChainDepth)
        {
            return Wrong(at.Place, $"executions may be nested {limits.MaxChainDepth} deep");
        }

        if (_isTooMany)
        {
            return false;
        }

        if (_drafts.Count + 1 == limits.MaxChainSteps)
        {
            // Told once.
            _isTooMany = true;
            return Wrong("", $"a request may have {limits.MaxChainSteps} executions");
        }

        foreach (var member in json.EnumerateObject().Where(member => member.Name is not ("process" or "inputs" or "outputs" or "response")))
        {
            Wrong($"{at.Place}.{member.Name}", member.Name switch
            {
                "subscriber" => "only the whole request has a subscriber",
                "filter" or "properties" or "sortBy" => "can't be applied to the result of a process: use a process that does it",
                _ => "an execution has the members process, inputs and outputs",
            });
        }

        var (process, refusal, kind) = ProcessAddress.Find(catalogues, json.GetProperty("process").GetString()!, at.Draft.Process.Id, baseAddress);
        if (process is null)
        {
            return Wrong($"{at.Place}.process", refusal!, kind);
        }

        found = process.Value;
        return true;
    }

    /// <summary>The one that is selected, else the first.</summary>
    private (string Id, HandOver HandOver) Output(Position at, Draft draft, JsonElement json)
    {
        var mistakes = new List<Mistake>();
        var selected = OutputBinding.Read(draft.Process, json, mistakes);
        foreach (var mistake in mistakes)
        {
            Wrong($"{at.Place}.{mistake.Place}", mistake.Message);
        }

        if (json.TryGetProperty("outputs", out var outputs) && outputs.ValueKind == JsonValueKind.Object)
        {
            foreach (var published in outputs.EnumerateObject().Where(output => PublishWish.Read(output.Value) is not (null, null)))
            {
                Wrong($"{at.Place}.outputs.{published.Name}.{PublishWish.Member}", "only outputs of the whole request can be published");
            }
        }

        if (selected is { Count: > 1 })
        {
            Wrong($"{at.Place}.outputs", "exactly one output must be selected");
        }

        if (draft.Process.Outputs.Count == 0 || mistakes.Count > 0 || selected is { Count: > 1 })
        {
            return ("result", new HandOver(null));
        }

        var output = draft.Process.FindOutput(selected?[0].Id ?? draft.Process.Outputs[0].Id)!;
        var receiver = at.Input is { } id && at.Draft.Process.FindInput(id) is { } description ? CompiledInput.Of(description) : null;
        var handOver = HandOver.Choose(output, selected?[0].MediaType, receiver);
        if (handOver.Refusal is { } refusal)
        {
            Wrong(at.Place, $"{output.Id} of {draft.Process.Id} {refusal}", MistakeKind.Chaining);
        }

        return (output.Id, handOver);
    }

    private ChainStep Step(Draft draft, int number, JsonElement whole)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("inputs");
            writer.WriteRawValue(draft.Inputs, skipInputValidation: true);
            if (whole.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in whole.EnumerateObject().Where(member => !OfWhole.Contains(member.Name)))
                {
                    member.WriteTo(writer);
                }
            }
            else
            {
                Outputs(draft, writer);
            }

            writer.WriteEndObject();
        }

        var json = JsonElement.Parse(buffer.WrittenSpan, RequestLimits.Reading);
        var steps = _drafts.ConvertAll(other => other.Id);
        return new ChainStep(
            number,
            draft.Place,
            draft.Id,
            draft.Provider,
            draft.Process,
            json,
            [.. draft.Needs.Select(need => _drafts.IndexOf(need)).Distinct().Order()],
            [.. OwnResults.In(json, baseAddress).Distinct().Where(job => !steps.Contains(job))])
        {
            Publishes = draft.Publishes,
        };
    }

    private static void Outputs(Draft draft, Utf8JsonWriter writer)
    {
        writer.WriteStartObject("outputs");
        foreach (var (output, handOver) in draft.Outputs)
        {
            writer.WriteStartObject(output);
            if (handOver.MediaType is { } mediaType)
            {
                writer.WriteString("mediaType", mediaType);
            }

            if (handOver.Quick)
            {
                writer.WriteBoolean(OutputBinding.Quick, true);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void Reference(Utf8JsonWriter writer, JobId job, string output, string? mediaType)
    {
        writer.WriteStartObject();
        writer.WriteString("href", OwnResults.AddressOf(baseAddress, job, output));
        if (mediaType is not null)
        {
            writer.WriteString("type", mediaType);
        }

        writer.WriteEndObject();
    }

    private bool Wrong(string place, string message, MistakeKind kind = MistakeKind.Step)
    {
        _mistakes.Add(new Mistake(place, message, kind));
        return false;
    }

    /// <param name="Draft">Whose input it is.</param>
    /// <param name="Input">Its id; <see langword="null"/> deeper inside of a value.</param>
    /// <param name="IsInput">It stands in place of a value.</param>
    private sealed record Position(Draft Draft, string? Input, string Place, bool IsInput, int Depth)
    {
        public Position Inside(string member) => this with { Input = null, Place = $"{Place}.{member}", IsInput = false };
    }

    private sealed class Draft(JobId id, string place, IProcessProvider provider, ProcessDescription process)
    {
        public JobId Id { get; } = id;

        public string Place { get; } = place;

        public IProcessProvider Provider { get; } = provider;

        public ProcessDescription Process { get; } = process;

        public string Inputs { get; set; } = "{}";

        public string? Publishes { get; init; }

        public Dictionary<string, HandOver> Outputs { get; } = new(StringComparer.Ordinal);

        public List<Draft> Needs { get; } = [];
    }
}
