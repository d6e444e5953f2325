namespace GeoWps.Adapters.Http.Wps.Forms;

/// <summary>How WPS sees the value of an input or output: it knows three kinds of data (05-007r7, clause 9.3.1; 14-065, clause 7.3).</summary>
internal abstract record DataForm
{
    private DataForm()
    {
    }

    /// <param name="DataType">The short name of a type of XML Schema, such as <c>double</c>.</param>
    /// <param name="Allowed">The only values there are; empty for any within <paramref name="Range"/>.</param>
    /// <param name="Default">As text; <see langword="null"/> for none.</param>
    public sealed record Literal(string DataType, IReadOnlyList<string> Allowed, LiteralRange? Range, string? Default) : DataForm;

    /// <param name="Formats">The default first.</param>
    public sealed record Complex(IReadOnlyList<DataFormat> Formats) : DataForm
    {
        public DataFormat Default => Formats[0];
    }

    /// <summary>A bounding box; the default CRS is the first of <see cref="BoxCrs"/>.</summary>
    public sealed record Box : DataForm;
}

/// <param name="Encoding"><c>base64</c> for what is no text.</param>
/// <param name="Schema">Address of the schema of its content.</param>
internal sealed record DataFormat(string MediaType, string? Encoding, string? Schema);

/// <summary>Bounds of a number, as text.</summary>
/// <param name="Closure"><c>closed</c>, <c>open</c>, <c>open-closed</c> or <c>closed-open</c>.</param>
internal sealed record LiteralRange(string? Minimum, string? Maximum, string Closure);

/// <summary>The CRSs that a description names for boxes; every other that the server knows is taken, too.</summary>
internal static class BoxCrs
{
    public const string Default = "urn:ogc:def:crs:EPSG::4326";

    public static IReadOnlyList<string> All { get; } = [Default, "urn:ogc:def:crs:OGC:1.3:CRS84"];
}
