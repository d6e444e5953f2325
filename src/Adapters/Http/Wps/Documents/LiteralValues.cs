using System.Xml;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Wps.Forms;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Wps.Documents;

/// <summary><c>ows:AllowedValues</c> or <c>ows:AnyValue</c>, the same in both versions but for the namespace.</summary>
internal static class LiteralValues
{
    public static void Write(XmlWriter xml, string ows, DataForm.Literal literal)
    {
        if (literal.Allowed.Count == 0 && literal.Range is null)
        {
            xml.WriteStartElement("ows", "AnyValue", ows);
            xml.WriteEndElement();
            return;
        }

        xml.WriteStartElement("ows", "AllowedValues", ows);
        foreach (var value in literal.Allowed)
        {
            xml.WriteElementString("ows", "Value", ows, XmlLetters.Clean(value));
        }

        if (literal.Range is { } range)
        {
            xml.WriteStartElement("ows", "Range", ows);
            xml.WriteAttributeString("ows", "rangeClosure", ows, range.Closure);
            WriteIfAny(xml, "MinimumValue", ows, range.Minimum);
            WriteIfAny(xml, "MaximumValue", ows, range.Maximum);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteIfAny(XmlWriter xml, string name, string ows, string? value)
    {
        if (value is not null)
        {
            xml.WriteElementString("ows", name, ows, value);
        }
    }
}

/// <summary>The abstract of an input; says what the numbers of a choice mean.</summary>
internal static class InputText
{
    public static string? Of(InputDescription input) =>
        (input.Description, LiteralForms.Choices(input.Schema)) switch
        {
            (var description, null) => description,
            (null or "", var choices) => choices,
            (var description, var choices) => $"{description} ({choices})",
        };
}
