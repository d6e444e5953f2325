using System.ComponentModel.DataAnnotations;

namespace GeoWps.Application.Jobs.Callbacks;

/// <summary>Section <c>Callbacks</c>: how long subscribers are tried to be told.</summary>
public sealed class CallbackOptions
{
    public const string Section = "Callbacks";

    /// <summary>How often the end of a job is tried to be delivered before it is given up; pauses grow from 2 seconds to 10 minutes. Default: 10.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>Seconds that one delivery may take. Default: 30.</summary>
    [Range(1, 3600)]
    public int TimeoutSeconds { get; set; } = 30;
}
