using GeoWps.Domain.Caching;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using GeoWps.Domain.Time;

namespace GeoWps.Domain.Layers;

/// <summary>
/// A published data set: its tiles, and where it has features, its items. Immutable; a change makes the next <see cref="Revision"/>.
/// </summary>
public sealed record Layer
{
    /// <summary>Part of addresses and file names: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, at most 100, beginning with a letter or digit.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<string> Keywords { get; init; } = [];

    public string? Attribution { get; init; }

    /// <summary>Names of the fields whose values the layer is found by.</summary>
    public IReadOnlyList<string> SearchFields { get; init; } = [];

    public required LayerSource Source { get; init; }

    /// <summary>The name of the node that read its data in place; <see langword="null"/> where they lie with the server's own, or nobody has noted it. Others have them only if they were put there, too.</summary>
    public string? Home { get; init; }

    public required LayerContents Contents { get; init; }

    public LayerTiles Tiles { get; init; } = new();

    public LayerCaching Caching { get; init; } = new();

    /// <summary>A MapLibre style document, or a QGIS style (QML); <see langword="null"/> for one that fits the geometry.</summary>
    public LayerStyle? Style { get; init; }

    /// <summary>The job that made it, where one did.</summary>
    public string? Job { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    /// <summary>When it goes, with its data and tiles; <see langword="null"/>: it stays (it is pinned).</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>That its data take in the data directory, a file that layers share counted for each; 0 where they lie somewhere else.</summary>
    public long Bytes { get; init; }

    /// <summary>Changes so far, from 1; a store compares it before it writes.</summary>
    public long Revision { get; init; } = 1;

    public bool IsVector => Contents.Kind == LayerKind.Vector;

    /// <summary>The formats that its tiles can be asked in, the first when nobody says.</summary>
    public IReadOnlyList<TileFormat> Formats => Tiles.Formats.Count > 0 ? Tiles.Formats : Contents.Kind switch
    {
        LayerKind.Vector => [TileFormat.Mvt],
        LayerKind.Map => [TileFormat.Png, TileFormat.Jpeg],
    };

    /// <summary>A text that may be a layer's id: none that a collection of the server's own has.</summary>
    public static bool IsId(string text) =>
        text.Length is > 0 and <= 100 && text != Records.CatalogueId.Value && char.IsAsciiLetterOrDigit(text[0])
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') && !text.EndsWith('.');
}

public enum LayerKind
{
    /// <summary>Features: vector tiles, items, and tiles drawn by QGIS where that is there.</summary>
    Vector,

    /// <summary>Pictures: a raster, a project, another server's images.</summary>
    Map,
}

/// <summary>What the data are; read when a layer is published or renewed.</summary>
public sealed record LayerContents
{
    public required LayerKind Kind { get; init; }

    /// <summary>In which the data stand.</summary>
    public Crs Crs { get; init; } = Crs.Crs84;

    /// <summary>Longitude and latitude, degrees; empty where there are no data.</summary>
    public required Extent Extent { get; init; }

    /// <summary><c>Point</c>, <c>LineString</c>, <c>Polygon</c> (also of their multiples); <see langword="null"/> when mixed or unknown.</summary>
    public string? GeometryType { get; init; }

    public long? FeatureCount { get; init; }

    public IReadOnlyList<LayerField> Fields { get; init; } = [];

    /// <summary>The field that <c>datetime</c> asks for.</summary>
    public string? TimeField { get; init; }

    /// <summary>The times of the features, of <see cref="TimeField"/>.</summary>
    public TimeInterval? Times => Fields.FirstOrDefault(one => one.Name == TimeField)?.Range;

