namespace GeoWps.Adapters.Http.Ows;

/// <summary>What the documents of OWS Common and of the services on it have in common.</summary>
internal static class OwsNames
{
    /// <summary>OWS Common 1.1 (OGC 06-121r3).</summary>
    public const string Ows1 = "http://www.opengis.net/ows/1.1";

    /// <summary>OWS Common 2.0 (OGC 06-121r9).</summary>
    public const string Ows2 = "http://www.opengis.net/ows/2.0";

    public const string XLink = "http://www.w3.org/1999/xlink";
    public const string Xsi = "http://www.w3.org/2001/XMLSchema-instance";
    public const string Xml = "http://www.w3.org/XML/1998/namespace";
    public const string Language = "en-US";
    public const string TextXml = "text/xml; charset=utf-8";
}
