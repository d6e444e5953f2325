using System.IO.Compression;
using GeoWps.Adapters.Shell.Processes;

namespace GeoWps.Adapters.Shell.Requests;

/// <summary>Finds out how a local file is sent: GeoJSON as it is, data sets of several files as a zip, everything else as base64.</summary>
internal static class LocalFile
{
    /// <summary>Endings (after the name without extension) of the files that belong to a file; the data set can't be read without them.</summary>
    private static readonly Dictionary<string, string[]> _parts = new(StringComparer.OrdinalIgnoreCase)
    {
        [".shp"] = [".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".shp.xml"],
        [".tab"] = [".dat", ".map", ".id", ".ind"],
        [".mif"] = [".mid"],
        [".gml"] = [".gfs", ".xsd"],
        [".tif"] = [".tfw", ".tifw", ".wld", ".tif.aux.xml"],
        [".tiff"] = [".tfw", ".tiffw", ".wld", ".tiff.aux.xml"],
        [".png"] = [".pgw", ".pngw", ".wld", ".png.aux.xml"],
        [".jpg"] = [".jgw", ".jpgw", ".wld", ".jpg.aux.xml"],
        [".asc"] = [".prj", ".asc.aux.xml"],
    };

    /// <summary>Those that are several files by nature, and go as a zip even when only one is there.</summary>
    private static readonly HashSet<string> _always = new(StringComparer.OrdinalIgnoreCase) { ".shp", ".tab", ".mif" };

    public static RequestValue Read(string path, ValueSchema schema, TemporaryFiles temporary)
    {
        var extension = Path.GetExtension(path);
        var parts = Parts(path, extension);
        if (parts.Count > 0 || _always.Contains(extension))
        {
            return new RequestValue.BinaryFile(Pack([path, .. parts], temporary), FileFormats.Zip);
        }

        var possible = FileFormats.Of(path);
        var mediaType = FileFormats.Match(possible, schema.MediaTypes)
            ?? possible.FirstOrDefault()
            ?? (schema.MediaTypes is [var only] ? only : "application/octet-stream");
        return FileFormats.SameType(mediaType, FileFormats.GeoJson) || FileFormats.SameType(mediaType, "application/json")
            ? new RequestValue.JsonFile(path, mediaType)
            : new RequestValue.BinaryFile(path, mediaType);
    }

    /// <summary>The file as one, with those that belong to it: itself, or a zip.</summary>
    public static string AsOne(string path, TemporaryFiles temporary)
    {
        var extension = Path.GetExtension(path);
        var parts = Parts(path, extension);
        return parts.Count > 0 || _always.Contains(extension) ? Pack([path, .. parts], temporary) : path;
    }

    private static List<string> Parts(string path, string extension)
    {
        if (!_parts.TryGetValue(extension, out var endings))
        {
            return [];
        }

        var stem = Path.GetFileNameWithoutExtension(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return
        [
            .. Directory.EnumerateFiles(folder)
                .Where(file => endings.Any(ending => string.Equals(Path.GetFileName(file), stem + ending, StringComparison.OrdinalIgnoreCase)))
                .Order(StringComparer.Ordinal),
        ];
    }

    // The main file comes first: that is how the server knows it.
    private static string Pack(IReadOnlyList<string> files, TemporaryFiles temporary)
    {
        var target = temporary.Create();
        using var stream = new FileStream(target, FileMode.Create);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create);
        foreach (var file in files)
        {
            zip.CreateEntryFromFile(file, Path.GetFileName(file), CompressionLevel.Fastest);
        }

        return target;
    }
}