    /// <summary>What of a project is not drawn, and why.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];
}

/// <param name="Type">A JSON Schema type, <c>string</c> <c>integer</c> <c>number</c> <c>boolean</c>.</param>
/// <param name="Format"><c>date</c>, <c>date-time</c>, or nothing.</param>
public sealed record LayerField(string Name, string Type, string? Format = null)
{
    /// <summary>Of a field with dates: from the first to the last, when the data were read; <see langword="null"/> where nobody has looked.</summary>
    public TimeInterval? Range { get; init; }
}

/// <summary>How tiles are made.</summary>
public sealed record LayerTiles
{
    /// <summary>Ids of the tile matrix sets that are offered.</summary>
    public IReadOnlyList<string> TileMatrixSets { get; init; } = ["WebMercatorQuad", "WorldCRS84Quad"];

    /// <summary>When empty, what fits the kind.</summary>
    public IReadOnlyList<TileFormat> Formats { get; init; } = [];

    /// <summary>Position of the first matrix that is served.</summary>
    public int MinLevel { get; init; }

    /// <summary>Position of the last one.</summary>
    public int MaxLevel { get; init; } = 22;

    /// <summary>Names of the fields that tiles carry, in this order; <see langword="null"/> for all, none when empty.</summary>
    public IReadOnlyList<string>? Attributes { get; init; }

    /// <summary>The name of the layer inside vector tiles; the id when not given.</summary>
    public string? Name { get; init; }

    /// <summary>Units that a side of a vector tile has.</summary>
    public int TileExtent { get; init; } = 4096;

    /// <summary>How far geometries reach over a tile's edge, in the units of <see cref="TileExtent"/>.</summary>
    public int Buffer { get; init; } = 64;

    /// <summary>How far a simplified line may be from the true one, in units of <see cref="TileExtent"/>; 0 keeps every vertex that the grid tells apart.</summary>
    public double Simplification { get; init; } = 2;

    /// <summary>Lines shorter and areas smaller than this (units, square units) are left out before the last matrix; 0 leaves out nothing.</summary>
    public double MinSize { get; init; }

    /// <summary>Features in one tile; what is beyond is left out and the tile says so.</summary>
    public int MaxFeatures { get; init; } = 100_000;

    /// <summary>Bytes of one tile before packing; features beyond are left out and the tile says so.</summary>
    public int MaxBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Tiles a side of a metatile.</summary>
    public int MetaTile { get; init; } = 4;

    /// <summary>Pixels around a drawn metatile that are cut off, so that labels and signs are not.</summary>
    public int Gutter { get; init; } = 32;
}

/// <summary>What of it is kept, and for how long.</summary>
public sealed record LayerCaching
{
    public bool Enabled { get; init; } = true;

    /// <summary>What clients are told (<c>Cache-Control: max-age</c>), seconds.</summary>
    public int MaxAgeSeconds { get; init; } = 300;

    /// <summary>When a kept tile is made anew, seconds; 0: when it is told to.</summary>
    public int ExpireSeconds { get; init; }

    /// <summary>The same for single matrices, by position; over <see cref="ExpireSeconds"/>.</summary>
    public IReadOnlyDictionary<int, int> ExpireByLevel { get; init; } = new Dictionary<int, int>();

    /// <summary>Whether an expired tile is answered while it is being renewed.</summary>
    public bool ServeStale { get; init; }

    /// <summary>Bytes that its tiles may take in the persistent store; 0: no limit of its own.</summary>
    public long QuotaBytes { get; init; }

    /// <summary>How tiles that shrink are packed. <see cref="TileEncoding.Brotli"/> is smaller and slower to make.</summary>
    public TileEncoding Encoding { get; init; } = TileEncoding.Gzip;

    /// <summary>Seconds that a tile of a matrix stays fresh; <see langword="null"/>: until it is told otherwise.</summary>
    public TimeSpan? FreshFor(int level) =>
        ExpireByLevel.GetValueOrDefault(level, ExpireSeconds) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null;
}

/// <param name="Kind">What the text is.</param>
public sealed record LayerStyle(StyleKind Kind, string Text);

public enum StyleKind
{
    /// <summary>A MapLibre style document (JSON).</summary>
    MapLibre,

    /// <summary>A QGIS layer style (XML).</summary>
    Qml,
}
