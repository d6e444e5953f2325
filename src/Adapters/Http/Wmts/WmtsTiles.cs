using System.Globalization;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Tiles;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Tiles;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Wmts;

/// <summary>Tiles as WMTS asks for them, and what is wrong in its words: OGC 07-057r7, tables 22 and 26.</summary>
internal sealed class WmtsTiles(GetTile tiles, LayerTilesets tilesets, MakeTiles maker)
{
    /// <param name="absent">The status of what there is not: 400 where a parameter names it, 404 where the address does.</param>
    public async Task<IResult> AnswerAsync(WmtsTile asked, int absent, CancellationToken cancellationToken)
    {
        var (place, fault) = await FindAsync(asked, cancellationToken);
        if (fault is not null)
        {
            return new ExceptionReport(OwsNames.Ows1, [fault with { Status = absent }]);
        }

        return await tiles.ExecuteAsync(new TileRequest(place!.Tileset, asked.TileMatrix, place.Tile, place.Format), cancellationToken) switch
        {
            TileAnswer.Found found => new TileResult(found),
            TileAnswer.Failed failed => new ExceptionReport(OwsNames.Ows1, [OwsFault.Other(failed.Message, StatusCodes.Status503ServiceUnavailable)]) { RetryAfter = failed.RetryAfter ?? TimeSpan.FromSeconds(10) },

            // Whatever may be absent was judged.
            _ => throw new InvalidOperationException("There is no other answer."),
        };
    }

    /// <summary>What a request names, or what is wrong with it.</summary>
    public async Task<(WmtsPlace? Place, OwsFault? Fault)> FindAsync(WmtsTile asked, CancellationToken cancellationToken)
    {
        var (tileset, missing) = await tilesets.FindAsync(asked.Layer, asked.TileMatrixSet, cancellationToken);
        if (tileset is null)
        {
            return (null, missing == AbsentPart.Layer
                ? OwsFault.Invalid("layer", $"There is no layer {asked.Layer}.")
                : OwsFault.Invalid("TileMatrixSet", $"The layer has no tile matrix set {asked.TileMatrixSet}."));
        }

        if (asked.Style != WmtsTile.DefaultStyle)
        {
            return (null, OwsFault.Invalid("style", $"There is no style {asked.Style}; there is {WmtsTile.DefaultStyle}."));
        }

        var format = asked.Format is null ? maker.FormatsOf(tileset.Layer).FirstOrDefault() : TileFormat.Find(asked.Format);
        if (format is null || !maker.Makes(tileset.Layer, format))
        {
            return (null, OwsFault.Invalid("format", $"The layer has no tiles in {asked.Format}; there are {string.Join(", ", maker.FormatsOf(tileset.Layer).Select(one => one.MediaType))}."));
        }

        if (!tileset.Set.TryFindLevel(asked.TileMatrix, out var level) || tileset.RangeOf(level) is not { } range)
        {
            return (null, OwsFault.Invalid("TileMatrix", $"The layer has no tile matrix {asked.TileMatrix}."));
        }

        var fault = Judge("TileRow", asked.TileRow, range.MinRow, range.MaxRow, out var row);
        var column = 0;
        fault ??= Judge("TileCol", asked.TileCol, range.MinColumn, range.MaxColumn, out column);
        return fault is null ? (new WmtsPlace(tileset, format, level, new TileIndex(column, row)), null) : (null, fault);
    }

    /// <summary>A number that lies outside is out of range, whatever its size; what is no number is an invalid value.</summary>
    private static OwsFault? Judge(string parameter, string text, int first, int last, out int number)
    {
        number = 0;
        var isNumber = text.Length is > 0 and < 40 && text.AsSpan(text[0] == '-' && text.Length > 1 ? 1 : 0).IndexOfAnyExceptInRange('0', '9') < 0;
        return !isNumber ? OwsFault.Invalid(parameter, $"{parameter}: must be a whole number (got {text})")
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && number >= first && number <= last ? null
            : new OwsFault("TileOutOfRange", parameter, $"{parameter}: must be {first} to {last} (got {text})");
    }
}

/// <summary>A tile that a request names.</summary>
internal sealed record WmtsPlace(LayerTileset Tileset, TileFormat Format, int Level, TileIndex Tile)
{
    public TileMatrix Matrix => Tileset.Set.Matrices[Level];
}
