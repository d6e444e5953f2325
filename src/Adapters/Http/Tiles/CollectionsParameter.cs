using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Tiles;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary><c>collections</c>: ids, or addresses of collections, separated by commas; OGC 20-057, clause 12.</summary>
internal static class CollectionsParameter
{
    private const string Name = "collections";

    /// <summary>The ids, to be kept in links; empty when all are meant.</summary>
    public static string Text(HttpRequest request, string baseAddress) => Read(request, baseAddress) is { } ids ? string.Join(',', ids) : "";

    public static async Task<(DatasetTileset? Tileset, IResult? Mistake)> FindAsync(
        HttpRequest request, string baseAddress, DatasetTilesets dataset, string set, bool map, CancellationToken cancellationToken)
    {
        var (tileset, unknown) = await dataset.FindAsync(set, Read(request, baseAddress), map, cancellationToken);
        return unknown.Count > 0 ? (null, Problems.InvalidParameters([.. unknown.Select(id => new Domain.Processes.Mistake(Name, map ? $"{id} is no layer that is drawn here" : $"{id} is no vector layer here"))]))
            : tileset is null ? (null, Problems.NoSuchTileMatrixSet(set))
            : (tileset, null);
    }

    private static string[]? Read(HttpRequest request, string baseAddress) => request.Query.ContainsKey(Name)
        ? [.. Parameters.List(request.Query, Name).Select(id => id.StartsWith(baseAddress + "collections/", StringComparison.Ordinal) ? id[(baseAddress.Length + "collections/".Length)..] : id).Distinct()]
        : null;
}
