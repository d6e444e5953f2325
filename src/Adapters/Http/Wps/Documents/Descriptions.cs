using System.Text.RegularExpressions;
using System.Xml;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Processes;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Wps.Documents;

/// <summary>What lists, descriptions and answers say in the same words about a process, an input or an output.</summary>
internal static partial class Descriptions
{
    /// <summary><c>wps:DescriptionType</c> of 1.0.0.</summary>
    public static void Brief100(XmlWriter xml, string id, string title, string? description)
    {
        xml.WriteElementString("ows", "Identifier", OwsNames.Ows1, XmlLetters.Clean(id));
        xml.WriteElementString("ows", "Title", OwsNames.Ows1, XmlLetters.Clean(title));
        if (!string.IsNullOrEmpty(description))
        {
            xml.WriteElementString("ows", "Abstract", OwsNames.Ows1, XmlLetters.Clean(description));
        }
    }

    /// <summary><c>wps:DescriptionType</c> of 2.0.</summary>
    public static void Head200(XmlWriter xml, string id, string title, string? description, IReadOnlyList<string> keywords)
    {
        xml.WriteElementString("ows", "Title", OwsNames.Ows2, XmlLetters.Clean(title));
        if (!string.IsNullOrEmpty(description))
        {
            xml.WriteElementString("ows", "Abstract", OwsNames.Ows2, XmlLetters.Clean(description));
        }

        if (keywords.Count > 0)
        {
            xml.WriteStartElement("ows", "Keywords", OwsNames.Ows2);
            foreach (var keyword in keywords)
            {
                xml.WriteElementString("ows", "Keyword", OwsNames.Ows2, XmlLetters.Clean(keyword));
            }

            xml.WriteEndElement();
        }

        xml.WriteElementString("ows", "Identifier", OwsNames.Ows2, XmlLetters.Clean(id));
    }

    /// <summary><c>wps:processPropertiesAttributes</c> of 2.0.</summary>
    public static void Properties200(XmlWriter xml, ProcessDescription process)
    {
        xml.WriteAttributeString("jobControlOptions", string.Join(' ', ProcessWriter.Names(process.JobControl)));
        xml.WriteAttributeString("outputTransmission", "value reference");
        if (Version().Match(process.Version) is { Success: true } version)
        {
            xml.WriteAttributeString("processVersion", version.Value);
        }
    }

    // ows:VersionType has nothing after the third number.
    [GeneratedRegex(@"^\d+\.\d?\d\.\d?\d", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
