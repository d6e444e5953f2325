using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Recall;

/// <summary>Section <c>Results</c>: what becomes of results when their job has been answered.</summary>
public sealed class ResultsOptions
{
    public const string Section = "Results";

    /// <summary>
    /// Whether a request that equals an earlier one may be answered with that one's results: never, when it asks for it (<c>Cache-Control: max-age=N</c>), or
    /// always, where the process is known to give the same again. Default: <see cref="Remembering.Asked"/>.
    /// </summary>
    public Remembering Remember { get; set; } = Remembering.Asked;
}
