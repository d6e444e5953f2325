namespace GeoWps.Domain.Tiles;

/// <summary>In what a tile is written.</summary>
/// <param name="Name">As <c>?f=</c> and file names have it.</param>
/// <param name="Compressible">Whether gzip makes it smaller.</param>
public sealed record TileFormat(string Name, string MediaType, bool IsVector, bool Compressible)
{
    public static TileFormat Mvt { get; } = new("mvt", "application/vnd.mapbox-vector-tile", IsVector: true, Compressible: true);

    public static TileFormat Png { get; } = new("png", "image/png", IsVector: false, Compressible: false);

    public static TileFormat Jpeg { get; } = new("jpeg", "image/jpeg", IsVector: false, Compressible: false);

    public static TileFormat Webp { get; } = new("webp", "image/webp", IsVector: false, Compressible: false);

    public static IReadOnlyList<TileFormat> All { get; } = [Mvt, Png, Jpeg, Webp];

    /// <summary>The ending of files and of addresses: <c>pbf</c> is what map libraries call <c>mvt</c>.</summary>
    public string Extension => Name == "mvt" ? "pbf" : Name == "jpeg" ? "jpg" : Name;

    /// <summary>By name, ending or media type, without regard to case.</summary>
    public static TileFormat? Find(string text) => text.ToLowerInvariant() switch
    {
        "mvt" or "pbf" or "application/vnd.mapbox-vector-tile" or "application/x-protobuf" => Mvt,
        "png" or "image/png" => Png,
        "jpeg" or "jpg" or "image/jpeg" or "image/jpg" => Jpeg,
        "webp" or "image/webp" => Webp,
        _ => null,
    };

    public override string ToString() => Name;
}
