namespace GeoWps.Adapters.Http.Wps.Requests;

/// <summary>A request that has been read, from parameters or from XML.</summary>
internal abstract record WpsRequest(WpsVersion Version)
{
    /// <param name="Sections"><see langword="null"/> for all.</param>
    /// <param name="UpdateSequence">Of the document that the caller has.</param>
    public sealed record GetCapabilities(WpsVersion Version, IReadOnlySet<string>? Sections, string? UpdateSequence) : WpsRequest(Version);

    /// <param name="Ids">In the order asked for; empty for all.</param>
    public sealed record DescribeProcess(WpsVersion Version, IReadOnlyList<string> Ids) : WpsRequest(Version);

    public sealed record Execute(WpsVersion Version, ExecuteDraft Draft) : WpsRequest(Version);

    public sealed record GetStatus(WpsVersion Version, string JobId) : WpsRequest(Version);

    public sealed record GetResult(WpsVersion Version, string JobId) : WpsRequest(Version);

    public sealed record Dismiss(WpsVersion Version, string JobId) : WpsRequest(Version);
}
