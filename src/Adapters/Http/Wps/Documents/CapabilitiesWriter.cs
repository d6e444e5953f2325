using System.Xml;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Wps.Documents;

/// <summary>What a capabilities document is made of.</summary>
/// <param name="Processes">In the order of the list.</param>
/// <param name="UpdateSequence">Grows whenever the list changes.</param>
/// <param name="Sections">Those asked for; <see langword="null"/> for all.</param>
internal sealed record CapabilitiesContent(
    HttpOptions Service, string BaseAddress, IReadOnlyList<ProcessDescription> Processes, string UpdateSequence, IReadOnlySet<string>? Sections)
{
    /// <summary>What 2.0 calls its contents are the offerings of 1.0.0.</summary>
    public bool Has(string section) => Sections is null || Sections.Contains(section) || (section == "ProcessOfferings" && Sections.Contains("Contents"));
}

/// <summary><c>wps:Capabilities</c> of both versions: 05-007r7, clause 8.3; 14-065, clause 9.7.3.</summary>
internal static class CapabilitiesWriter
{
    /// <summary>Names that <c>Sections</c> may have; those of one version are left alone by the other.</summary>
    public static IReadOnlyList<string> Sections { get; } =
        ["ServiceIdentification", "ServiceProvider", "OperationsMetadata", "Contents", "ProcessOfferings", "Languages", "All"];

    public static void Write(XmlWriter xml, WpsVersion version, CapabilitiesContent content)
    {
        var (wps, ows) = (version.Wps(), version.Ows());
        xml.WriteStartElement("wps", "Capabilities", wps);
        xml.WriteAttributeString("xmlns", "ows", null, ows);
        xml.WriteAttributeString("xmlns", "xlink", null, WpsNames.XLink);
        xml.WriteAttributeString("xmlns", "xsi", null, WpsNames.Xsi);
        xml.WriteAttributeString("xsi", "schemaLocation", WpsNames.Xsi, SchemaLocation(version));
        xml.WriteAttributeString("service", "WPS");
        xml.WriteAttributeString("version", version.Text());
        xml.WriteAttributeString("updateSequence", content.UpdateSequence);
        if (version == WpsVersion.V100)
        {
            xml.WriteAttributeString("xml", "lang", WpsNames.Xml, WpsNames.Language);
        }

        WriteIf(content, "ServiceIdentification", () => Identification(xml, ows, content.Service));
        WriteIf(content, "ServiceProvider", () => Provider(xml, ows, content.Service));
        WriteIf(content, "OperationsMetadata", () => Operations(xml, version, content.BaseAddress + "wps"));
        if (version == WpsVersion.V200)
        {
            WriteIf(content, "Languages", () => Languages200(xml));
            WriteIf(content, "Contents", () => Contents(xml, content.Processes));
        }
        else
        {
            WriteIf(content, "ProcessOfferings", () => Offerings(xml, content.Processes));
            WriteIf(content, "Languages", () => Languages100(xml));
        }

        xml.WriteEndElement();
    }

    public static string SchemaLocation(WpsVersion version, string document = "wpsGetCapabilities_response.xsd") => version switch
    {
        WpsVersion.V100 => $"{WpsNames.Wps1} http://schemas.opengis.net/wps/1.0.0/{document}",
        WpsVersion.V200 => $"{WpsNames.Wps2} http://schemas.opengis.net/wps/2.0/wps.xsd",
    };

    private static void WriteIf(CapabilitiesContent content, string section, Action write)
    {
        if (content.Has(section))
        {
            write();
        }
    }

    private static void Identification(XmlWriter xml, string ows, HttpOptions service)
    {
        xml.WriteStartElement("ows", "ServiceIdentification", ows);
        xml.WriteElementString("ows", "Title", ows, XmlText.Clean(service.Title));
        xml.WriteElementString("ows", "Abstract", ows, XmlText.Clean(service.Description));
        xml.WriteStartElement("ows", "Keywords", ows);
        foreach (var keyword in (string[])["WPS", "geoprocessing", "QGIS"])
        {
            xml.WriteElementString("ows", "Keyword", ows, keyword);
        }

        xml.WriteEndElement();
        xml.WriteElementString("ows", "ServiceType", ows, "WPS");
        foreach (var version in WpsVersions.All)
        {
            xml.WriteElementString("ows", "ServiceTypeVersion", ows, version.Text());
        }

        xml.WriteElementString("ows", "Fees", ows, "NONE");
        xml.WriteElementString("ows", "AccessConstraints", ows, "NONE");
        xml.WriteEndElement();
    }

    private static void Provider(XmlWriter xml, string ows, HttpOptions service)
    {
        xml.WriteStartElement("ows", "ServiceProvider", ows);
        xml.WriteElementString("ows", "ProviderName", ows, XmlText.Clean(service.ProviderName));
        if (service.ProviderSite.Length > 0)
        {
            xml.WriteStartElement("ows", "ProviderSite", ows);
            xml.WriteAttributeString("xlink", "href", WpsNames.XLink, service.ProviderSite);
            xml.WriteEndElement();
        }

        xml.WriteStartElement("ows", "ServiceContact", ows);
        if (service.ContactEmail.Length > 0)
        {
            xml.WriteStartElement("ows", "ContactInfo", ows);
            xml.WriteStartElement("ows", "Address", ows);
            xml.WriteElementString("ows", "ElectronicMailAddress", ows, XmlText.Clean(service.ContactEmail));
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Operations(XmlWriter xml, WpsVersion version, string address)
    {
        var ows = version.Ows();
        xml.WriteStartElement("ows", "OperationsMetadata", ows);
        foreach (var operation in version.Operations())
        {
            xml.WriteStartElement("ows", "Operation", ows);
            xml.WriteAttributeString("name", operation);
            xml.WriteStartElement("ows", "DCP", ows);
            xml.WriteStartElement("ows", "HTTP", ows);
            foreach (var method in (string[])["Get", "Post"])
            {
                xml.WriteStartElement("ows", method, ows);
                xml.WriteAttributeString("xlink", "href", WpsNames.XLink, address);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Offerings(XmlWriter xml, IReadOnlyList<ProcessDescription> processes)
    {
        xml.WriteStartElement("wps", "ProcessOfferings", WpsNames.Wps1);
        foreach (var process in processes)
        {
            xml.WriteStartElement("wps", "Process", WpsNames.Wps1);
            xml.WriteAttributeString("wps", "processVersion", WpsNames.Wps1, process.Version);
            Descriptions.Brief100(xml, process.Id, process.Title, process.Description);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Contents(XmlWriter xml, IReadOnlyList<ProcessDescription> processes)
    {
        xml.WriteStartElement("wps", "Contents", WpsNames.Wps2);
        foreach (var process in processes)
        {
            xml.WriteStartElement("wps", "ProcessSummary", WpsNames.Wps2);
            Descriptions.Properties200(xml, process);
            Descriptions.Head200(xml, process.Id, process.Title, process.Description, process.Keywords);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Languages200(XmlWriter xml)
    {
        xml.WriteStartElement("ows", "Languages", WpsNames.Ows2);
        xml.WriteElementString("ows", "Language", WpsNames.Ows2, WpsNames.Language);
        xml.WriteEndElement();
    }

    private static void Languages100(XmlWriter xml)
    {
        xml.WriteStartElement("wps", "Languages", WpsNames.Wps1);
        foreach (var kind in (string[])["Default", "Supported"])
        {
            xml.WriteStartElement("wps", kind, WpsNames.Wps1);
            xml.WriteElementString("ows", "Language", WpsNames.Ows1, WpsNames.Language);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }
}
