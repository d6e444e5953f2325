using System.Xml;

namespace GeoWps.Domain.Processes.Schemas;

/// <summary>What a caller is told of XML that is none, however large it is and wherever it is read.</summary>
public static class XmlFault
{
    public static string Of(XmlException error) =>
        "must be well-formed XML without a document type" + (HasPlace(error) ? $" (line {error.LineNumber}, column {error.LinePosition})" : "");

    /// <summary>A document type has none.</summary>
    private static bool HasPlace(XmlException error) => error.LineNumber > 0;
}
