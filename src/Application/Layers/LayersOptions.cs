using System.ComponentModel.DataAnnotations;

namespace GeoWps.Application.Layers;

/// <summary>Section <c>Layers</c>: what may be published, and by whom. A wrong or unknown key stops the start.</summary>
public sealed class LayersOptions
{
    public const string Section = "Layers";

    /// <summary>Folders whose files an administrator may name in place of sending them. Default: none.</summary>
    public string[] Folders { get; set; } = [];

    /// <summary>Who may say <c>"publish": true</c> in an execute request. Default: <see cref="Publishers.Anyone"/>.</summary>
    public Publishers Publish { get; set; } = Publishers.Anyone;

    /// <summary>Layers that have an end, which results of jobs have that were published so. Default: 100.</summary>
    [Range(0, 1_000_000)]
    public int MaxPublished { get; set; } = 100;

    /// <summary>MiB that their data may take together. Default: 1024.</summary>
    [Range(1, 1_048_576)]
    public int MaxPublishedMb { get; set; } = 1024;

    /// <summary>MiB of layers' data of other nodes that this node keeps copies of; those in use lately may be more. Default: 10240.</summary>
    [Range(1, 104_857_600)]
    public int CopiesMb { get; set; } = 10_240;

    /// <summary>Whether the sample data that <c>./geowps up</c> brings are published, once. Default: <see langword="true"/>.</summary>
    public bool Samples { get; set; } = true;
}

public enum Publishers
{
    /// <summary>Whoever may execute processes; bounded by number and size, until the job's results are removed.</summary>
    Anyone,

    /// <summary>Who has a token that may publish.</summary>
    Administrator,
}
