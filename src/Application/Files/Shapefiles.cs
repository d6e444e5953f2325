using GeoWps.Domain.Files;

namespace GeoWps.Application.Files;

/// <summary>A shapefile is several files beside each other, of one stem.</summary>
internal static class Shapefiles
{
    private const string Main = ".shp";

    private static readonly string[] _parts = [".shx", ".dbf", ".prj", ".cpg", ".qpj"];

    public static bool Is(FilePath path) => Path.GetExtension(path.Name).Equals(Main, StringComparison.OrdinalIgnoreCase);

    /// <summary>Where the other parts of a shapefile would be; in capitals as it is itself.</summary>
    public static IEnumerable<FilePath> PartsOf(FilePath path)
    {
        var isUpper = Path.GetExtension(path.Name) == ".SHP";
        return _parts.Select(part => Beside(path, isUpper ? part.ToUpperInvariant() : part)).OfType<FilePath>();
    }

    /// <summary>Of which shapefile a file is a part, if there is one; nothing for any other file.</summary>
    public static FilePath? WholeOf(FilePath path)
    {
        var extension = Path.GetExtension(path.Name);
        return _parts.Contains(extension) ? Beside(path, Main) : _parts.Contains(extension.ToLowerInvariant()) ? Beside(path, Main.ToUpperInvariant()) : null;
    }

    private static FilePath? Beside(FilePath path, string extension) => path.Folder.Under(Path.GetFileNameWithoutExtension(path.Name) + extension);
}
