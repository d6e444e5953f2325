namespace GeoWps.Adapters.Execution.Staging;

/// <summary>What came of a zip file.</summary>
internal abstract record UnzipOutcome
{
    private UnzipOutcome()
    {
    }

    /// <param name="Files">Relative to the folder, with slashes, in the zip's order; folders are not among them.</param>
    public sealed record Extracted(IReadOnlyList<string> Files) : UnzipOutcome;

    /// <param name="Message">For whoever sent the file; it goes on after the input's name.</param>
    public sealed record Refused(string Message) : UnzipOutcome;
}
