using System.ComponentModel.DataAnnotations;

namespace GeoWps.Application.Tiles;

/// <summary>Section <c>Tiles</c>: what holds for the tiles of all layers.</summary>
public sealed class TilesOptions
{
    public const string Section = "Tiles";

    /// <summary>A folder of tile matrix sets (JSON documents, OGC 17-083r4) besides the built-in ones. Default: <c>tile-matrix-sets</c> in the data directory.</summary>
    public string MatrixSets { get; set; } = "";

    /// <summary>How many layers are in the tiles of the whole server (<c>/tiles</c>, <c>/map/tiles</c>): the first by their ids, of those that stay. Default: 50.</summary>
    [Range(0, 1000)]
    public int DatasetLayers { get; set; } = 50;
}
