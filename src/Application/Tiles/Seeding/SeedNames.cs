namespace GeoWps.Application.Tiles.Seeding;

/// <summary>How processes, inputs and outputs are called; requests to <c>/cache</c> have the inputs as members.</summary>
public static class SeedNames
{
    public const string Seed = "geowps:seed";
    public const string Reseed = "geowps:reseed";
    public const string Truncate = "geowps:truncate";
    public const string Export = "geowps:export";

    public const string Operation = "operation";
    public const string Layer = "layer";
    public const string TileMatrixSet = "tileMatrixSet";
    public const string TileMatrix = "tileMatrix";
    public const string Format = "format";
    public const string MinZoom = "minZoom";
    public const string MaxZoom = "maxZoom";
    public const string Bbox = "bbox";
    public const string Polygon = "polygon";
    public const string Tiles = "tiles";
    public const string Threads = "threads";
    public const string Rate = "rate";

    /// <summary>An input and the output of an export.</summary>
    public const string Archive = "archive";

    public const string Kept = "kept";
    public const string Empty = "empty";
    public const string Failed = "failed";
    public const string Bytes = "bytes";
    public const string Seconds = "seconds";

    public static string ProcessOf(SeedOperation operation) => operation switch
    {
        SeedOperation.Seed => Seed,
        SeedOperation.Reseed => Reseed,
        SeedOperation.Truncate => Truncate,
    };

    /// <param name="name">Of a process, or as <see cref="Operation"/> has it.</param>
    public static SeedOperation? Find(string name) => name switch
    {
        Seed or "seed" => SeedOperation.Seed,
        Reseed or "reseed" => SeedOperation.Reseed,
        Truncate or "truncate" => SeedOperation.Truncate,
        _ => null,
    };
}
