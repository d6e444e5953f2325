using GeoWps.Domain.Layers;

namespace GeoWps.Application.Ports;

/// <summary>Reads what a raster or a project is, before it is published as a layer. There is none where QGIS is not.</summary>
public interface IDrawnInspector
{
    /// <param name="path">Absolute; a file that the server may read.</param>
    /// <returns>
    /// Of kind <see cref="LayerKind.Map"/>: the CRS that the data stand in and their extent in degrees. A raster's bands are its fields (<c>band_1</c>, …); a
    /// project's are its visible layers, in drawing order from below.
    /// </returns>
    /// <exception cref="TileSourceException">It can't be read, or not now; the message is safe to show.</exception>
    Task<LayerContents> InspectAsync(string path, DrawnKind what, CancellationToken cancellationToken);
}
