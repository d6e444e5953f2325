namespace GeoWps.Adapters.Shell.Layers;

/// <summary>What <c>geowps layers export</c> was told.</summary>
/// <param name="File">Its extension says the kind: <c>.mbtiles</c> or <c>.pmtiles</c>.</param>
/// <param name="Zoom">One, or first and last (<c>0-8</c>).</param>
/// <param name="Bbox">West, south, east, north in degrees, with commas between.</param>
/// <param name="Polygon">A file of GeoJSON.</param>
internal sealed record ExportWish(string Layer, string File, string? Format, string? Zoom, string? Bbox, string? Polygon, bool Json);
