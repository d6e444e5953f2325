using System.Collections.Concurrent;
using GeoWps.Application.Layers;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Tiles;

/// <summary>
/// The tiles of the whole server: layers that stay, together in one tile; those with features, or all that can be drawn. Source: OGC 20-057, classes
/// "Dataset Tilesets" and "Collections Selection".
/// </summary>
public sealed class DatasetTilesets(LayerCatalogue layers, LayerTilesets tilesets, TileMatrixSets sets, MakeTiles maker, IOptions<TilesOptions> options)
{
    private const int PageSize = 100;

    /// <summary>Enough layers for anybody who looks at a tile.</summary>
    private const int MaxChosen = 50;

    private volatile Remembered? _vector;
    private volatile Remembered? _map;

    /// <summary>One tileset for each set that a layer of them has.</summary>
    /// <param name="map">Of what is drawn.</param>
    public async Task<IReadOnlyList<DatasetTileset>> AllAsync(bool map, CancellationToken cancellationToken)
    {
        var all = await RememberedAsync(map, cancellationToken);
        return [.. all.Layers.SelectMany(layer => layer.Tiles.TileMatrixSets).Distinct().Select(set => Of(all, set)).OfType<DatasetTileset>()];
    }

    /// <summary>Those of some layers in one set.</summary>
    /// <param name="chosen">Ids; <see langword="null"/>: all that belong to the dataset.</param>
    /// <param name="map">Of what is drawn.</param>
    /// <returns>The tileset, or <see langword="null"/> when there is no such set; ids that are no layers of this kind.</returns>
    public async Task<(DatasetTileset? Tileset, IReadOnlyList<string> Unknown)> FindAsync(
        string set, IReadOnlyList<string>? chosen, bool map, CancellationToken cancellationToken)
    {
        if (sets.Find(set) is null)
        {
            return (null, []);
        }

        if (chosen is null)
        {
            return (Of(await RememberedAsync(map, cancellationToken), set), []);
        }

        var (found, unknown) = (new List<Layer>(), new List<string>());
        foreach (var id in chosen.Take(MaxChosen))
        {
            if (await layers.FindAsync(id, cancellationToken) is { } layer && Has(layer, map))
            {
                found.Add(layer);
            }
            else
            {
                unknown.Add(id);
            }
        }

        return (Of(found, set), [.. unknown, .. chosen.Skip(MaxChosen)]);
    }

    /// <summary>Worked out once until a layer changes: every tile of the dataset asks for it.</summary>
    private DatasetTileset? Of(Remembered all, string set) => all.Tilesets.GetOrAdd(set, name => Of(all.Layers, name));

    private DatasetTileset? Of(IEnumerable<Layer> all, string set)
    {
        LayerTileset[] those = [.. all.Select(layer => tilesets.Of(layer, set)).OfType<LayerTileset>().Where(tileset => tileset.Limits.Count > 0)];
        return those.Length == 0 ? null : new DatasetTileset(those);
    }

    private bool Has(Layer layer, bool map) => map ? maker.FormatsOf(layer).Any(format => !format.IsVector) : layer.IsVector;

    /// <summary>Of a map pictures lie lowest, and points and lines over areas; within each by their ids.</summary>
    private static int HeightOf(Layer layer) => layer switch
    {
        { IsVector: false } => 0,
        { Contents.GeometryType: "Point" or "MultiPoint" } => 3,
        { Contents.GeometryType: "LineString" or "MultiLineString" } => 2,
        _ => 1,
    };

    private async Task<Remembered> RememberedAsync(bool map, CancellationToken cancellationToken)
    {
        var changes = tilesets.Changes;
        if ((map ? _map : _vector) is { } known && known.Changes == changes)
        {
            return known;
        }

        var (found, after) = (new List<Layer>(), (string?)null);
        while (found.Count < options.Value.DatasetLayers && await layers.ListAsync(after, PageSize, cancellationToken) is { Count: > 0 } page)
        {
            found.AddRange(page.Where(layer => layer.Expires is null && Has(layer, map)).Take(options.Value.DatasetLayers - found.Count));
            after = page[^1].Id;
        }

        return map
            ? _map = new Remembered(changes, [.. found.OrderBy(HeightOf)])
            : _vector = new Remembered(changes, found);
    }

    private sealed record Remembered(long Changes, IReadOnlyList<Layer> Layers)
    {
        /// <summary>By set; only ids of sets that the server knows.</summary>
        public ConcurrentDictionary<string, DatasetTileset?> Tilesets { get; } = new(StringComparer.Ordinal);
    }
}
