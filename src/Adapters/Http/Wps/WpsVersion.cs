using GeoWps.Adapters.Http.Ows;

namespace GeoWps.Adapters.Http.Wps;

/// <summary>The versions of the protocol: OGC 05-007r7 (with corrigendum 08-091r6) and OGC 14-065.</summary>
internal enum WpsVersion
{
    V100,
    V200,
}

internal static class WpsVersions
{
    public const string Names = "2.0.0, 1.0.0";

    /// <summary>The highest first, as negotiation prefers them.</summary>
    public static IReadOnlyList<WpsVersion> All { get; } = [WpsVersion.V200, WpsVersion.V100];

    public static string Text(this WpsVersion version) => version switch
    {
        WpsVersion.V100 => "1.0.0",
        WpsVersion.V200 => "2.0.0",
    };

    /// <summary>The namespace of WPS itself.</summary>
    public static string Wps(this WpsVersion version) => version switch
    {
        WpsVersion.V100 => WpsNames.Wps1,
        WpsVersion.V200 => WpsNames.Wps2,
    };

    /// <summary>The namespace of the OWS Common that it builds on.</summary>
    public static string Ows(this WpsVersion version) => version switch
    {
        WpsVersion.V100 => OwsNames.Ows1,
        WpsVersion.V200 => OwsNames.Ows2,
    };

    /// <summary>How what breaks is told; 1.0.0 has a code for "later".</summary>
    public static ExceptionReports Reports(this WpsVersion version) => version switch
    {
        WpsVersion.V100 => new(OwsNames.Ows1, busy: "ServerBusy"),
        WpsVersion.V200 => new(OwsNames.Ows2),
    };

    /// <summary>Of the highest version, in which those of 1.0.0 come first.</summary>
    public static IReadOnlyList<string> AllOperations { get; } = ["GetCapabilities", "DescribeProcess", "Execute", "GetStatus", "GetResult", "Dismiss"];

    public static IEnumerable<string> Operations(this WpsVersion version) => version switch
    {
        WpsVersion.V100 => AllOperations.Take(3),
        WpsVersion.V200 => AllOperations,
    };

    public static WpsVersion? Parse(string? text) => All.Where(version => version.Text() == text?.Trim()).Select(version => (WpsVersion?)version).FirstOrDefault();

    public static WpsVersion? OfNamespace(string name) => All.Where(version => version.Wps() == name).Select(version => (WpsVersion?)version).FirstOrDefault();
}

internal static class WpsNames
{
    public const string Wps1 = "http://www.opengis.net/wps/1.0.0";
    public const string Wps2 = "http://www.opengis.net/wps/2.0";
    public const string Xsd = "http://www.w3.org/2001/XMLSchema#";
}
