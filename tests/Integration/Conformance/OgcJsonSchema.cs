using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using NJsonSchema;

namespace GeoWps.Tests.Integration.Conformance;

/// <summary>The published schemas of OGC API - Processes 1.0, and of Features and tile matrix sets by their folder; <c>Schemas/README.md</c> says how they are read.</summary>
internal sealed partial class OgcJsonSchema
{
    /// <summary>Where the schemas of records look for those of features, which stand beside them here.</summary>
    private const string FeaturesAddress = "https://schemas.opengis.net/ogcapi/features/part1/1.0/openapi/schemas/";

    private static readonly ConcurrentDictionary<string, Lazy<Task<JsonSchema>>> Read = new(StringComparer.Ordinal);
    private static readonly Lazy<string> Folder = new(Prepare);

    /// <summary>Fails with all that is wrong.</summary>
    public static async Task ShouldFitAsync(JsonElement json, string schema, string? what = null)
    {
        var found = await Read.GetOrAdd(schema, name => new Lazy<Task<JsonSchema>>(() => JsonSchema.FromFileAsync(Path.Combine(Folder.Value, (name.Contains('/') ? name : "ogcapi-processes/" + name) + ".json")))).Value;
        found.Validate(json.GetRawText()).Select(error => error.ToString()).ShouldBeEmpty($"{what ?? "the answer"} is not valid against {schema}");
    }

    private static string Prepare()
    {
        var folder = Directory.CreateTempSubdirectory("geowps-schemas-").FullName;
        foreach (var source in (string[])["ogcapi-processes", "ogcapi-features", "ogcapi-records", "tms"])
        {
            Directory.CreateDirectory(Path.Combine(folder, source));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Schemas", source), "*.json"))
            {
                File.WriteAllText(Path.Combine(folder, source, Path.GetFileName(file)), Alternatives().Replace(File.ReadAllText(file), "\"anyOf\": [").Replace(FeaturesAddress, "../ogcapi-features/", StringComparison.Ordinal));
            }
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }

    /// <summary>The keyword, not the property of that name that the schema of schemas has.</summary>
    [GeneratedRegex("\"oneOf\"\\s*:\\s*\\[")]
    private static partial Regex Alternatives();
}
