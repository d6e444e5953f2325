using GeoWps.Application.Tiles;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Storage.Files;

/// <summary>The operator's own tile matrix sets, and those that came with layers: JSON documents in a folder. They are read at the start, and a wrong one stops it.</summary>
internal static class TileMatrixSetFiles
{
    private const string Setting = "Tiles:MatrixSets";
    private const string StandardFolder = "tile-matrix-sets";

    /// <param name="folder">As the setting says; empty: the standard one in the data directory, which need not exist.</param>
    /// <exception cref="OptionsValidationException">The folder is not there, or a document is wrong; the message names the place.</exception>
    public static TileMatrixSets Read(string folder, string dataDirectory)
    {
        var defined = new DefinedSets(dataDirectory);
        var path = folder.Length > 0 ? Path.GetFullPath(folder) : Path.Combine(dataDirectory, StandardFolder);
        var exists = Directory.Exists(path);
        if (!exists && folder.Length > 0)
        {
            throw Refused($"{Setting}: '{folder}' is not allowed; a folder that exists");
        }

        try
        {
            var given = exists ? Directory.EnumerateFiles(path, "*.json").Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file))) : [];
            return new TileMatrixSets(defined.Read().Concat(given), defined);
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            throw Refused($"{Setting}: {error.Message}");
        }
    }

    private static OptionsValidationException Refused(string why) => new(Setting, typeof(TilesOptions), [why]);
}
