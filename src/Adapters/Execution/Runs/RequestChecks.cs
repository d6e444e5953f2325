using System.Text.Json;
using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Adapters.Execution.Policy;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution.Runs;

/// <summary>Checks beyond the schemas: what strangers may not say, and what only QGIS can tell.</summary>
internal sealed partial class RequestChecks(IWorkers workers, IOptions<SecurityOptions> security, ILogger<RequestChecks> logger)
{
    /// <summary>In structures an expression stands under one of these names, at any depth.</summary>
    private static readonly HashSet<string> ExpressionKeys = ["expression", "filterExpression", "input"];

    private readonly bool _trusted = security.Value.TrustCallers;

    public async Task<IReadOnlyList<Mistake>> CheckAsync(QgisProcess process, ExecuteRequest request, CancellationToken cancellationToken)
    {
        var mistakes = new List<Mistake>();
        var questions = new List<CheckItem>();
        foreach (var (id, values) in request.Inputs)
        {
            if (process.Algorithm.FindParameter(id) is { } parameter)
            {
                Check(process.Algorithm, parameter, values, mistakes, questions);
            }
            else if (id == ContextInputs.ProjectCrs)
            {
                questions.AddRange(WholeValues(values).Select(json => json.GetString()).OfType<string>().Where(crs => crs.Length > 0).Select(crs => new CheckItem(id, "crs", crs)));
            }
        }

        if (!request.Inputs.ContainsKey(ContextInputs.ProjectCrs) && !request.Inputs.ContainsKey(ContextInputs.Project))
        {
            mistakes.AddRange(process.Algorithm.Parameters.Where(parameter => parameter.IsProjectCrs() && !request.Inputs.ContainsKey(parameter.Name))
                .Select(parameter => new Mistake(parameter.Name, $"a value is required, here or for {ContextInputs.ProjectCrs}", MistakeKind.Missing)));
        }

        if (questions.Count > 0)
        {
            mistakes.AddRange(await AskAsync(questions, cancellationToken));
        }

        return mistakes;
    }

    /// <summary>The part that needs no QGIS; also for a value that came by reference, when it is there.</summary>
    public string? Refuse(AlgorithmDescriptor algorithm, ParameterDescriptor parameter, JsonElement json) =>
        ParameterPolicy.Refuse(algorithm, parameter, json, _trusted) ?? Literals.Refuse(parameter, json);

    /// <summary>Those that are here now, with nothing moved out of them.</summary>
    private static IEnumerable<JsonElement> WholeValues(IEnumerable<InputValue> values) =>
        values.OfType<InputValue.Inline>().Select(value => value.Json).Where(json => !Attachment.IsIn(json));

    private void Check(AlgorithmDescriptor algorithm, ParameterDescriptor parameter, IReadOnlyList<InputValue> values, List<Mistake> mistakes, List<CheckItem> questions)
    {
        switch (ParameterKinds.Of(parameter))
        {
            case ParameterKind.Literal:
                foreach (var json in WholeValues(values))
                {
                    CheckLiteral(algorithm, parameter, json, mistakes, questions);
                }

                break;
            case ParameterKind.Structure:
                foreach (var json in WholeValues(values))
                {
                    CheckLayers(parameter.Name, json, mistakes);
                    AskForEach(parameter.Name, json, questions);
                }

                break;
            case var kind:
                CheckData(kind, parameter.Name, values, mistakes);
                break;
        }
    }

    private static void CheckData(ParameterKind kind, string name, IReadOnlyList<InputValue> values, List<Mistake> mistakes)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (DataChecks.Refuse(kind, values[i]) is { } refusal)
            {
                mistakes.Add(new Mistake(values.Count > 1 ? $"{name}[{i}]" : name, refusal));
            }
        }
    }

    private static void CheckLayers(string name, JsonElement json, List<Mistake> mistakes)
    {
        var number = 0;
        foreach (var part in json.ValueKind == JsonValueKind.Array ? json.EnumerateArray().ToArray() : [])
        {
            var place = $"{name}[{number++}].layer";
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("layer", out var layer))
            {
                continue;
            }

            var (value, wrong) = StructureLayer.Read(layer);
            if ((wrong ?? DataChecks.Refuse(ParameterKind.Layer, value!)) is { } refusal)
            {
                mistakes.Add(new Mistake(place, refusal));
            }
        }
    }

    private void CheckLiteral(AlgorithmDescriptor algorithm, ParameterDescriptor parameter, JsonElement json, List<Mistake> mistakes, List<CheckItem> questions)
    {
        if (Refuse(algorithm, parameter, json) is { } refusal)
        {
            mistakes.Add(new Mistake(parameter.Name, refusal));
            return;
        }

        switch (parameter.Type)
        {
            case "aggregates" or "fields_mapping":
                AskForEach(parameter.Name, json, questions);
                break;
            case "extent" or "point" when json.ValueKind == JsonValueKind.Object && json.TryGetProperty("crs", out var crs) && crs.ValueKind == JsonValueKind.String:
                questions.Add(new CheckItem(parameter.Name, "crs", crs.GetString()!));
                break;
            case "expression" or "crs" when json.ValueKind == JsonValueKind.String && json.GetString() is { Length: > 0 } text:
                questions.Add(new CheckItem(parameter.Name, parameter.Type, text));
                break;
        }
    }

    private static void AskForEach(string input, JsonElement json, List<CheckItem> questions)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    AskForEach(input, item, questions);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    if (member.Value.ValueKind == JsonValueKind.String && ExpressionKeys.Contains(member.Name))
                    {
                        questions.Add(new CheckItem(input, "expression", member.Value.GetString()!));
                    }
                    else if (member.Name != "layer")
                    {
                        AskForEach(input, member.Value, questions);
                    }
                }

                break;
        }
    }

    /// <summary>The worker asks itself the same questions before it runs, so a caller need not be refused because QGIS is just starting.</summary>
    private async Task<IReadOnlyList<Mistake>> AskAsync(List<CheckItem> questions, CancellationToken cancellationToken)
    {
        if (!workers.Ready.IsCompletedSuccessfully)
        {
            return [];
        }

        try
        {
            return await workers.CheckAsync(questions, _trusted, cancellationToken);
        }
        catch (Exception error) when (error is InvalidOperationException or TimeoutException)
        {
            LogNotChecked(error);
            return [];
        }
    }

    [LoggerMessage(EventId = 3301, Level = LogLevel.Warning, Message = "QGIS could not check a request; its run will")]
    private partial void LogNotChecked(Exception error);
}
