using System.Xml;

namespace GeoWps.Adapters.Http.Ows;

/// <summary>What the capabilities of every service say of the server: OWS Common (06-121r3), clauses 7.4.4 to 7.4.6.</summary>
/// <param name="ows">The namespace of the service's OWS Common.</param>
internal sealed class ServiceMetadata(XmlWriter xml, string ows)
{
    /// <param name="versions">The highest first.</param>
    public void Identification(HttpOptions service, string type, IEnumerable<string> versions, params ReadOnlySpan<string> keywords)
    {
        xml.WriteStartElement("ows", "ServiceIdentification", ows);
        xml.WriteElementString("ows", "Title", ows, XmlLetters.Clean(service.Title));
        xml.WriteElementString("ows", "Abstract", ows, XmlLetters.Clean(service.Description));
        xml.WriteStartElement("ows", "Keywords", ows);
        foreach (var keyword in keywords)
        {
            xml.WriteElementString("ows", "Keyword", ows, keyword);
        }

        xml.WriteEndElement();
        xml.WriteElementString("ows", "ServiceType", ows, type);
        foreach (var version in versions)
        {
            xml.WriteElementString("ows", "ServiceTypeVersion", ows, version);
        }

        xml.WriteElementString("ows", "Fees", ows, "NONE");
        xml.WriteElementString("ows", "AccessConstraints", ows, "NONE");
        xml.WriteEndElement();
    }

    public void Provider(HttpOptions service)
    {
        xml.WriteStartElement("ows", "ServiceProvider", ows);
        xml.WriteElementString("ows", "ProviderName", ows, XmlLetters.Clean(service.ProviderName));
        if (service.ProviderSite.Length > 0)
        {
            xml.WriteStartElement("ows", "ProviderSite", ows);
            xml.WriteAttributeString("xlink", "href", OwsNames.XLink, service.ProviderSite);
            xml.WriteEndElement();
        }

        xml.WriteStartElement("ows", "ServiceContact", ows);
        if (service.ContactEmail.Length > 0)
        {
            xml.WriteStartElement("ows", "ContactInfo", ows);
            xml.WriteStartElement("ows", "Address", ows);
            xml.WriteElementString("ows", "ElectronicMailAddress", ows, XmlLetters.Clean(service.ContactEmail));
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    /// <param name="ways"><c>Get</c> or <c>Post</c>, where to, and how requests are encoded (<c>KVP</c>, <c>RESTful</c>) where the service tells these apart.</param>
    public void Operation(string name, params ReadOnlySpan<(string Method, string Address, string? Encoding)> ways)
    {
        xml.WriteStartElement("ows", "Operation", ows);
        xml.WriteAttributeString("name", name);
        xml.WriteStartElement("ows", "DCP", ows);
        xml.WriteStartElement("ows", "HTTP", ows);
        foreach (var (method, address, encoding) in ways)
        {
            xml.WriteStartElement("ows", method, ows);
            xml.WriteAttributeString("xlink", "href", OwsNames.XLink, address);
            if (encoding is not null)
            {
                xml.WriteStartElement("ows", "Constraint", ows);
                xml.WriteAttributeString("name", method + "Encoding");
                xml.WriteStartElement("ows", "AllowedValues", ows);
                xml.WriteElementString("ows", "Value", ows, encoding);
                xml.WriteEndElement();
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }
}
