using System.Globalization;
using System.Xml;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Wps.Forms;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Wps.Documents;

/// <summary><c>wps:ProcessDescriptions</c> of 1.0.0: 05-007r7, clause 9.3.</summary>
internal static class DescriptionWriter100
{
    public static void Write(XmlWriter xml, IReadOnlyList<ProcessDescription> processes)
    {
        xml.WriteStartElement("wps", "ProcessDescriptions", WpsNames.Wps1);
        xml.WriteAttributeString("xmlns", "ows", null, OwsNames.Ows1);
        xml.WriteAttributeString("xmlns", "xsi", null, OwsNames.Xsi);
        xml.WriteAttributeString("xsi", "schemaLocation", OwsNames.Xsi, CapabilitiesWriter.SchemaLocation(WpsVersion.V100, "wpsDescribeProcess_response.xsd"));
        xml.WriteAttributeString("service", "WPS");
        xml.WriteAttributeString("version", "1.0.0");
        xml.WriteAttributeString("xml", "lang", OwsNames.Xml, OwsNames.Language);
        foreach (var process in processes)
        {
            Process(xml, process);
        }

        xml.WriteEndElement();
    }

    // Below the root the schema's elements have no namespace, but for those of OWS Common.
    private static void Process(XmlWriter xml, ProcessDescription process)
    {
        var canStore = process.JobControl.HasFlag(JobControlOptions.AsyncExecute);
        xml.WriteStartElement("ProcessDescription");
        xml.WriteAttributeString("wps", "processVersion", WpsNames.Wps1, process.Version);
        xml.WriteAttributeString("storeSupported", XmlConvert.ToString(canStore));
        xml.WriteAttributeString("statusSupported", XmlConvert.ToString(canStore));
        Descriptions.Brief100(xml, process.Id, process.Title, process.Description);
        if (process.Inputs.Count > 0)
        {
            xml.WriteStartElement("DataInputs");
            foreach (var input in process.Inputs)
            {
                Input(xml, input);
            }

            xml.WriteEndElement();
        }

        xml.WriteStartElement("ProcessOutputs");
        foreach (var output in process.Outputs)
        {
            xml.WriteStartElement("Output");
            Descriptions.Brief100(xml, output.Id, output.Title, output.Description);
            Form(xml, DataForms.Of(output.Schema, output.MediaTypes), isInput: false);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Input(XmlWriter xml, InputDescription input)
    {
        xml.WriteStartElement("Input");
        xml.WriteAttributeString("minOccurs", input.MinOccurs.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("maxOccurs", input.MaxOccurs.ToString(CultureInfo.InvariantCulture));
        Descriptions.Brief100(xml, input.Id, input.Title, InputText.Of(input));
        Form(xml, DataForms.Of(input.Schema, []), isInput: true);
        xml.WriteEndElement();
    }

    private static void Form(XmlWriter xml, DataForm form, bool isInput)
    {
        switch (form)
        {
            case DataForm.Literal literal:
                xml.WriteStartElement(isInput ? "LiteralData" : "LiteralOutput");
                Literal(xml, literal, isInput);
                break;
            case DataForm.Complex complex:
                xml.WriteStartElement(isInput ? "ComplexData" : "ComplexOutput");
                Complex(xml, complex);
                break;
            default:
                xml.WriteStartElement(isInput ? "BoundingBoxData" : "BoundingBoxOutput");
                Box(xml);
                break;
        }

        xml.WriteEndElement();
    }

    private static void Literal(XmlWriter xml, DataForm.Literal literal, bool isInput)
    {
        xml.WriteStartElement("ows", "DataType", OwsNames.Ows1);
        xml.WriteAttributeString("ows", "reference", OwsNames.Ows1, WpsNames.Xsd + literal.DataType);
        xml.WriteString(literal.DataType);
        xml.WriteEndElement();
        if (!isInput)
        {
            return;
        }

        LiteralValues.Write(xml, OwsNames.Ows1, literal);
        if (literal.Default is { } preset)
        {
            xml.WriteElementString("DefaultValue", XmlLetters.Clean(preset));
        }
    }

    private static void Complex(XmlWriter xml, DataForm.Complex complex)
    {
        xml.WriteStartElement("Default");
        Format(xml, complex.Default);
        xml.WriteEndElement();
        xml.WriteStartElement("Supported");
        foreach (var format in complex.Formats)
        {
            Format(xml, format);
        }

        xml.WriteEndElement();
    }

    private static void Format(XmlWriter xml, DataFormat format)
    {
        xml.WriteStartElement("Format");
        xml.WriteElementString("MimeType", format.MediaType);
        if (format.Encoding is { } encoding)
        {
            xml.WriteElementString("Encoding", encoding);
        }

        if (format.Schema is { } schema)
        {
            xml.WriteElementString("Schema", schema);
        }

        xml.WriteEndElement();
    }

    private static void Box(XmlWriter xml)
    {
        xml.WriteStartElement("Default");
        xml.WriteElementString("CRS", BoxCrs.Default);
        xml.WriteEndElement();
        xml.WriteStartElement("Supported");
        foreach (var crs in BoxCrs.All)
        {
            xml.WriteElementString("CRS", crs);
        }

        xml.WriteEndElement();
    }
}
