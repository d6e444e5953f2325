using GeoWps.Application.Tiles;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Storage.Files;

/// <summary>The operator's own tile matrix sets: JSON documents in a folder. They are read at the start, and a wrong one stops it.</summary>
internal static class TileMatrixSetFiles
{
    private const string Setting = "Tiles:MatrixSets";
    private const string StandardFolder = "tile-matrix-sets";

    /// <param name="folder">As the setting says; empty: the standard one in the data directory, which need not exist.</param>
    /// <exception cref="OptionsValidationException">The folder is not there, or a document is wrong; the message names the place.</exception>
    public static TileMatrixSets Read(string folder, string dataDirectory)
    {
        var path = folder.Length > 0 ? Path.GetFullPath(folder) : Path.Combine(dataDirectory, StandardFolder);
        if (!Directory.Exists(path))
        {
            return folder.Length == 0 ? new TileMatrixSets() : throw Refused($"{Setting}: '{folder}' is not allowed; a folder that exists");
        }

        try
        {
            return new TileMatrixSets(Directory.EnumerateFiles(path, "*.json").Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file))));
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            throw Refused($"{Setting}: {error.Message}");
        }
    }

    private static OptionsValidationException Refused(string why) => new(Setting, typeof(TilesOptions), [why]);
}
