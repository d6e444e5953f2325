using System.Text.Json;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>
/// Whether an algorithm gives the same for the same. QGIS's own do, but for those that name chance in their id or in a parameter. What others wrote (models, scripts,
/// plug-ins, command line tools) may look at the time or roll dice unseen: its results are only repeated for who asks for that.
/// </summary>
internal static class Repeatability
{
    private const string Chance = "random";

    private static readonly HashSet<string> Known = ["native", "qgis", "gdal", "3d"];

    public static Remembering Of(AlgorithmDescriptor algorithm) =>
        Known.Contains(algorithm.Provider) && !IsChance(algorithm.Id) && !algorithm.Parameters.Any(parameter => IsChance(parameter.Name))
            ? Remembering.Always
            : Remembering.Asked;

    /// <summary>
    /// Everything that shapes a result: QGIS, the algorithm's description, and the files of models and scripts, steps included. Their times count too: a file that
    /// was changed and changed back may have made results meanwhile.
    /// </summary>
    public static Func<AlgorithmDescriptor, string> Fingerprints(CatalogueDocument document)
    {
        var files = document.Algorithms.Where(algorithm => algorithm.File is not null).GroupBy(algorithm => algorithm.Id)
            .ToDictionary(group => group.Key, group => string.Join(' ', group.Select(algorithm => $"{algorithm.Digest} {File.GetLastWriteTimeUtc(algorithm.File!).Ticks}")));
        return algorithm => CatalogueKey.Hash(string.Join(
            '\n',
            (algorithm.Steps ?? []).Prepend(algorithm.Id).Select(id => files.GetValueOrDefault(id, ""))
                .Prepend(JsonSerializer.Serialize(algorithm, CatalogueJson.Default.AlgorithmDescriptor)).Prepend(document.Qgis)));
    }

    private static bool IsChance(string name) => name.Contains(Chance, StringComparison.OrdinalIgnoreCase);
}
