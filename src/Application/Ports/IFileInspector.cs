namespace GeoWps.Application.Ports;

/// <summary>Reads what a file holds, by GDAL, where nothing that is in it can do harm. There is none where QGIS is not.</summary>
public interface IFileInspector
{
    /// <param name="name">Of the file; its extension is looked at.</param>
    /// <param name="write">Writes the content, or a zip of a shapefile's parts.</param>
    /// <returns>JSON, as <c>FileContents</c> says; of what is no data, with nothing in it.</returns>
    /// <exception cref="TileSourceException">It can't be read now; the message is safe to show.</exception>
    Task<string> InspectAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);
}
