namespace GeoWps.Adapters.Storage;

/// <summary>Section <c>Data</c>: the folder of everything that this node keeps.</summary>
public sealed class DataOptions
{
    public const string Section = "Data";

    /// <summary>Made where it is missing, for its owner alone. Relative to the folder that the server is started in. Default: <c>./data</c>.</summary>
    public string Directory { get; set; } = "./data";
}
