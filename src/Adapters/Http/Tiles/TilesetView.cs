using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>A tileset as it is described: of one layer or of several.</summary>
/// <param name="Address">Of the tilesets list that it is in: <c>…/collections/{layer}/tiles</c>, without a slash at its end.</param>
/// <param name="Map">Drawn, not features.</param>
/// <param name="Limits">OGC 17-083r4, 6.2.</param>
/// <param name="Formats">In which its tiles are to be had, the first when nobody says.</param>
/// <param name="Collections">What <c>collections</c> chose, to be kept in links; empty when nothing.</param>
internal sealed record TilesetView(
    string BaseAddress,
    string Address,
    string Title,
    bool Map,
    TileMatrixSet Set,
    IReadOnlyList<TileMatrixLimits> Limits,
    IReadOnlyList<Layer> Layers,
    IReadOnlyList<TileFormat> Formats,
    string Collections = "")
{
    /// <summary>OGC 20-057, 7.1: what kind of data the tiles hold.</summary>
    public string DataType => Map ? "map" : "vector";

    public string Self => $"{Address}/{Set.Id}{(Collections.Length == 0 ? "" : "?collections=" + Collections)}";

    /// <summary>Longitude and latitude of what its layers hold.</summary>
    public Extent Extent => Layers.Aggregate(Extent.Empty, (all, layer) => all.Join(layer.Contents.Extent));

    public bool HasTileJson => Set.Id == TileAddress.WebMercator;

    public string TileJson => Addresses.In(Self, TilesetForms.TileJson);

    /// <summary>The address of its tiles, with the standard's three names in braces, or with those of map libraries.</summary>
    public string Template(TileFormat format, bool forLibraries = false)
    {
        var tile = forLibraries ? "{z}/{y}/{x}" : "{tileMatrix}/{tileRow}/{tileCol}";

        // Where there is one format, it need not be named, and Accept means something.
        string[] query = [.. Formats.Count > 1 ? [$"f={format.Name}"] : (string[])[], .. Collections.Length > 0 ? [$"collections={Collections}"] : (string[])[]];
        return $"{Address}/{Set.Id}/{tile}{(query.Length == 0 ? "" : "?" + string.Join('&', query))}";
    }

    public static TilesetView Of(string baseAddress, LayerTileset tileset, bool map, MakeTiles maker) => new(
        baseAddress,
        AddressOf(baseAddress, tileset.Layer, map),
        tileset.Layer.Title,
        map,
        tileset.Set,
        tileset.Limits,
        [tileset.Layer],
        TileForms.Of(tileset.Layer, map, maker));

    public static TilesetView Of(string baseAddress, DatasetTileset dataset, bool map, string collections) => new(
        baseAddress,
        DatasetAddress(baseAddress, map),
        "All layers",
        map,
        dataset.Set,
        dataset.Limits,
        [.. dataset.Layers.Select(layer => layer.Layer)],
        map ? GetDatasetMap.Formats : [TileFormat.Mvt],
        collections);

    /// <summary>Of the tilesets of all layers together.</summary>
    public static string DatasetAddress(string baseAddress, bool map) => baseAddress + (map ? "map/tiles" : "tiles");

    public static string AddressOf(string baseAddress, Layer layer, bool map) => $"{baseAddress}collections/{layer.Id}/{(map ? "map/tiles" : "tiles")}";
}
