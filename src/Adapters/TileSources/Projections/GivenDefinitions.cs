using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.TileSources.Projections;

/// <summary>Definitions that an operator drops in: <c>crs/EPSG_28992.wkt</c> in the data directory, WKT 1 inside.</summary>
internal static class GivenDefinitions
{
    /// <exception cref="InvalidDataException">A file's name is no CRS, or its text no definition that can be read; names the file.</exception>
    public static Dictionary<Crs, string> Read(string folder)
    {
        var given = new Dictionary<Crs, string>();
        if (!Directory.Exists(folder))
        {
            return given;
        }

        foreach (var path in Directory.EnumerateFiles(folder, "*.wkt").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (!Crs.TryParse(name.Replace('_', ':'), out var crs))
            {
                throw new InvalidDataException($"crs/{name}.wkt: the name is no CRS; it is like EPSG_28992.wkt");
            }

            var wkt = File.ReadAllText(path);
            var definition = WktDefinition.Read(wkt) ?? throw new InvalidDataException($"crs/{name}.wkt: holds no definition (WKT 1) that can be read");
            given[crs.Value] = definition.IsPlaced
                ? wkt
                : throw new InvalidDataException($"crs/{name}.wkt: has no TOWGS84, and its datum is not WGS 84's: places would be up to hundreds of metres beside where they are");
        }

        return given;
    }
}
