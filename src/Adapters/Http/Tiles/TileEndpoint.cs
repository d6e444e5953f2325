using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Tiles;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>A tile of one layer: OGC API - Tiles 1.0 (OGC 20-057), class "Core"; the addresses of XYZ and TMS are the same resource (of WMTS: <see cref="Wmts.WmtsTileEndpoint"/>).</summary>
internal sealed class TileEndpoint(GetTile tiles, LayerTilesets tilesets, MakeTiles maker) : ApiEndpoint
{
    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes(
            "/collections/{layer}/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}",
            "/collections/{layer}/map/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}",
            "/xyz/{layer}/{tileMatrix}/{tileCol}/{tileRow}",
            "/tms/1.0.0/{layer}/{tileMatrix}/{tileCol}/{tileRow}");
    }

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var (asked, mistake) = await AskAsync(ct);
        return mistake ?? await AnswerAsync(tiles, asked!.Value, ct);
    }

    /// <summary>Asks and answers; what is not there, empty or failed each has its own answer.</summary>
    internal static async Task<IResult> AnswerAsync(GetTile tiles, TileRequest asked, CancellationToken ct) => await tiles.ExecuteAsync(asked, ct) switch
    {
        TileAnswer.Found found => new TileResult(found),
        TileAnswer.Absent { Part: AbsentPart.TileMatrix } absent => Problems.NoSuchTile($"There is no tile matrix {absent.Name} of {asked.Tileset.Set.Id} here."),
        TileAnswer.Absent { Part: AbsentPart.Tile } absent => Problems.NoSuchTile($"The layer has no tile at {absent.Name} of tile matrix {asked.TileMatrix}."),
        TileAnswer.Absent absent => Problems.NoSuchTile($"The layer has no tiles in {absent.Name}."),
        TileAnswer.Failed failed => Problems.NotMade(failed.Message, failed.RetryAfter),
        _ => throw new InvalidOperationException("There is no other answer."),
    };

    private async Task<(TileRequest? Asked, IResult? Mistake)> AskAsync(CancellationToken ct)
    {
        if (!TileAddress.TryParse(Request.Path.Value, out var address))
        {
            return (null, Problems.NoSuchTile("Row and column are whole numbers from 0."));
        }

        var (layer, set) = (address.Layer.ToString(), address.TileMatrixSet.ToString());
        var (tileset, absent) = await tilesets.FindAsync(layer, set, ct);
        if (tileset is null)
        {
            return (null, absent == AbsentPart.Layer ? Problems.NoSuchCollection(layer) : Problems.NoSuchTileMatrixSet(set));
        }

        // A span does not outlive a wait.
        TileAddress.TryParse(Request.Path.Value, out address);
        if (TileForms.Choose(Request, tileset.Layer, address, maker, out var format) is { } mistake)
        {
            return (null, mistake);
        }

        var row = tileset.Set.TryFind(address.TileMatrix, out var matrix) ? address.RowIn(matrix) : address.Row;
        return (new TileRequest(tileset, address.TileMatrix.ToString(), new TileIndex(address.Column, row), format), null);
    }
}
