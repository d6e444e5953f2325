using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>Which tiles are to be put into what file.</summary>
/// <param name="Tiles">Of <see cref="Set"/>; its operation counts for nothing.</param>
public sealed record TileArchiveWish(SeedWish Tiles, TileArchiveKind Kind)
{
    /// <summary>The only tile matrix set that archives have: zoom and position of a matrix are one.</summary>
    public const string Set = "WebMercatorQuad";

    public const string MbTiles = "application/vnd.sqlite3";
    public const string PmTiles = "application/vnd.pmtiles";

    public string MediaType => Kind switch
    {
        TileArchiveKind.MbTiles => MbTiles,
        TileArchiveKind.PmTiles => PmTiles,
    };

    /// <summary>For who saves it.</summary>
    public string FileName => Tiles.Layer + Kind switch
    {
        TileArchiveKind.MbTiles => ".mbtiles",
        TileArchiveKind.PmTiles => ".pmtiles",
    };

    /// <summary>The input says which kind it is, else the media type that is asked for; both must not differ.</summary>
    public static TileArchiveWish Read(SeedWish tiles, ExecuteRequest request, List<Mistake> mistakes)
    {
        var named = request.Inputs.TryGetValue(SeedNames.Archive, out var values) && values[0] is InputValue.Inline { Json: { ValueKind: JsonValueKind.String } text }
            ? KindOf(text.GetString()!) : null;
        var asked = request.Outputs?.FirstOrDefault(output => output.Id == SeedNames.Archive)?.MediaType is { } mediaType
            ? MediaTypes.Match(mediaType, [MbTiles, PmTiles]) switch { 0 => TileArchiveKind.MbTiles, 1 => TileArchiveKind.PmTiles, _ => (TileArchiveKind?)null }
            : null;
        if (named is not null && asked is not null && named != asked)
        {
            mistakes.Add(new Mistake(SeedNames.Archive, "must be the kind of file that the output's media type names"));
        }

        return new TileArchiveWish(tiles with { TileMatrixSets = [Set] }, named ?? asked ?? TileArchiveKind.MbTiles);
    }

    private static TileArchiveKind? KindOf(string name) => name switch
    {
        "mbtiles" => TileArchiveKind.MbTiles,
        "pmtiles" => TileArchiveKind.PmTiles,
        _ => null,
    };
}
