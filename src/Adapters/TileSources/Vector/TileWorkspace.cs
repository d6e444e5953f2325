using System.Runtime.InteropServices;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;

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

    public TileWorkspace() => _repair = new RingRepair(_check);

    /// <summary>Features in CRS units.</summary>
    public Shapes Raw { get; } = new();

    /// <summary>Features on the grid.</summary>
    public Shapes Grid { get; } = new();

    public TileValues Values { get; } = new();

    public RingRepair Repair => _repair;

    /// <summary>Copies what of a layer can be seen through a window.</summary>
    public void Copy(MemoryLayer layer, in Extent window, bool whole)
    {
        Raw.Clear();
        Raw.Borrow(layer.Shapes);
        layer.Tree.Find(window, _candidates);
        foreach (var candidate in _candidates)
        {
            var shape = layer.Shapes.All[candidate];
            var first = Raw.Parts.Count;
            var skip = false;
            foreach (ref readonly var part in layer.Shapes.PartsOf(shape))
            {
                if (part.Role == PartRole.Hole && skip)
                {
                    continue;
                }

                var places = layer.Shapes.PlacesOf(part);
                var start = Raw.PlaceCount;
                var kept = whole || window.Contains(part.Box) ? Whole(places)
                    : Window.SidesOf(window, part.Box) != 0 ? 0
                    : Window.Reduce(places, part.Boxes < 0 ? [] : layer.Shapes.BoxesOf(part), window, Raw.Room(part.Count));
                if (part.Role != PartRole.Hole)
                {
                    skip = kept == 0;
                }

                if (kept > 0)
                {
                    Raw.Take(kept);
                    Raw.AddPart(start, part.Role, kept < part.Count);
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

    /// <summary>Makes one tile.</summary>
    /// <param name="shapes">On the grid.</param>
    /// <param name="find">Which of them to look at; <see langword="null"/>: all.</param>
    public (byte[] Content, TileNotes Notes) Encode(Layer layer, Shapes shapes, PackedTree? find, TileValues values, string[] keys, TileGrid grid, in Extent box, CancellationToken cancellationToken)
    {
        // What touches the edge from outside is not drawn, but then nothing is said about the tiles below either.
        var near = box.Grow(1);
        if (find is not null)
        {
            find.Find(grid.ToCrs(near), _candidates);
        }
        else
        {
            _candidates.Clear();
            var all = CollectionsMarshal.AsSpan(shapes.All);
            for (var i = 0; i < all.Length; i++)
            {
                if (all[i].Box.Intersects(near))
                {
                    _candidates.Add(i);
                }
            }
        }

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
            Array.Sort(ranked.Zip(sizes).Select(pair => (pair.Second, pair.First)).ToArray(), ranked);
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
        for (var i = 0; i < _candidates.Count; i++)
        {
            if (i % 1024 == 1023)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            ref readonly var shape = ref CollectionsMarshal.AsSpan(shapes.All)[_candidates[i]];
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
