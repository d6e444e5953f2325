using System.Runtime.InteropServices;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>All that making one metatile needs, to be used again for the next: nothing of it is allocated anew once it has grown. One at a time.</summary>
internal sealed class TileWorkspace
{
    private const int Misses = 100;

    private static readonly PartRole[] _kinds = [PartRole.Shell, PartRole.Line, PartRole.Point];
    private static readonly PartRole[] _polygons = [PartRole.Shell];
    private static readonly PartRole[] _lines = [PartRole.Line];
    private static readonly PartRole[] _points = [PartRole.Point];

    private readonly Simplifier _simplifier = new();
    private readonly TileCutter _cutter = new();
    private readonly RingCheck _check = new();
    private readonly RingRepair _repair;
    private readonly MvtWriter _writer = new();
    private readonly TileShape _shape = new();
    private readonly List<int> _candidates = [];
    private readonly List<long> _found = [];
    private readonly TileBuckets _buckets = new();
    private readonly TileBuckets _pieces = new();

    public TileWorkspace() => _repair = new RingRepair(_check);

    /// <summary>Features of many tiles in CRS units, of which a part at a time goes on.</summary>
    public Shapes Block { get; } = new();

    /// <summary>Features in CRS units.</summary>
    public Shapes Raw { get; } = new();

    /// <summary>Features on the grid.</summary>
    public Shapes Grid { get; } = new();

    public TileValues Values { get; } = new();

    public RingRepair Repair => _repair;

    /// <summary>Copies what of a layer can be seen through a window.</summary>
    public void Copy(MemoryLayer layer, in Extent window, bool whole)
    {
        Choose(layer.Tree, window);
        Copy(layer.Shapes, window, whole);
    }

    /// <summary>Copies what of the shapes that were chosen can be seen through a window.</summary>
    public void Copy(Shapes shapes, in Extent window, bool whole)
    {
        Raw.Clear();
        Raw.Borrow(shapes);
        foreach (var candidate in _candidates)
        {
            var shape = shapes.All[candidate];
            var first = Raw.Parts.Count;
            var skip = false;
            foreach (ref readonly var part in shapes.PartsOf(shape))
            {
                if (part.Role == PartRole.Hole && skip)
                {
                    continue;
                }

                var places = shapes.PlacesOf(part);
                var start = Raw.PlaceCount;
                var kept = whole || window.Contains(part.Box) ? Whole(places)
                    : Window.SidesOf(window, part.Box) != 0 ? 0
                    : Window.Reduce(places, part.Boxes < 0 ? [] : shapes.BoxesOf(part), window, Raw.Room(part.Count));
                if (part.Role != PartRole.Hole)
                {
                    skip = kept == 0;
                }

                if (kept > 0)
                {
                    Raw.Take(kept);
                    Raw.AddPart(start, part.Role, part.Reduced || kept < part.Count);
                }
            }

            Raw.All.Add(shape with { FirstPart = first, Parts = Raw.Parts.Count - first });
        }

        int Whole(ReadOnlySpan<double> places)
        {
            places.CopyTo(Raw.Room(places.Length / 2));
            return places.Length / 2;
        }
    }

    public void Simplify(in LevelKey level) => _simplifier.Run(Raw, Grid, level.Grid, level.Tolerance, level.MinSize);

    /// <summary>A layer as it is at one level. Its polygons are judged tile by tile: that is all of them that anybody sees.</summary>
    public Shapes Prepare(MemoryLayer layer, in LevelKey level)
    {
        var shapes = new Shapes();
        _simplifier.Run(layer.Shapes, shapes, level.Grid, level.Tolerance, level.MinSize);
        shapes.Trim();
        return shapes;
    }

    /// <summary>Finds out which shapes each tile of a metatile has to do with, for <see cref="Choose(TileIndex)"/>.</summary>
    /// <param name="shapes">On the grid.</param>
    /// <param name="one">A corner of the metatile.</param>
    /// <param name="other">The opposite one.</param>
    public void Distribute(Shapes shapes, TileIndex one, TileIndex other, int units, double buffer) => _buckets.Fill(shapes, null, one, other, units, buffer + 1);

    /// <summary>The same for pieces of several tiles: which shapes of <see cref="Block"/> each has to do with.</summary>
    /// <param name="side">Tiles a side of a piece.</param>
    public void Divide(TileGrid grid, TileIndex one, TileIndex other, int side, double buffer) =>
        _pieces.Fill(Block, grid, new TileIndex(one.Column / side, one.Row / side), new TileIndex(other.Column / side, other.Row / side), grid.Units * side, buffer + 2);

