using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GeoWps.Adapters.Execution.Workers;

/// <summary>What the host sends: python/PROTOCOL.md.</summary>
internal sealed record ForkFrame(long Id)
{
    public string Op => "fork";
}

internal sealed record CatalogueFrame(long Id)
{
    public string Op => "catalogue";
}

/// <param name="Kind"><c>model</c> or <c>script</c>.</param>
internal sealed record TryFrame(long Id, string Kind, string File)
{
    public string Op => "try";
}

internal sealed record CheckFrame(long Id, bool Trusted, IReadOnlyList<CheckItem> Items)
{
    public string Op => "check";
}

internal sealed record CancelFrame(long Id)
{
    public string Op => "cancel";
}

internal sealed record RunFrame(
    long Id,
    string Algorithm,
    string Folder,
    bool Trusted,
    JsonObject Parameters,
    JsonObject Outputs,
    JsonObject Context,
    int MemoryMb)
{
    public string Op => "run";
}

/// <param name="Extent">Of the tiles, x before y.</param>
/// <param name="Gutter">Pixels on the left, above, on the right, below.</param>
/// <param name="File">Where the tiles go; it is there, and empty.</param>
internal sealed record RenderFrame(
    long Id,
    DrawnSource Source,
    string Crs,
    double[] Extent,
    RenderTiles Tiles,
    int[] Gutter,
    string Format,
    string File,
    int MemoryMb)
{
    public string Op => "render";
}

/// <param name="Lengths">Of the pictures in the file, the lowest first.</param>
/// <param name="File">The pictures, one after the other; then the tile.</param>
internal sealed record ComposeFrame(long Id, IReadOnlyList<int> Lengths, int Width, int Height, string Format, string File, int MemoryMb)
{
    public string Op => "compose";
}

/// <summary>A SOURCE of python/PROTOCOL.md.</summary>
/// <param name="Kind"><c>vector</c>, <c>raster</c> or <c>project</c>; to be described only, <c>file</c>.</param>
/// <param name="Folder">All that may be read.</param>
/// <param name="Table">Of a vector source.</param>
internal sealed record DrawnSource(string Kind, string Path, string Folder, string? Table = null, DrawnStyle? Style = null);

/// <param name="Kind"><c>qml</c> or <c>maplibre</c>.</param>
internal sealed record DrawnStyle(string Kind, string Text);

/// <param name="Width">Pixels of a tile.</param>
/// <param name="Height">Pixels of a tile.</param>
/// <param name="DrawnWidth">Pixels that a tile has before it is squeezed to its width: more where it takes several columns.</param>
internal sealed record RenderTiles(int Columns, int Rows, int Width, int Height, int DrawnWidth);

internal sealed record DescribeFrame(long Id, DrawnSource Source, int MemoryMb)
{
    public string Op => "describe";
}

/// <summary>The members of frames that come in; which are there depends on <see cref="Op"/>.</summary>
internal sealed record ReceivedFrame
{
    public required string Op { get; init; }

    public long? Id { get; init; }

    public string? Role { get; init; }

    public int Protocol { get; init; }

    /// <summary>As the sender sees itself, in its own namespace.</summary>
    public int Pid { get; init; }

    public string? Qgis { get; init; }

    public string? Gdal { get; init; }

    public string? Python { get; init; }

    public int? Code { get; init; }

    public int? Signal { get; init; }

    public long MaxRssKb { get; init; }

    public double Percent { get; init; }

    public string? Level { get; init; }

    public string? Text { get; init; }

    public string? Kind { get; init; }

    public string? Message { get; init; }

    public IReadOnlyList<ReceivedMistake> Mistakes { get; init; } = [];

    public JsonElement Results { get; init; }

    public string? Reason { get; init; }

    /// <summary>Bytes of tiles, row by row from above; 0 for one with nothing in it.</summary>
    public IReadOnlyList<int> Lengths { get; init; } = [];

    /// <summary>What of a project is not drawn, and why.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Of a file that was described.</summary>
    public JsonElement Contents { get; init; }

    public string? Crs { get; init; }

    /// <summary>Longitude and latitude; not there where there are no data.</summary>
    public IReadOnlyList<double>? Extent { get; init; }

    public IReadOnlyList<ReceivedBand> Bands { get; init; } = [];

    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>The whole frame, where it is a catalogue or an algorithm that was tried.</summary>
    [JsonIgnore]
    public JsonElement Whole { get; init; }
}

internal sealed record ReceivedMistake(string? Input, string? Message);

/// <param name="Type">GDAL's name of it.</param>
internal sealed record ReceivedBand(string Name, string Type);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ForkFrame))]
[JsonSerializable(typeof(CatalogueFrame))]
[JsonSerializable(typeof(TryFrame))]
[JsonSerializable(typeof(CheckFrame))]
[JsonSerializable(typeof(CancelFrame))]
[JsonSerializable(typeof(RunFrame))]
[JsonSerializable(typeof(RenderFrame))]
[JsonSerializable(typeof(ComposeFrame))]
[JsonSerializable(typeof(DescribeFrame))]
[JsonSerializable(typeof(ReceivedFrame))]
[JsonSerializable(typeof(string))]
internal sealed partial class FrameJson : JsonSerializerContext;
