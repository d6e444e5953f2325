using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles;

/// <summary>Layers in their tile matrix sets. What was worked out is remembered until the layer changes: a tile that is kept needs nothing else.</summary>
public sealed class LayerTilesets(ILayerStore layers, TileMatrixSets sets, ICoordinateTransforms transforms)
{
    /// <summary>Layers; one more and all are forgotten, which costs a query each.</summary>
    private const int Remembered = 10_000;

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, LayerTileset>> _known = new(StringComparer.Ordinal);
    private long _changes;

    /// <summary>Grows whenever a layer changes.</summary>
    public long Changes => Volatile.Read(ref _changes);

    /// <summary>For the way that is walked most; no allocation, no waiting.</summary>
    /// <returns><see langword="false"/> when it has to be asked for (<see cref="FindAsync"/>).</returns>
    public bool TryGet(ReadOnlySpan<char> layer, ReadOnlySpan<char> set, [NotNullWhen(true)] out LayerTileset? tileset)
    {
        tileset = null;
        return _known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(layer, out var bySet)
            && bySet.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(set, out tileset);
    }

    /// <returns>The tileset, or which part of the two names nothing.</returns>
    public async ValueTask<(LayerTileset? Tileset, AbsentPart Absent)> FindAsync(string layer, string set, CancellationToken cancellationToken)
    {
        if (TryGet(layer, set, out var known))
        {
            return (known, default);
        }

        var changes = Volatile.Read(ref _changes);
        return await layers.FindAsync(layer, cancellationToken) is not { } found ? (null, AbsentPart.Layer)
            : Of(found, set, changes) is { } tileset ? (tileset, default)
            : (null, AbsentPart.TileMatrixSet);
    }

    /// <summary>All of a layer's tilesets, in the order of its settings.</summary>
    public IReadOnlyList<LayerTileset> Of(Layer layer)
    {
        var changes = Volatile.Read(ref _changes);
        return [.. layer.Tiles.TileMatrixSets.Select(set => Of(layer, set, changes)).OfType<LayerTileset>()];
    }

    /// <summary>The layer has changed or is gone.</summary>
    public void Forget(string layer)
    {
        Interlocked.Increment(ref _changes);
        _known.TryRemove(layer, out _);
    }

    private LayerTileset? Of(Layer layer, string set, long changes)
    {
        if (!layer.Tiles.TileMatrixSets.Contains(set, StringComparer.Ordinal) || sets.Find(set) is not { } known || LayerTileset.Of(layer, known, transforms) is not { } tileset)
        {
            return null;
        }

        if (_known.Count >= Remembered)
        {
            _known.Clear();
        }

        _known.GetOrAdd(layer.Id, _ => new ConcurrentDictionary<string, LayerTileset>(StringComparer.Ordinal))[set] = tileset;
        if (Volatile.Read(ref _changes) != changes)
        {
            // Something changed while the layer was being read: what was read may be the old one.
            _known.TryRemove(layer.Id, out _);
        }

        return tileset;
    }
}
