using System.Xml;
using GeoWps.Adapters.Http.Ows;
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
        xml.WriteAttributeString("xmlns", "xlink", null, OwsNames.XLink);
        xml.WriteAttributeString("xmlns", "xsi", null, OwsNames.Xsi);
        xml.WriteAttributeString("xsi", "schemaLocation", OwsNames.Xsi, SchemaLocation(version));
        xml.WriteAttributeString("service", "WPS");
        xml.WriteAttributeString("version", version.Text());
        xml.WriteAttributeString("updateSequence", content.UpdateSequence);
        if (version == WpsVersion.V100)
        {
            xml.WriteAttributeString("xml", "lang", OwsNames.Xml, OwsNames.Language);
        }

        var metadata = new ServiceMetadata(xml, ows);
        WriteIf(content, "ServiceIdentification", () => metadata.Identification(content.Service, "WPS", WpsVersions.All.Select(one => one.Text()), "WPS", "geoprocessing", "QGIS"));
        WriteIf(content, "ServiceProvider", () => metadata.Provider(content.Service));
        WriteIf(content, "OperationsMetadata", () => Operations(xml, metadata, version, content.BaseAddress + "wps"));
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

    private static void Operations(XmlWriter xml, ServiceMetadata metadata, WpsVersion version, string address)
    {
        xml.WriteStartElement("ows", "OperationsMetadata", version.Ows());
        foreach (var operation in version.Operations())
        {
            metadata.Operation(operation, ("Get", address, null), ("Post", address, null));
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
        xml.WriteStartElement("ows", "Languages", OwsNames.Ows2);
        xml.WriteElementString("ows", "Language", OwsNames.Ows2, OwsNames.Language);
        xml.WriteEndElement();
    }

    private static void Languages100(XmlWriter xml)
    {
        xml.WriteStartElement("wps", "Languages", WpsNames.Wps1);
        foreach (var kind in (string[])["Default", "Supported"])
        {
            xml.WriteStartElement("wps", kind, WpsNames.Wps1);
            xml.WriteElementString("ows", "Language", OwsNames.Ows1, OwsNames.Language);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }
}
