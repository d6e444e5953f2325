using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution.Runs;

/// <summary>What a worker is given for one run.</summary>
/// <param name="Parameters">VALUEs by name.</param>
/// <param name="Mistakes">All that can't be used; then nothing is run.</param>
internal sealed record StagedRun(JsonObject Parameters, JsonObject Context, IReadOnlyList<Mistake> Mistakes);

/// <summary>Makes a request into a worker's run: its data lies in the job's folder, its other values are in QGIS's form.</summary>
internal sealed class RunStaging(InputReader reader, LiteralReader literals, IFeatureFormats formats, RequestChecks checks, IOptions<RequestLimits> limits)
{
    public async Task<StagedRun> StageAsync(JobRun run, QgisProcess process, string folder, CancellationToken cancellationToken)
    {
        var staged = new Staged(run, process, new DataStaging(run.Job, folder, reader, formats, limits.Value.MaxInputBytes));
        foreach (var (id, values) in run.Request.Inputs)
        {
            if (ContextInputs.IsOne(id))
            {
                await ContextAsync(staged, id, values[0], cancellationToken);
            }
            else if (process.Algorithm.FindParameter(id) is { } parameter && await ValueAsync(staged, parameter, values, cancellationToken) is { } value)
            {
                staged.Parameters[id] = value;
            }
        }

        return new StagedRun(staged.Parameters, staged.Context, staged.Mistakes);
    }

    private async Task ContextAsync(Staged staged, string id, InputValue value, CancellationToken cancellationToken)
    {
        if (id != ContextInputs.Project)
        {
            var json = await literals.ReadAsync(staged.Run.Job, staged.Run.Process.FindInput(id)!, id, value, staged.Mistakes, cancellationToken);
            staged.Context[id["qgis:".Length..]] = json?.GetString();
            return;
        }

        var (data, refusal) = await staged.Data.StageAsync(value, id, DataUse.Folder, cancellationToken);
        var project = data?.Files?.FirstOrDefault(file => Path.GetExtension(file).ToLowerInvariant() is ".qgs" or ".qgz");
        if (project is null)
        {
            staged.Mistakes.Add(new Mistake(id, refusal ?? "must be a zip with a .qgs or .qgz file"));
            return;
        }

        staged.Context["project"] = $"{data!.Unpacked}/{project}";
    }

    private async Task<JsonObject?> ValueAsync(Staged staged, ParameterDescriptor parameter, IReadOnlyList<InputValue> values, CancellationToken cancellationToken)
    {
        var name = parameter.Name;
        switch (ParameterKinds.Of(parameter))
        {
            case ParameterKind.Layer:
                return await LayerAsync(staged, ParameterKinds.WantOf(parameter), name, name, values[0], cancellationToken) is { } layer ? new JsonObject { ["layer"] = layer } : null;
            case ParameterKind.Layers:
                var layers = new JsonArray();
                for (var i = 0; i < values.Count; i++)
                {
                    layers.Add(await LayerAsync(staged, ParameterKinds.WantOf(parameter), values.Count > 1 ? $"{name}_{i + 1}" : name, $"{name}[{i}]", values[i], cancellationToken));
                }

                return new JsonObject { ["layers"] = layers };
            case ParameterKind.File:
                var use = parameter.Text("extension")?.TrimStart('.') == "zip" ? DataUse.ZipFile : DataUse.File;
                return await DataAsync(staged, name, name, values[0], use, cancellationToken) is { } file ? new JsonObject { ["file"] = file.Path } : null;
            case ParameterKind.Files:
                var files = new JsonArray();
                for (var i = 0; i < values.Count; i++)
                {
                    files.Add((await DataAsync(staged, name, $"{name}[{i}]", values[i], DataUse.File, cancellationToken))?.Path);
                }

                return new JsonObject { ["files"] = files };
            case ParameterKind.Folder:
                return await FolderAsync(staged, name, values[0], cancellationToken);
            case ParameterKind.Structure:
                return await StructureAsync(staged, parameter, values[0], cancellationToken);
            case ParameterKind.Literal:
                return await LiteralAsync(staged, parameter, values[0], cancellationToken) is { } json ? Literals.Value(parameter, json) : null;
        }

        return null;
    }

