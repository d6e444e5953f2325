using System.Globalization;
using System.Text.RegularExpressions;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.TileSources.Upstream;

/// <summary>The address of a tile of another server, with places for its matrix, column and row.</summary>
internal static partial class UpstreamTemplate
{
    /// <returns>Why a text is no template; <see langword="null"/> when it is one.</returns>
    public static string? Refuse(string template)
    {
        var names = Place().Matches(template).Select(place => place.Groups["name"].Value.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        if (names.FirstOrDefault(name => name is not ("z" or "x" or "y" or "-y" or "tilematrix" or "tilerow" or "tilecol") && !name.StartsWith("switch:", StringComparison.Ordinal)) is { } unknown)
        {
            return $"'{{{unknown}}}' is not known: {{z}}, {{x}}, {{y}}, {{-y}}, {{TileMatrix}}, {{TileRow}}, {{TileCol}}, {{switch:a,b}}";
        }

        return !names.Contains("z") && !names.Contains("tilematrix") ? "it has no place for the matrix: {z} or {TileMatrix}"
            : !names.Contains("x") && !names.Contains("tilecol") ? "it has no place for the column: {x} or {TileCol}"
            : !names.Contains("y") && !names.Contains("-y") && !names.Contains("tilerow") ? "it has no place for the row: {y}, {-y} or {TileRow}"
            : null;
    }

    /// <returns><see langword="null"/> when the other server has no such matrix.</returns>
    public static string? AddressOf(LayerSource.Upstream source, TileMatrix matrix, int level, TileIndex tile)
    {
        var matrixId = source.Matrices is not { } ids ? matrix.Id : level < ids.Count ? ids[level] : "";
        if (matrixId.Length == 0)
        {
            return null;
        }

        var (fromTop, fromBottom) = matrix.CornerOfOrigin == CornerOfOrigin.TopLeft ? (tile.Row, matrix.MatrixHeight - 1 - tile.Row) : (matrix.MatrixHeight - 1 - tile.Row, tile.Row);
        return Place().Replace(source.Template, place => place.Groups["name"].Value.ToLowerInvariant() switch
        {
            "z" or "tilematrix" => Uri.EscapeDataString(matrixId),
            "x" or "tilecol" => Text(tile.Column),
            "y" when source.Protocol == UpstreamKind.Tms => Text(fromBottom),
            "-y" => Text(fromBottom),
            "y" => Text(fromTop),
            "tilerow" => Text(tile.Row),
            // The same tile always from the same host, so that caches on the way can keep it.
            { } name when name.StartsWith("switch:", StringComparison.Ordinal) => name["switch:".Length..].Split(',') is var hosts ? hosts[(tile.Column + tile.Row) % hosts.Length] : "",
            _ => place.Value,
        });
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(?<name>[^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
