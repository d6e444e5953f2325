using System.ComponentModel.DataAnnotations;

namespace GeoWps.Application.Records;

/// <summary>Section <c>Records</c>.</summary>
public sealed class RecordsOptions
{
    public const string Section = "Records";

    /// <summary>The catalogue's title. Default: <c>Records</c>.</summary>
    public string Title { get; set; } = "Records";

    /// <summary>KiB (1,024 characters) of a document's text that are read and can be found by. Default: 1024.</summary>
    [Range(0, 16_384)]
    public int MaxTextKb { get; set; } = 1024;

    /// <summary>Values that a facet shows, the most frequent first. Default: 20.</summary>
    [Range(1, 1000)]
    public int FacetValues { get; set; } = 20;

    /// <summary>What reading the text of a document may take before it is left without. Default: 30.</summary>
    [Range(1, 3600)]
    public int TextSeconds { get; set; } = 30;

    /// <summary>Records that went of which it stays known that they did, the newest, for servers that harvest this one. Default: 100,000.</summary>
    [Range(0, 10_000_000)]
    public int KeptRemovals { get; set; } = 100_000;
}
