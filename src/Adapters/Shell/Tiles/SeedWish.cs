namespace GeoWps.Adapters.Shell.Tiles;

/// <summary>What the command line says about <c>geowps seed</c> and <c>geowps truncate</c>.</summary>
/// <param name="Zoom">One, or the first and the last: <c>0-8</c>.</param>
/// <param name="Bbox">West, south, east, north: <c>5,47,15,55</c>.</param>
/// <param name="Polygon">A file of GeoJSON.</param>
/// <param name="Tiles">A file of tiles, a line each.</param>
internal sealed record SeedWish(
    string Operation,
    string Layer,
    IReadOnlyList<string> Sets,
    IReadOnlyList<string> Formats,
    string? Zoom,
    string? Bbox,
    string? Polygon,
    string? Tiles,
    int? Threads,
    double? Rate,
    bool Wait,
    bool Json);
