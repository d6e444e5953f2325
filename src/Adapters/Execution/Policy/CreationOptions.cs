using System.Text.RegularExpressions;
using GeoWps.Adapters.Execution.Catalogue;

namespace GeoWps.Adapters.Execution.Policy;

/// <summary>Creation options of GDAL's drivers that neither write side files nor name paths.</summary>
internal static partial class CreationOptions
{
    /// <summary>NAME → what its value must look like. Raster: <c>NAME=VALUE|NAME=VALUE</c>, as QGIS writes it.</summary>
    private static readonly Dictionary<string, string> Raster = new(StringComparer.OrdinalIgnoreCase)
    {
        ["COMPRESS"] = "^(NONE|LZW|DEFLATE|PACKBITS|JPEG|ZSTD|LZMA|LERC|LERC_DEFLATE|LERC_ZSTD|WEBP|CCITTFAX3|CCITTFAX4|CCITTRLE)$",
        ["PREDICTOR"] = "^([123]|YES|NO|STANDARD|FLOATING_POINT)$",
        ["ZLEVEL"] = "^[0-9]$",
        ["ZSTD_LEVEL"] = "^([1-9]|1[0-9]|2[0-2])$",
        ["JPEG_QUALITY"] = "^([1-9][0-9]?|100)$",
        ["QUALITY"] = "^([1-9][0-9]?|100)$",
        ["TILED"] = "^(YES|NO)$",
        ["BLOCKXSIZE"] = "^[0-9]{1,5}$",
        ["BLOCKYSIZE"] = "^[0-9]{1,5}$",
        ["BLOCKSIZE"] = "^[0-9]{1,5}$",
        ["BIGTIFF"] = "^(YES|NO|IF_NEEDED|IF_SAFER)$",
        ["INTERLEAVE"] = "^(BAND|PIXEL|LINE)$",
        ["NBITS"] = "^[0-9]{1,2}$",
        ["PHOTOMETRIC"] = "^(MINISBLACK|MINISWHITE|RGB|CMYK|YCBCR|CIELAB|ICCLAB|ITULAB)$",
        ["ALPHA"] = "^(YES|NO|UNSPECIFIED|NON-PREMULTIPLIED|PREMULTIPLIED)$",
        ["SPARSE_OK"] = "^(TRUE|FALSE)$",
        ["MAX_Z_ERROR"] = @"^[0-9]+(\.[0-9]+)?$",
        ["PROGRESSIVE"] = "^(ON|OFF|YES|NO)$",
        ["DECIMAL_PRECISION"] = "^[0-9]{1,2}$",
        ["FORCE_CELLSIZE"] = "^(TRUE|FALSE)$",
    };

    /// <summary>Vector: <c>-lco NAME=VALUE -dsco NAME=VALUE</c>, as they stand on ogr2ogr's command line.</summary>
    private static readonly Dictionary<string, string> Vector = new(StringComparer.OrdinalIgnoreCase)
    {
        ["GEOMETRY_NAME"] = "^[A-Za-z_][A-Za-z0-9_]*$",
        ["FID"] = "^[A-Za-z_][A-Za-z0-9_]*$",
        ["ENCODING"] = "^[A-Za-z0-9-]+$",
        ["SPATIAL_INDEX"] = "^(YES|NO)$",
        ["COORDINATE_PRECISION"] = "^[0-9]{1,2}$",
        ["RFC7946"] = "^(YES|NO)$",
        ["WRITE_BBOX"] = "^(YES|NO)$",
        ["WRITE_NAME"] = "^(YES|NO)$",
        ["SEPARATOR"] = "^(COMMA|SEMICOLON|TAB|SPACE|PIPE)$",
        ["GEOMETRY"] = "^AS_(WKT|XYZ|XY|YX)$",
        ["FORMAT"] = "^GML(2|3|3Deegree|3\\.2)$",
        ["VERSION"] = @"^[0-9]\.[0-9]$",
    };

    public static string? Refuse(AlgorithmDescriptor algorithm, string text)
    {
        var isRaster = algorithm.Parameters.Any(parameter => parameter.Type == "rasterDestination");
        return isRaster ? RefuseEach(text.Split('|'), Raster) : RefuseVector(text);
    }

    private static string? RefuseVector(string text)
    {
        var options = VectorOption().Matches(text);
        var rest = VectorOption().Replace(text, "").Trim();
        return rest.Length > 0
            ? $"'{Short(rest)}' is not taken; options are -lco NAME=VALUE or -dsco NAME=VALUE"
            : RefuseEach(options.Select(match => match.Groups[1].Value), Vector);
    }

    private static string? RefuseEach(IEnumerable<string> options, Dictionary<string, string> known)
    {
        foreach (var option in options)
        {
            var parts = option.Trim().Split('=', 2);
            if (parts.Length != 2 || !known.TryGetValue(parts[0], out var pattern))
            {
                return $"'{Short(option)}' is not taken; known are NAME=VALUE with {string.Join(", ", known.Keys)}";
            }

            if (!Regex.IsMatch(parts[1], pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant))
            {
                return $"'{Short(parts[1])}' is no value of {parts[0]}";
            }
        }

        return null;
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";

    [GeneratedRegex(@"-(?:lco|dsco)\s+(\S+=\S+)\s*", RegexOptions.IgnoreCase)]
    private static partial Regex VectorOption();
}
