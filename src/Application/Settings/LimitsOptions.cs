using System.ComponentModel.DataAnnotations;

namespace GeoWps.Application.Settings;

/// <summary>Section <c>Limits</c>: what one caller may ask for. A wrong or unknown key stops the start.</summary>
public sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>Bytes of one input's content, sent or fetched. Default: 1 GiB.</summary>
    [Range(1, 1_099_511_627_776d)]
    public long MaxInputBytes { get; set; } = 1_073_741_824;

    /// <summary>Seconds that fetching one input by reference may take, redirects included. Default: 60.</summary>
    [Range(1, 86_400)]
    public int FetchSeconds { get; set; } = 60;
}
