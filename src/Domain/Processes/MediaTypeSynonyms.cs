namespace GeoWps.Domain.Processes;

/// <summary>
/// Other names for the same format, as clients of WPS and of web services write them → the name that we compare by. All are in the form that
/// <see cref="MediaTypes"/> makes of a type: lower case, without spaces and quotes, parameters in order.
/// </summary>
internal static class MediaTypeSynonyms
{
    private const string Gml = "application/gml+xml";
    private const string GeoTiff = "image/tiff;application=geotiff";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        // The example of the standard has the first two.
        ["application/tiff"] = "image/tiff",
        ["application/jp2"] = "image/jp2",
        ["image/geotiff"] = "image/tiff",
        ["image/x-geotiff"] = "image/tiff",
        ["application/geotiff"] = "image/tiff",
        ["application/x-geotiff"] = "image/tiff",
        ["image/jpg"] = "image/jpeg",
        ["application/vnd.geo+json"] = MediaTypes.GeoJson,
        ["application/geojson"] = MediaTypes.GeoJson,
        ["application/x-geojson"] = MediaTypes.GeoJson,
        ["text/json"] = MediaTypes.Json,
        ["application/xml"] = MediaTypes.Xml,
        ["text/gml"] = Gml,
        ["application/vnd.ogc.gml"] = Gml,
        ["application/vnd.google-earth.kml"] = "application/vnd.google-earth.kml+xml",
        ["application/kml+xml"] = "application/vnd.google-earth.kml+xml",
        ["application/csv"] = "text/csv",
        ["text/comma-separated-values"] = "text/csv",
        ["application/x-zip-compressed"] = "application/zip",
        ["application/x-zip"] = "application/zip",
        ["application/x-zipped-shp"] = "application/zip",
        ["application/x-shapefile"] = "application/zip",
        ["application/x-shp"] = "application/zip",
        ["application/shp"] = "application/zip",
        ["application/x-dbf"] = "application/vnd.dbf",
        ["application/dbf"] = "application/vnd.dbf",
        ["application/vnd.sqlite3"] = "application/geopackage+sqlite3",
        ["application/x-sqlite3"] = "application/geopackage+sqlite3",
        ["application/geopackage"] = "application/geopackage+sqlite3",
        ["application/x-gpkg"] = "application/geopackage+sqlite3",
        ["application/vnd.flatgeobuf"] = "application/flatgeobuf",
        ["application/x-flatgeobuf"] = "application/flatgeobuf",
        ["application/x-ogc-aaigrid"] = MediaTypes.AsciiGrid,
        ["application/x-esri-ascii-grid"] = MediaTypes.AsciiGrid,
        ["application/asciigrid"] = MediaTypes.AsciiGrid,
        ["image/x-aaigrid"] = MediaTypes.AsciiGrid,
    };

    private static readonly Dictionary<string, string> Whole = new(StringComparer.Ordinal)
    {
        [GeoTiff.Replace("application", "subtype", StringComparison.Ordinal)] = GeoTiff,
        ["image/tiff;subtype=cog"] = GeoTiff + ";profile=cloud-optimized",
        ["image/tiff;profile=cloud-optimized"] = GeoTiff + ";profile=cloud-optimized",
        ["image/tiff;application=geotiff;cloud-optimized=true"] = GeoTiff + ";profile=cloud-optimized",
        ["image/vnd.stac.geotiff;cloud-optimized=true"] = GeoTiff + ";profile=cloud-optimized",
        ["image/vnd.stac.geotiff"] = GeoTiff,
        ["application/json;subtype=geojson"] = MediaTypes.GeoJson,
        ["application/json;type=geojson"] = MediaTypes.GeoJson,
        ["text/xml;subtype=kml"] = "application/vnd.google-earth.kml+xml",
        ["text/plain;subtype=arcgrid"] = MediaTypes.AsciiGrid,
        ["text/plain;subtype=asciigrid"] = MediaTypes.AsciiGrid,
        ["text/xml;subtype=wfs-collection/1.0"] = Gml + ";version=2.1",
        ["text/xml;subtype=wfs-collection/1.1"] = Gml + ";version=3.1",
        ["text/xml;subtype=wfs-collection/2.0"] = Gml + ";version=3.2",
        ["application/wfs-collection-1.0"] = Gml + ";version=2.1",
        ["application/wfs-collection-1.1"] = Gml + ";version=3.1",
    };

    /// <summary>By a part of the address of a schema: WPS says with it what "text/xml" leaves open.</summary>
    private static readonly (string Part, string Type)[] Schemas =
    [
        ("/gml/3.2", "text/xml; subtype=gml/3.2.1"), ("/gml/3.1", "text/xml; subtype=gml/3.1.1"), ("/gml/2.", "text/xml; subtype=gml/2.1.2"),
        ("/wfs/2.0", "text/xml; subtype=gml/3.2.1"), ("/wfs/1.1", "text/xml; subtype=gml/3.1.1"), ("/wfs/1.0", "text/xml; subtype=gml/2.1.2"),
        ("/kml/", "application/vnd.google-earth.kml+xml"),
    ];

    /// <returns><see langword="null"/> for a schema of something else.</returns>
    public static string? OfSchema(string schema) =>
        Schemas.Where(known => schema.Contains(known.Part, StringComparison.OrdinalIgnoreCase)).Select(known => known.Type).FirstOrDefault();

    /// <param name="type">Without parameters.</param>
    /// <param name="parameters">In order; may be empty.</param>
    public static (string Type, string Parameters) Resolve(string type, string parameters)
    {
        type = Types.GetValueOrDefault(type, type);
        var (known, rest) = Split(Whole.GetValueOrDefault(Join(type, parameters), Join(type, parameters)));
        return VersionOfGml(known, rest) is { } version ? (Gml, version.Length == 0 ? "" : "version=" + version) : (known, rest);
    }

    /// <summary>
    /// <c>text/xml; subtype=gml/3.1.1</c>, <c>application/gml-3.1.1</c> and <c>application/gml+xml; version=3.1</c> are one.
    /// </summary>
    /// <returns>Major and minor; empty for GML of any; <see langword="null"/> for what is no GML.</returns>
    private static string? VersionOfGml(string type, string parameters)
    {
        const string Subtype = "subtype=gml", Version = "version=", Dashed = "application/gml-";
        if (type.StartsWith(Dashed, StringComparison.Ordinal))
        {
            return MajorAndMinor(type[Dashed.Length..]);
        }

        if (type is not (Gml or MediaTypes.Xml))
        {
            return null;
        }

        foreach (var parameter in parameters.Split(';'))
        {
            if (parameter.StartsWith(Subtype, StringComparison.Ordinal))
            {
                return MajorAndMinor(parameter[Subtype.Length..].TrimStart('/'));
            }

            if (type == Gml && parameter.StartsWith(Version, StringComparison.Ordinal))
            {
                return MajorAndMinor(parameter[Version.Length..]);
            }
        }

        return type == Gml && parameters.Length == 0 ? "" : null;
    }

    private static string MajorAndMinor(string version) => string.Join('.', version.Split('/')[0].Split('.').Take(2));

    private static string Join(string type, string parameters) => parameters.Length == 0 ? type : $"{type};{parameters}";

    private static (string Type, string Parameters) Split(string whole) =>
        whole.IndexOf(';', StringComparison.Ordinal) is > 0 and var end ? (whole[..end], whole[(end + 1)..]) : (whole, "");
}