    /// <summary>Copies what of <see cref="Block"/> a piece has to do with.</summary>
    /// <param name="piece">Counted in pieces.</param>
    /// <param name="window">In CRS units.</param>
    public void Copy(TileIndex piece, in Extent window, bool whole)
    {
        _candidates.Clear();
        _candidates.AddRange(_pieces.Of(piece));
        Copy(Block, window, whole);
    }

    /// <summary>Chooses the shapes for the next tile.</summary>
    public void Choose(TileIndex position)
    {
        _candidates.Clear();
        _candidates.AddRange(_buckets.Of(position));
    }

    /// <summary>Chooses the shapes that a tree finds.</summary>
    /// <param name="window">In CRS units.</param>
    public void Choose(PackedTree tree, in Extent window)
    {
        tree.Find(window, _found);
        CollectionsMarshal.SetCount(_candidates, _found.Count);
        var candidates = CollectionsMarshal.AsSpan(_candidates);
        for (var i = 0; i < candidates.Length; i++)
        {
            candidates[i] = (int)_found[i];
        }
    }

    /// <summary>Makes one tile of the shapes that were chosen.</summary>
    /// <param name="shapes">On the grid.</param>
    public (byte[] Content, TileNotes Notes) Encode(Layer layer, Shapes shapes, TileValues values, string[] keys, in Extent box, CancellationToken cancellationToken)
    {
        if (_candidates.Count == 0)
        {
            return ([], TileNotes.Empty | TileNotes.EmptyBelow);
        }

        _cutter.Set(box, box.MinX + layer.Tiles.Buffer, box.MinY + layer.Tiles.Buffer);
        var complete = Add(layer.Tiles, shapes, values, keys, 1, cancellationToken);
        if (!complete)
        {
            // The larger before the smaller, and of equal ones the earlier.
            var sizes = _candidates.ConvertAll(candidate => shapes.All[candidate].Box is var size ? -Math.Max(size.Width, size.Height) : 0).ToArray();
            var ranked = _candidates.ToArray();
            Array.Sort(sizes.Select((size, at) => (size, at)).ToArray(), ranked);
            _candidates.Clear();
            _candidates.AddRange(ranked);
            Add(layer.Tiles, shapes, values, keys, Misses, cancellationToken);
        }

        var notes = complete ? TileNotes.None : TileNotes.Truncated;
        return _writer.Features == 0 ? ([], notes | TileNotes.Empty) : (_writer.ToTile(layer.Tiles.Name ?? layer.Id, layer.Tiles.TileExtent), notes);
    }

    /// <param name="misses">After how many that have no room it ends.</param>
    /// <returns>Whether all had room.</returns>
    private bool Add(LayerTiles tiles, Shapes shapes, TileValues values, string[] keys, int misses, CancellationToken cancellationToken)
    {
        _writer.Begin(keys, values);
        var missed = 0;
        var all = CollectionsMarshal.AsSpan(shapes.All);
        for (var i = 0; i < _candidates.Count; i++)
        {
            if (i % 1024 == 1023)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            ref readonly var shape = ref all[_candidates[i]];
            if (shape is { Kind: PartRole.Point, Parts: 1 })
            {
                // By far the most of all points: nothing to cut.
                if (!_cutter.Place(shapes, shape, out var x, out var y))
                {
                    continue;
                }

                if (_writer.Features >= tiles.MaxFeatures || (!_writer.TryAdd(shape.Id, shapes.AttributesOf(shape), x, y, tiles.MaxBytes) && ++missed >= misses))
                {
                    return false;
                }

                continue;
            }

            var kinds = shape.Parts == 0 ? [] : shape.Kind switch { PartRole.Point => _points, PartRole.Line => _lines, PartRole.Shell or PartRole.Hole => _polygons, null => _kinds };
            foreach (var kind in kinds)
            {
                var muddled = _cutter.Cut(shapes, shape, kind, _shape);
                if (_shape.Parts.Count > 0 && kind == PartRole.Shell && (muddled || !_check.IsClear(_shape)))
                {
                    _repair.Run(_shape);
                }

                if (_shape.Parts.Count == 0)
                {
                    continue;
                }

                if (_writer.Features >= tiles.MaxFeatures)
                {
                    return false;
                }

                if (!_writer.TryAdd(shape.Id, shapes.AttributesOf(shape), _shape, tiles.MaxBytes) && ++missed >= misses)
                {
                    return false;
                }
            }
        }

        return missed == 0;
    }
}