    private async Task<JsonObject?> FolderAsync(Staged staged, string name, InputValue value, CancellationToken cancellationToken)
    {
        var data = await DataAsync(staged, name, name, value, DataUse.Folder, cancellationToken);
        if (data is { Unpacked: null })
        {
            staged.Mistakes.Add(new Mistake(name, "must be a zip with the folder's files"));
        }

        return data?.Unpacked is { } unpacked ? new JsonObject { ["folder"] = unpacked } : null;
    }

    private async Task<JsonElement?> LiteralAsync(Staged staged, ParameterDescriptor parameter, InputValue value, CancellationToken cancellationToken)
    {
        var input = staged.Run.Process.FindInput(parameter.Name)!;
        var json = await literals.ReadAsync(staged.Run.Job, input, parameter.Name, value, staged.Mistakes, cancellationToken);
        if (json is { } read && checks.Refuse(staged.Process.Algorithm, parameter, read) is { } refusal)
        {
            staged.Mistakes.Add(new Mistake(parameter.Name, refusal));
            return null;
        }

        return json;
    }

    /// <summary>An array of objects, each with its layer under <c>layer</c>.</summary>
    private async Task<JsonObject?> StructureAsync(Staged staged, ParameterDescriptor parameter, InputValue value, CancellationToken cancellationToken)
    {
        // Its layers may have large parts elsewhere, so it is not read as a whole.
        if (value is not InputValue.Inline { Json.ValueKind: JsonValueKind.Array } inline)
        {
            staged.Mistakes.Add(new Mistake(parameter.Name, "must be given as an array, by value"));
            return null;
        }

        var parts = new JsonArray();
        var number = 0;
        foreach (var part in inline.Json.EnumerateArray())
        {
            var place = $"{parameter.Name}[{number++}].layer";
            var made = new JsonObject();
            foreach (var member in part.EnumerateObject())
            {
                made[member.Name] = !member.NameEquals("layer") ? JsonNode.Parse(member.Value.GetRawText())
                    : await InnerLayerAsync(staged, $"{parameter.Name}_{number}", place, member.Value, cancellationToken);
            }

            parts.Add(made);
        }

        return new JsonObject { ["structure"] = parts };
    }

    private static async Task<JsonObject?> InnerLayerAsync(Staged staged, string name, string place, JsonElement json, CancellationToken cancellationToken)
    {
        var (value, refusal) = StructureLayer.Read(json);
        if (refusal is not null)
        {
            staged.Mistakes.Add(new Mistake(place, refusal));
            return null;
        }

        return await LayerAsync(staged, "vector", name, place, value!, cancellationToken) is { } layer ? new JsonObject { ["$layer"] = layer } : null;
    }

    /// <param name="name">What the layer is called, unless its file has a name.</param>
    /// <returns>A LAYER of the worker protocol; <see langword="null"/> with a mistake noted.</returns>
    private static async Task<JsonObject?> LayerAsync(Staged staged, string want, string name, string place, InputValue value, CancellationToken cancellationToken)
    {
        if (value is InputValue.Inline { Json: { ValueKind: JsonValueKind.Object } json } && want is "vector" or "any" && !Attachment.IsIn(json))
        {
            return new JsonObject { ["geojson"] = json.GetRawText(), ["name"] = name, ["want"] = want };
        }

        var (options, refusal) = value is InputValue.Reference reference ? LayerOptions.Of(reference.Href) : (LayerOptions.None, null);
        if (refusal is not null)
        {
            staged.Mistakes.Add(new Mistake(place, refusal));
            return null;
        }

        // Only data without layers of its own names is the same whatever it is turned into.
        var use = want == "vector" && options == LayerOptions.None ? DataUse.Vector : DataUse.OtherLayer;
        return (await DataAsync(staged, name, place, value, use, cancellationToken))?.Layer(want, options);
    }

    private static async Task<StagedData?> DataAsync(Staged staged, string name, string place, InputValue value, DataUse use, CancellationToken cancellationToken)
    {
        var (data, refusal) = await staged.Data.StageAsync(value, name, use, cancellationToken);
        if (refusal is not null)
        {
            staged.Mistakes.Add(new Mistake(place, refusal));
        }

        return data;
    }

    private sealed record Staged(JobRun Run, QgisProcess Process, DataStaging Data)
    {
        public JsonObject Parameters { get; } = [];

        public JsonObject Context { get; } = new() { ["ellipsoid"] = null, ["projectCrs"] = null, ["invalidFeatures"] = "error", ["project"] = null };

        public List<Mistake> Mistakes { get; } = [];
    }
}
