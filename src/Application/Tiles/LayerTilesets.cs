using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles;

/// <summary>Layers in their tile matrix sets. What was worked out is remembered until some layer changes: a tile that is kept needs nothing else.</summary>
public sealed class LayerTilesets(LayerCatalogue layers, TileMatrixSets sets, ICoordinateTransforms transforms, TimeProvider clock)
{
    /// <summary>Layers; one more and all are forgotten, which costs a look at the layer each.</summary>
    private const int Most = 10_000;

    private volatile Generation _generation = new(-1);

    /// <summary>Another number whenever a layer has changed.</summary>
    public long Changes => layers.Changes;

    /// <summary>For the way that is walked most; no allocation, no waiting.</summary>
    /// <returns><see langword="false"/> when it has to be asked for (<see cref="FindAsync"/>).</returns>
    public bool TryGet(ReadOnlySpan<char> layer, ReadOnlySpan<char> set, [NotNullWhen(true)] out LayerTileset? tileset)
    {
        tileset = null;
        return _generation is var generation && generation.Changes == layers.Changes
            && generation.Known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(layer, out var bySet)
            && bySet.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(set, out tileset)
            && (tileset.Layer.Expires is not { } end || end > clock.GetUtcNow());
    }

    /// <returns>The tileset, or which part of the two names nothing.</returns>
    public async ValueTask<(LayerTileset? Tileset, AbsentPart Absent)> FindAsync(string layer, string set, CancellationToken cancellationToken)
    {
        if (TryGet(layer, set, out var known))
        {
            return (known, default);
        }

        // Before the layer is looked at: what changes from now on is another generation's.
        var generation = Current();
        return await layers.FindAsync(layer, cancellationToken) is not { } found ? (null, AbsentPart.Layer)
            : Of(found, set, generation) is { } tileset ? (tileset, default)
            : (null, AbsentPart.TileMatrixSet);
    }

    /// <summary>All of a layer's tilesets, in the order of its settings.</summary>
    public IReadOnlyList<LayerTileset> Of(Layer layer) => [.. layer.Tiles.TileMatrixSets.Select(set => Of(layer, set)).OfType<LayerTileset>()];

    /// <returns>The layer in one set; <see langword="null"/> when it is not offered in it.</returns>
    public LayerTileset? Of(Layer layer, string set) =>
        layer.Tiles.TileMatrixSets.Contains(set, StringComparer.Ordinal) && sets.Find(set) is { } known ? LayerTileset.Of(layer, known, transforms) : null;

    private LayerTileset? Of(Layer layer, string set, Generation generation)
    {
        if (Of(layer, set) is not { } tileset)
        {
            return null;
        }

        if (generation.Known.Count >= Most)
        {
            generation.Known.Clear();
        }

        generation.Known.GetOrAdd(layer.Id, _ => new ConcurrentDictionary<string, LayerTileset>(StringComparer.Ordinal))[set] = tileset;
        return tileset;
    }

    private Generation Current()
    {
        var (generation, changes) = (_generation, layers.Changes);
        return generation.Changes == changes ? generation : _generation = new Generation(changes);
    }

    /// <summary>What was worked out since a change.</summary>
    private sealed record Generation(long Changes)
    {
        public ConcurrentDictionary<string, ConcurrentDictionary<string, LayerTileset>> Known { get; } = new(StringComparer.Ordinal);
    }
}
