using System.Collections.Concurrent;
using GeoWps.Application.Layers;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Tiles;

/// <summary>The tiles of the whole server: vector layers that stay, together in one tile. Source: OGC 20-057, classes "Dataset Tilesets" and "Collections Selection".</summary>
public sealed class DatasetTilesets(LayerCatalogue layers, LayerTilesets tilesets, TileMatrixSets sets, IOptions<TilesOptions> options)
{
    private const int PageSize = 100;

    /// <summary>Enough layers for anybody who looks at a tile.</summary>
    private const int MaxChosen = 50;

    private volatile Remembered? _remembered;

    /// <summary>One tileset for each set that a layer of them has.</summary>
    public async Task<IReadOnlyList<DatasetTileset>> AllAsync(CancellationToken cancellationToken)
    {
        var all = await RememberedAsync(cancellationToken);
        return [.. all.Layers.SelectMany(layer => layer.Tiles.TileMatrixSets).Distinct().Select(set => Of(all, set)).OfType<DatasetTileset>()];
    }

    /// <summary>Those of some layers in one set.</summary>
    /// <param name="chosen">Ids; <see langword="null"/>: all that belong to the dataset.</param>
    /// <returns>The tileset, or <see langword="null"/> when there is no such set; ids that are no vector layers.</returns>
    public async Task<(DatasetTileset? Tileset, IReadOnlyList<string> Unknown)> FindAsync(string set, IReadOnlyList<string>? chosen, CancellationToken cancellationToken)
    {
        if (sets.Find(set) is null)
        {
            return (null, []);
        }

        if (chosen is null)
        {
            return (Of(await RememberedAsync(cancellationToken), set), []);
        }

        var (found, unknown) = (new List<Layer>(), new List<string>());
        foreach (var id in chosen.Take(MaxChosen))
        {
            if (await layers.FindAsync(id, cancellationToken) is { IsVector: true } layer)
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

    private async Task<Remembered> RememberedAsync(CancellationToken cancellationToken)
    {
        var changes = tilesets.Changes;
        if (_remembered is { } known && known.Changes == changes)
        {
            return known;
        }

        var (found, after) = (new List<Layer>(), (string?)null);
        while (found.Count < options.Value.DatasetLayers && await layers.ListAsync(after, PageSize, cancellationToken) is { Count: > 0 } page)
        {
            found.AddRange(page.Where(layer => layer is { IsVector: true, Expires: null }).Take(options.Value.DatasetLayers - found.Count));
            after = page[^1].Id;
        }

        return _remembered = new Remembered(changes, found);
    }

    private sealed record Remembered(long Changes, IReadOnlyList<Layer> Layers)
    {
        /// <summary>By set; only ids of sets that the server knows.</summary>
        public ConcurrentDictionary<string, DatasetTileset?> Tilesets { get; } = new(StringComparer.Ordinal);
    }
}
