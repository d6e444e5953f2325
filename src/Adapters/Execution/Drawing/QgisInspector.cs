using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;

namespace GeoWps.Adapters.Execution.Drawing;

/// <summary>Has QGIS open a raster or a project, as it would to draw it.</summary>
internal sealed class QgisInspector(Drawings drawings) : IDrawnInspector
{
    public async Task<LayerContents> InspectAsync(string path, DrawnKind what, CancellationToken cancellationToken)
    {
        var answer = await drawings.DescribeAsync(QgisTileSource.Source(path, what, null), cancellationToken);
        var bands = answer.Bands.Select(band => new LayerField(band.Name, "number"));
        return new LayerContents
        {
            Kind = LayerKind.Map,
            Crs = Crs.TryParse(answer.Crs, out var crs) ? crs.Value : Crs.Crs84,
            Extent = answer.Extent is [var minX, var minY, var maxX, var maxY] ? new Extent(minX, minY, maxX, maxY) : Extent.Empty,
            Fields = [.. bands, .. answer.Layers.Select(layer => new LayerField(layer, "string"))],
            LeftOut = answer.LeftOut,
        };
    }
}
