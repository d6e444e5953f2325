using System.Collections.Frozen;
using System.Text.Json;
using GeoWps.Adapters.Execution.Policy;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>What this QGIS offers after the policy: a snapshot that is replaced as a whole.</summary>
internal sealed partial class QgisCatalogue(AlgorithmPolicy policy, ExecutionFolders folders, ILogger<QgisCatalogue> logger) : IQgisCatalogue
{
    private Snapshot _snapshot = Snapshot.Empty;

    public ProcessCatalogue Current => _snapshot.Public;

    /// <summary>Algorithms that are not offered, and why.</summary>
    public IReadOnlyDictionary<string, string> LeftOut => _snapshot.LeftOut;

    public QgisProcess? Find(string id) => _snapshot.Processes.GetValueOrDefault(id);

    /// <summary>Whether QGIS has an algorithm of this id, offered or not.</summary>
    public bool Knows(string id) => Find(id) is not null || LeftOut.ContainsKey(id);

    /// <summary>What an algorithm would be that is not in the catalogue.</summary>
    /// <returns>Either the process or the reason why it would be none.</returns>
    public (QgisProcess? Process, string? Reason) Map(AlgorithmDescriptor algorithm) => new ProcessMapping(policy, _snapshot.Qgis).Map(algorithm);

    /// <summary>Takes what was kept at an earlier start, so that nobody waits for Python.</summary>
    /// <returns>Whether there was something that still holds.</returns>
    public bool TryLoadKept()
    {
        try
        {
            if (!File.Exists(folders.CatalogueCache))
            {
                return false;
            }

            var kept = JsonSerializer.Deserialize(File.ReadAllBytes(folders.CatalogueCache), CatalogueJson.Default.CatalogueDocument);
            if (kept is null || kept.Key != CatalogueKey.Of(folders))
            {
                return false;
            }

            Take(kept);
            return true;
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            LogNotKept(error);
            return false;
        }
    }

    /// <summary>Takes what Python has told, and keeps it for the next start.</summary>
    public void Refresh(JsonElement answer, string key)
    {
        var document = answer.Deserialize(CatalogueJson.Default.CatalogueDocument) ?? throw new InvalidDataException("The catalogue is empty.");
        foreach (var broken in document.Broken)
        {
            LogBroken(broken.File, broken.Reason);
        }

        Take(document);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folders.CatalogueCache)!);
            var aside = folders.CatalogueCache + ".new";
            File.WriteAllBytes(aside, JsonSerializer.SerializeToUtf8Bytes(document with { Key = key }, CatalogueJson.Default.CatalogueDocument));
            File.Move(aside, folders.CatalogueCache, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNotKept(error);
        }
    }

    private void Take(CatalogueDocument document)
    {
        var mapping = new ProcessMapping(policy, document.Qgis);
        var fingerprint = Repeatability.Fingerprints(document);
        var processes = new Dictionary<string, QgisProcess>(StringComparer.Ordinal);
        var leftOut = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var algorithm in document.Algorithms)
        {
            var (process, reason) = mapping.Map(algorithm);
            if (process is not null)
            {
                processes[algorithm.Id] = process with
                {
                    Description = process.Description with { Mutable = IsDeployed(algorithm), Remember = Repeatability.Of(algorithm), Fingerprint = fingerprint(algorithm) },
                };
            }
            else
            {
                leftOut[algorithm.Id] = reason!;
                LogLeftOut(algorithm.Id, reason!);
            }
        }

        var version = VersionOf(document);
        if (version == _snapshot.Public.Version)
        {
            // The same snapshot: what others made of it stays good.
            return;
        }

        _snapshot = new Snapshot(
            document.Qgis,
            processes.ToFrozenDictionary(),
            leftOut.ToFrozenDictionary(),
            new ProcessCatalogue(
                version,
                processes.Values.Select(process => process.Description).ToFrozenDictionary(process => process.Id),
                document.Aliases.Where(alias => processes.ContainsKey(alias.Value) && !processes.ContainsKey(alias.Key)).ToFrozenDictionary()));
        LogTaken(processes.Count, document.Qgis, leftOut.Count);
        foreach (var unknown in policy.Allowed.Where(id => !processes.ContainsKey(id)))
        {
            LogUnknownAllowed(unknown);
        }
    }

    private bool IsDeployed(AlgorithmDescriptor algorithm) => algorithm.File?.StartsWith(folders.Deployed + Path.DirectorySeparatorChar, StringComparison.Ordinal) == true;

    /// <summary>Everything that shapes a description: what QGIS told, and the policy.</summary>
    private string VersionOf(CatalogueDocument document) => CatalogueKey.Hash(
        JsonSerializer.Serialize(document with { Key = null }, CatalogueJson.Default.CatalogueDocument) + policy.TrustsCallers + string.Join(',', policy.Allowed.Order(StringComparer.Ordinal))
        + CatalogueKey.OfFolders(folders));

    private sealed record Snapshot(
        string Qgis, FrozenDictionary<string, QgisProcess> Processes, FrozenDictionary<string, string> LeftOut, ProcessCatalogue Public)
    {
        public static Snapshot Empty { get; } =
            new("", FrozenDictionary<string, QgisProcess>.Empty, FrozenDictionary<string, string>.Empty, ProcessCatalogue.Empty);
    }

    [LoggerMessage(EventId = 3201, Level = LogLevel.Information, Message = "{Count} algorithms of QGIS {Version} are offered; {LeftOut} are not")]
    private partial void LogTaken(int count, string version, int leftOut);

    [LoggerMessage(EventId = 3202, Level = LogLevel.Debug, Message = "{Algorithm} is not offered: {Reason}")]
    private partial void LogLeftOut(string algorithm, string reason);

    [LoggerMessage(EventId = 3203, Level = LogLevel.Warning, Message = "{File} is not offered: {Reason}")]
    private partial void LogBroken(string file, string reason);

    [LoggerMessage(EventId = 3204, Level = LogLevel.Warning, Message = "The list of algorithms could not be kept for the next start")]
    private partial void LogNotKept(Exception error);

    [LoggerMessage(EventId = 3205, Level = LogLevel.Warning, Message = "Processes:Allow names {Algorithm}, which this QGIS does not have or which can't work on a server")]
    private partial void LogUnknownAllowed(string algorithm);
}
