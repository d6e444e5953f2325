using Microsoft.Extensions.Configuration;

namespace GeoWps.Adapters.Execution;

/// <summary>Where this adapter reads and writes; absolute paths.</summary>
/// <param name="Data">The data directory.</param>
/// <param name="Models">Operators' models.</param>
/// <param name="Scripts">Operators' scripts.</param>
internal sealed record ExecutionFolders(string Data, string Models, string Scripts)
{
    /// <summary>Jobs' folders, and nothing that outlives them.</summary>
    public string Work => Path.Combine(Data, "work");

    public string CatalogueCache => Path.Combine(Data, "cache", "catalogue.json");

    /// <summary>What came through the API (OGC API - Processes - Part 2), and may be changed through it: ours, whatever the operators' folders are.</summary>
    public string Deployed => Path.Combine(Data, "deployed");

    public string DeployedModels => Path.Combine(Deployed, "models");

    public string DeployedScripts => Path.Combine(Deployed, "scripts");

    /// <summary>Data of layers, a folder each; QGIS reads them to draw them.</summary>
    public string Layers => Path.Combine(Data, "layers");

    /// <summary>All that QGIS loads models from.</summary>
    public IReadOnlyList<string> AllModels => [Models, DeployedModels];

    /// <summary>All that QGIS loads scripts from.</summary>
    public IReadOnlyList<string> AllScripts => [Scripts, DeployedScripts];

    /// <summary>Where the Python half lies: <c>geowps_worker</c> is in it.</summary>
    public string Package => Path.Combine(AppContext.BaseDirectory, "python");

    /// <summary>QGIS, and the walls around it, take only folders that are there.</summary>
    public void Make()
    {
        Directory.CreateDirectory(Models);
        Directory.CreateDirectory(Scripts);
        Directory.CreateDirectory(Layers);
        PrivateFolder.Make(Deployed);
        PrivateFolder.Make(DeployedModels);
        PrivateFolder.Make(DeployedScripts);
    }

    public static ExecutionFolders Of(IConfiguration configuration)
    {
        var data = Path.GetFullPath(configuration["Data:Directory"] is { Length: > 0 } directory ? directory : "./data");
        return new ExecutionFolders(
            data,
            Path.GetFullPath(configuration[$"{ProcessesOptions.Section}:{nameof(ProcessesOptions.ModelsDirectory)}"] ?? Path.Combine(data, "models")),
            Path.GetFullPath(configuration[$"{ProcessesOptions.Section}:{nameof(ProcessesOptions.ScriptsDirectory)}"] ?? Path.Combine(data, "scripts")));
    }
}
