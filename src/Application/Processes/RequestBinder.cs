using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Binding;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Processes.Schemas;

namespace GeoWps.Application.Processes;

/// <summary>
/// Reads an execute request against its process's description: clause 7.11.2. Every protocol brings its request into the JSON form of OGC API first. What
/// an input takes follows from its schema alone.
/// </summary>
public sealed class RequestBinder(IReferenceFetcher references)
{
    /// <summary>Schemas are read once for as long as a description lives; a new catalogue brings new descriptions.</summary>
    private readonly ConditionalWeakTable<ProcessDescription, FrozenDictionary<string, CompiledInput>> _compiled = [];

    /// <param name="baseAddress">Under which the caller reached the server: references below it are our own.</param>
    public BoundRequest Bind(ProcessDescription process, RequestBody body, string baseAddress) => Bind(process, body.Json, body.Attachments, baseAddress);

    /// <summary>Who is told of the whole, for a request whose inputs are read apart.</summary>
    public Subscriber? Subscriber(RequestBody body, List<Mistake> mistakes) => SubscriberBinding.Read(body.Json, references, mistakes);

    /// <summary>The same for a request that was accepted before.</summary>
    public BoundRequest Bind(ProcessDescription process, JobRequest request) =>
        Bind(process, JsonElement.Parse(request.Json, RequestLimits.Reading), request.Attachments, request.BaseAddress);

    private BoundRequest Bind(ProcessDescription process, JsonElement json, IReadOnlyList<Attachment> attachments, string baseAddress)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return new BoundRequest(null, [new Mistake("", "the request must be a JSON object")]);
        }

        var mistakes = new List<Mistake>();
        var values = new ValueBinding(references, baseAddress, new SchemaValidator(attachments), mistakes);
        var request = new ExecuteRequest
        {
            Inputs = Inputs(process, json, values, mistakes),
            Outputs = OutputBinding.Read(process, json, mistakes),
            Response = Response(json, mistakes),
            Subscriber = SubscriberBinding.Read(json, references, mistakes),
        };
        return new BoundRequest(request, mistakes);
    }

    private Dictionary<string, IReadOnlyList<InputValue>> Inputs(ProcessDescription process, JsonElement json, ValueBinding values, List<Mistake> mistakes)
    {
        var inputs = _compiled.GetValue(process, Compile);
        var bound = new Dictionary<string, IReadOnlyList<InputValue>>(inputs.Count, StringComparer.Ordinal);
        var given = json.TryGetProperty("inputs", out var member) ? member : default;
        if (given.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null))
        {
            mistakes.Add(new Mistake("inputs", "must be an object with a member for each input"));
            return bound;
        }

        var missing = process.Inputs.Where(input => input.MinOccurs > 0).Select(input => input.Id).ToHashSet(StringComparer.Ordinal);
        if (given.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in given.EnumerateObject())
            {
                if (!inputs.TryGetValue(property.Name, out var input))
                {
                    mistakes.Add(new Mistake(property.Name, "there is no such input" + Suggestion.For(property.Name, process.Inputs.Select(each => each.Id)), MistakeKind.NoSuchInput));
                    continue;
                }

                if (values.Count(input, property.Value) is > 0 and var count)
                {
                    missing.Remove(property.Name);
                    Bind(input, property.Value, count, values, bound, mistakes);
                }
            }
        }

        mistakes.AddRange(process.Inputs.Where(input => missing.Contains(input.Id)).Select(input => new Mistake(input.Id, "a value is required", MistakeKind.Missing)));
        return bound;
    }

    private static void Bind(
        CompiledInput input, JsonElement json, int count, ValueBinding values, Dictionary<string, IReadOnlyList<InputValue>> bound, List<Mistake> mistakes)
    {
        var (description, before) = (input.Description, mistakes.Count);
        if (count < description.MinOccurs)
        {
            mistakes.Add(new Mistake(description.Id, $"at least {description.MinOccurs} values are required (got {count})", MistakeKind.Missing));
        }
        else if (count > description.MaxOccurs)
        {
            mistakes.Add(new Mistake(description.Id, $"at most {description.MaxOccurs} values are allowed (got {count})", MistakeKind.TooMany));
        }
        else if (values.Values(input, json) is { Count: > 0 } good && mistakes.Count == before)
        {
            bound[description.Id] = good;
        }
    }

    private static ResponseForm Response(JsonElement json, List<Mistake> mistakes)
    {
        if (!json.TryGetProperty("response", out var response) || response.ValueKind == JsonValueKind.Null)
        {
            return ResponseForm.Raw;
        }

        if (response.ValueKind == JsonValueKind.String && response.ValueEquals("document"))
        {
            return ResponseForm.Document;
        }

        if (response.ValueKind != JsonValueKind.String || !response.ValueEquals("raw"))
        {
            mistakes.Add(new Mistake("response", "must be raw or document"));
        }

        return ResponseForm.Raw;
    }

    private static FrozenDictionary<string, CompiledInput> Compile(ProcessDescription process) =>
        process.Inputs.ToFrozenDictionary(input => input.Id, CompiledInput.Of, StringComparer.Ordinal);
}

/// <summary>Either the request, or every mistake in it.</summary>
/// <param name="Good">
/// What of it could be read, inputs whole or not at all (a value is known by its index); <see langword="null"/> where it is no request at all.
/// </param>
public sealed record BoundRequest(ExecuteRequest? Good, IReadOnlyList<Mistake> Mistakes)
{
    public ExecuteRequest? Request => Mistakes.Count == 0 ? Good : null;
}
