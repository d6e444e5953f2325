using System.Text.Json.Nodes;
using GeoWps.Adapters.Shell.Processes;
using GeoWps.Adapters.Shell.Requests;

namespace GeoWps.Adapters.Shell.Results;

/// <summary>Which outputs are asked for, in which formats, and where they are saved.</summary>
/// <param name="Names">Outputs to look for when the job has ended.</param>
/// <param name="Plain">Those of them that are values, not content.</param>
/// <param name="Requested">The <c>outputs</c> of the request; empty: those that the process delivers by itself.</param>
/// <param name="Files">Where each is saved, by output name; <c>-</c> is standard output.</param>
/// <param name="Folder">Where all that have no place of their own are saved under the server's names.</param>
internal sealed record OutputPlan(
    IReadOnlyList<string> Names, IReadOnlySet<string> Plain, JsonObject Requested, IReadOnlyDictionary<string, string> Files, string? Folder)
{
    public const string StandardOutput = "-";

    public static OutputPlan Create(JsonNode process, RunWish wish)
    {
        var descriptions = process["outputs"] as JsonObject ?? [];
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        string? folder = null;
        foreach (var file in wish.Files)
        {
            var named = descriptions.Select(output => output.Key).FirstOrDefault(name => file.StartsWith(name + "=", StringComparison.Ordinal));
            if (named is not null)
            {
                files[named] = file[(named.Length + 1)..];
            }
            else if (file.EndsWith('/') || Directory.Exists(file))
            {
                folder = file;
            }
            else
            {
                files[TheOnlyOne(process, wish, file)] = file;
            }
        }

        var formats = wish.Formats.Select(format => RunWish.Divide(format, "--format")).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        var wanted = wish.Outputs.Concat(files.Keys).Concat(formats.Keys).Distinct().ToArray();
        if (wanted.FirstOrDefault(name => !descriptions.ContainsKey(name)) is { } unknown)
        {
            throw CommandException.Usage($"{unknown}: {process.Text("id")} has no such output (it has {string.Join(", ", descriptions.Select(output => output.Key))})");
        }

        var requested = new JsonObject();
        foreach (var name in wanted)
        {
            var offered = ValueSchema.Of(descriptions[name]!["schema"]).MediaTypes;
            requested[name] = Format(name, formats.GetValueOrDefault(name), files.GetValueOrDefault(name), offered) is { } mediaType
                ? new JsonObject { ["format"] = new JsonObject { ["mediaType"] = mediaType } }
                : new JsonObject();
        }

        return new OutputPlan(
            wanted.Length > 0 ? wanted : [.. descriptions.Select(output => output.Key)],
            descriptions.Where(output => !ValueSchema.Of(output.Value?["schema"]).TakesContent).Select(output => output.Key).ToHashSet(StringComparer.Ordinal),
            requested,
            files,
            folder);
    }

    private static string TheOnlyOne(JsonNode process, RunWish wish, string file)
    {
        var outputs = process["outputs"] as JsonObject ?? [];
        var candidates = wish.Outputs.Count > 0
            ? wish.Outputs
            : [.. outputs.Where(output => outputs.Count == 1 || ValueSchema.Of(output.Value?["schema"]).TakesContent).Select(output => output.Key)];
        return candidates is [var only]
            ? only
            : throw CommandException.Usage($"--out {file}: which output? Write NAME={file} with one of {string.Join(", ", outputs.Select(output => output.Key))}, or FOLDER/ for all");
    }

    private static string? Format(string name, string? format, string? file, IReadOnlyList<string> offered)
    {
        var wanted = format switch
        {
            null when file is null or StandardOutput => [],
            null => FileFormats.Of(file),
            _ when format.Contains('/', StringComparison.Ordinal) => [format],
            _ => FileFormats.Of("x." + format),
        };
        if (file is not null && Path.GetExtension(file).Equals(".shp", StringComparison.OrdinalIgnoreCase))
        {
            throw CommandException.Usage($"{name}: a Shapefile is several files: save it as {Path.ChangeExtension(file, ".zip")}");
        }

        if (wanted.Count == 0)
        {
            return format is null ? null : throw CommandException.Usage($"{name}: {format} is no format known here: write its media type");
        }

        if (offered.Count == 0)
        {
            return null;
        }

        // A media type with its parameters is taken at its word.
        return offered.Contains(wanted[0]) ? wanted[0]
            : format?.Contains(';', StringComparison.Ordinal) == true ? format
            : FileFormats.Match(wanted, offered)
            ?? throw CommandException.Usage($"{name} can't be had as {FileFormats.ShortName(wanted[0])}, only as {string.Join(", ", offered.Select(FileFormats.ShortName).Distinct())}");
    }
}
