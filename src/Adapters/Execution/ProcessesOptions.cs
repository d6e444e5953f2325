namespace GeoWps.Adapters.Execution;

/// <summary>Section <c>Processes</c>: which algorithms are offered.</summary>
public sealed class ProcessesOptions
{
    public const string Section = "Processes";

    /// <summary>Full ids of algorithms that are off by default and that the operator wants. Default: none.</summary>
    public string[] Allow { get; set; } = [];

    /// <summary>Models (<c>.model3</c>) dropped here are offered within seconds. Default: <c>models</c> in the data directory.</summary>
    public string? ModelsDirectory { get; set; }

    /// <summary>Processing scripts (<c>.py</c>) dropped here are offered within seconds; a script has all rights of a worker. Default: <c>scripts</c> in the data directory.</summary>
    public string? ScriptsDirectory { get; set; }
}
