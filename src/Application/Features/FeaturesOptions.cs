using System.ComponentModel.DataAnnotations;

namespace GeoWps.Application.Features;

/// <summary>Section <c>Features</c>: how features of layers are given out. A wrong or unknown key stops the start.</summary>
public sealed class FeaturesOptions
{
    public const string Section = "Features";

    /// <summary>Features on a page where nobody says how many. Default: 10.</summary>
    [Range(1, 10_000)]
    public int Limit { get; set; } = 10;

    /// <summary>Features on a page at most; who asks for more gets as many. Default: 10000.</summary>
    [Range(1, 1_000_000)]
    public int MaxLimit { get; set; } = 10_000;

    /// <summary>How many features may be counted one by one to tell how many match a request; where there are more, it is not told. Default: 10000.</summary>
    [Range(0, 10_000_000)]
    public int MaxCounted { get; set; } = 10_000;
}
