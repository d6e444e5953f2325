using System.Diagnostics.CodeAnalysis;

namespace GeoWps.Domain.Spatial;

/// <summary>
/// A coordinate reference system by its name in a register: <c>EPSG:3857</c>, <c>OGC:CRS84</c>. Coordinates inside the server are always x before y;
/// the order of a CRS's own axes matters only where a document is read or written.
/// </summary>
/// <param name="Authority">In capitals: <c>EPSG</c>, <c>OGC</c>.</param>
public readonly record struct Crs(string Authority, string Code)
{
    /// <summary>Degrees, longitude first.</summary>
    public static Crs Crs84 { get; } = new("OGC", "CRS84");

    public static Crs Wgs84 { get; } = new("EPSG", "4326");

    public static Crs WebMercator { get; } = new("EPSG", "3857");

    /// <summary>As the standards' documents name it: <c>http://www.opengis.net/def/crs/EPSG/0/3857</c>.</summary>
    public string Uri => $"http://www.opengis.net/def/crs/{Authority}/{(Authority == "OGC" ? "1.3" : "0")}/{Code}";

    /// <summary>As OWS documents name it, with the order of axes that the register says: <c>urn:ogc:def:crs:EPSG::3857</c> (OGC 07-092r3).</summary>
    public string Urn => $"urn:ogc:def:crs:{Authority}:{(Authority == "OGC" ? "1.3" : "")}:{Code}";

    /// <summary>Whether both give the same place the same coordinates once they stand x before y.</summary>
    public bool SameAs(Crs other) => Normal(this) == Normal(other);

    /// <summary>Reads every usual spelling: <c>EPSG:3857</c>, a number alone, URI, URN, CURIE in brackets.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Crs? crs)
    {
        crs = null;
        var name = (text ?? "").Trim().Trim('[', ']');
        if (name.Length is 0 or > 200)
        {
            return false;
        }

        if (name.All(char.IsAsciiDigit))
        {
            crs = new Crs("EPSG", name);
            return true;
        }

        var parts = name.StartsWith("urn:ogc:def:crs:", StringComparison.OrdinalIgnoreCase) ? name["urn:ogc:def:crs:".Length..].Split(':')
            : name.StartsWith("http", StringComparison.OrdinalIgnoreCase) && name.IndexOf("/def/crs/", StringComparison.OrdinalIgnoreCase) is > 0 and var at ? name[(at + "/def/crs/".Length)..].Split('/')
            : name.Split(':');
        if (parts.Length is 2 or 3 && parts[0].Length > 0 && parts[^1].Length > 0 && parts.All(part => part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-')))
        {
            crs = Named(parts[0].ToUpperInvariant(), parts[^1].ToUpperInvariant());
            return true;
        }

        return false;
    }

    public override string ToString() => $"{Authority}:{Code}";

    /// <summary>The codes that Web Mercator had before it got its own.</summary>
    private static Crs Named(string authority, string code) => (authority, code) switch
    {
        ("EPSG", "900913" or "3785") => WebMercator,
        ("CRS", "84") => Crs84,
        _ => new Crs(authority, code),
    };

    private static Crs Normal(Crs crs) => crs == Crs84 ? Wgs84 : crs;
}
