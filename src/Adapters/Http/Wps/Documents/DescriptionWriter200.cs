using System.Globalization;
using System.Xml;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Wps.Forms;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Wps.Documents;

/// <summary><c>wps:ProcessOfferings</c> of 2.0: 14-065, clauses 8 and 9.8.3.</summary>
internal static class DescriptionWriter200
{
    public static void Write(XmlWriter xml, IReadOnlyList<ProcessDescription> processes)
    {
        xml.WriteStartElement("wps", "ProcessOfferings", WpsNames.Wps2);
        xml.WriteAttributeString("xmlns", "ows", null, OwsNames.Ows2);
        xml.WriteAttributeString("xmlns", "xsi", null, OwsNames.Xsi);
        xml.WriteAttributeString("xsi", "schemaLocation", OwsNames.Xsi, CapabilitiesWriter.SchemaLocation(WpsVersion.V200));
        foreach (var process in processes)
        {
            Offering(xml, process);
        }

        xml.WriteEndElement();
    }

    private static void Offering(XmlWriter xml, ProcessDescription process)
    {
        xml.WriteStartElement("wps", "ProcessOffering", WpsNames.Wps2);
        Descriptions.Properties200(xml, process);
        xml.WriteStartElement("wps", "Process", WpsNames.Wps2);
        xml.WriteAttributeString("xml", "lang", OwsNames.Xml, OwsNames.Language);
        Descriptions.Head200(xml, process.Id, process.Title, process.Description, process.Keywords);
        foreach (var input in process.Inputs)
        {
            xml.WriteStartElement("wps", "Input", WpsNames.Wps2);
            xml.WriteAttributeString("minOccurs", input.MinOccurs.ToString(CultureInfo.InvariantCulture));
            xml.WriteAttributeString("maxOccurs", input.MaxOccurs == InputDescription.Unbounded ? "unbounded" : input.MaxOccurs.ToString(CultureInfo.InvariantCulture));
            Descriptions.Head200(xml, input.Id, input.Title, InputText.Of(input), []);
            Form(xml, DataForms.Of(input.Schema, []));
            xml.WriteEndElement();
        }

        foreach (var output in process.Outputs)
        {
            xml.WriteStartElement("wps", "Output", WpsNames.Wps2);
            Descriptions.Head200(xml, output.Id, output.Title, output.Description, []);
            Form(xml, DataForms.Of(output.Schema, output.MediaTypes));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Form(XmlWriter xml, DataForm form)
    {
        switch (form)
        {
            case DataForm.Literal literal:
                xml.WriteStartElement("wps", "LiteralData", WpsNames.Wps2);
                PlainFormats(xml);
                Domain(xml, literal);
                break;
            case DataForm.Complex complex:
                xml.WriteStartElement("wps", "ComplexData", WpsNames.Wps2);
                foreach (var format in complex.Formats)
                {
                    Format(xml, format, ReferenceEquals(format, complex.Default));
                }

                break;
            default:
                xml.WriteStartElement("wps", "BoundingBoxData", WpsNames.Wps2);
                Format(xml, new DataFormat("text/xml", null, null), isDefault: true);
                foreach (var crs in BoxCrs.All)
                {
                    xml.WriteStartElement("wps", "SupportedCRS", WpsNames.Wps2);
                    Default(xml, crs == BoxCrs.Default);
                    xml.WriteString(crs);
                    xml.WriteEndElement();
                }

                break;
        }

        xml.WriteEndElement();
    }

    /// <summary>A literal comes in its element or as bare text.</summary>
    private static void PlainFormats(XmlWriter xml)
    {
        Format(xml, new DataFormat("text/plain", null, null), isDefault: true);
        Format(xml, new DataFormat("text/xml", null, null), isDefault: false);
    }

    private static void Domain(XmlWriter xml, DataForm.Literal literal)
    {
        xml.WriteStartElement("LiteralDataDomain");
        Default(xml, isDefault: true);
        LiteralValues.Write(xml, OwsNames.Ows2, literal);
        xml.WriteStartElement("ows", "DataType", OwsNames.Ows2);
        xml.WriteAttributeString("ows", "reference", OwsNames.Ows2, WpsNames.Xsd + literal.DataType);
        xml.WriteString(literal.DataType);
        xml.WriteEndElement();
        if (literal.Default is { } preset)
        {
            xml.WriteElementString("ows", "DefaultValue", OwsNames.Ows2, XmlLetters.Clean(preset));
        }

        xml.WriteEndElement();
    }

    private static void Format(XmlWriter xml, DataFormat format, bool isDefault)
    {
        xml.WriteStartElement("wps", "Format", WpsNames.Wps2);
        Default(xml, isDefault);
        xml.WriteAttributeString("mimeType", format.MediaType);
        WriteIfAny(xml, "encoding", format.Encoding);
        WriteIfAny(xml, "schema", format.Schema);
        xml.WriteEndElement();
    }

    private static void Default(XmlWriter xml, bool isDefault)
    {
        if (isDefault)
        {
            xml.WriteAttributeString("default", "true");
        }
    }

    private static void WriteIfAny(XmlWriter xml, string name, string? value)
    {
        if (value is not null)
        {
            xml.WriteAttributeString(name, value);
        }
    }
}
