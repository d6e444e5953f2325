using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>In which format a tile is asked for: the ending, <c>f</c>, or <c>Accept</c> among those of its address.</summary>
internal static class TileForms
{
    /// <summary>Those that an address without an ending has: features under <c>tiles</c>, pictures under <c>map/tiles</c>.</summary>
    public static IReadOnlyList<TileFormat> Of(Layer layer, bool map, MakeTiles maker) =>
        [.. maker.FormatsOf(layer).Where(format => format.IsVector != (map || !layer.IsVector))];

    /// <summary>What can be told without reading the headers of negotiation; the usual browser and map library.</summary>
    /// <returns><see langword="null"/> when it can't.</returns>
    public static TileFormat? Quick(HttpRequest request, Layer layer, in TileAddress address)
    {
        if (address.Extension.Length > 0)
        {
            return request.QueryString.HasValue ? null : ByExtension(address.Extension);
        }

        if (request.QueryString.Value is { Length: > 3 } query)
        {
            return query.StartsWith("?f=", StringComparison.Ordinal) ? ByExtension(query.AsSpan(3)) : null;
        }

        // Who takes anything gets the first.
        return layer.IsVector && !address.Map && (request.Headers.Accept is [] or ["*/*"]) ? TileFormat.Mvt : null;
    }

    /// <summary>By all that a request says.</summary>
    /// <param name="format">The one to make.</param>
    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    public static Problem? Choose(HttpRequest request, Layer layer, in TileAddress address, MakeTiles maker, out TileFormat format)
    {
        format = TileFormat.Mvt;
        var named = address.Extension.Length > 0 ? address.Extension.ToString() : request.Query["f"].ToString();
        if (named.Length > 0)
        {
            if (TileFormat.Find(named) is not { } known)
            {
                return address.Extension.Length > 0 ? Problems.NotFound(request.Path) : Problems.InvalidParameters([new("f", $"must be {string.Join(" or ", maker.FormatsOf(layer).Select(one => one.Name))} (got {named})")]);
            }

            format = known;
            return maker.Makes(layer, known) ? null
                : address.Extension.Length > 0 ? Problems.NotFound(request.Path)
                : Problems.InvalidParameters([new("f", $"layer {layer.Id} has no tiles in {known.Name}; there are {string.Join(", ", maker.FormatsOf(layer).Select(one => one.Name))}")]);
        }

        var offered = Of(layer, address.Map, maker);
        if (offered.Count == 0)
        {
            return Problems.NotFound(request.Path);
        }

        if (Accept.Best(request, [.. offered.Select(one => one.MediaType)]) is not { } best)
        {
            return Problems.NotAcceptable(offered.Select(one => one.MediaType));
        }

        format = offered[best];
        return null;
    }

    private static TileFormat? ByExtension(ReadOnlySpan<char> extension) => extension switch
    {
        "pbf" or "mvt" => TileFormat.Mvt,
        "png" => TileFormat.Png,
        "jpg" or "jpeg" => TileFormat.Jpeg,
        "webp" => TileFormat.Webp,
        _ => null,
    };
}
