using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;

namespace GeoWps.Tests.Integration.Wps;

/// <summary>The schemas of WMTS, WPS and OWS Common of both versions, read from files and nowhere else.</summary>
internal static class OgcSchemas
{
    private static readonly Lazy<XmlSchemaSet> All = new(() =>
    {
        var set = new XmlSchemaSet { XmlResolver = new FilesOnly() };
        foreach (var file in (string[])["wps/1.0.0/wpsAll.xsd", "wps/2.0/wps.xsd", "wmts/1.0/wmts.xsd", "ows/1.1.0/owsAll.xsd", "ows/2.0/owsAll.xsd"])
        {
            set.Add(null, Path.Combine(AppContext.BaseDirectory, "Schemas", "ogc", file));
        }

        set.Compile();
        return set;
    });

    /// <returns>The root, valid.</returns>
    public static XElement ShouldBeValid(string xml)
    {
        var mistakes = new List<string>();
        var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = All.Value, XmlResolver = null };
        settings.ValidationFlags |= XmlSchemaValidationFlags.ReportValidationWarnings;
        settings.ValidationEventHandler += (_, happening) => mistakes.Add($"{happening.Severity}: {happening.Message}");
        using var reader = XmlReader.Create(new StringReader(xml), settings);
        var root = XDocument.Load(reader).Root!;

        // The content of complex data has schemas of its own.
        mistakes.Where(mistake => !mistake.Contains("Could not find schema information", StringComparison.Ordinal)).ShouldBeEmpty(xml.Length > 3000 ? xml[..3000] : xml);
        All.Value.GlobalElements.Contains(new XmlQualifiedName(root.Name.LocalName, root.Name.NamespaceName)).ShouldBeTrue($"{root.Name} is no element of the schemas");
        return root;
    }

    private sealed class FilesOnly : XmlUrlResolver
    {
        public override object? GetEntity(Uri absoluteUri, string? role, Type? ofObjectToReturn) =>
            absoluteUri.IsFile ? base.GetEntity(absoluteUri, role, ofObjectToReturn) : throw new XmlException($"{absoluteUri} is not to be fetched");
    }
}
