using System.Runtime.InteropServices;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>
/// Layers whose features are kept, in the coordinates that tiles want and found by a tree, so that a tile never touches the file. A layer comes in once as many
/// rows of it have been read as it has: work that was not repeated is not wasted. The same holds for what is simplified for a level.
/// </summary>
internal sealed partial class LayerMemory(long limit, ILogger logger)
{
    private readonly Dictionary<(string Layer, Crs Crs), Entry> _entries = [];
    private readonly Lock _lock = new();
    private long _size;

    /// <summary>The entry of a layer as it is now.</summary>
    public Entry Of(Layer layer, Crs crs, FileState file)
    {
        lock (_lock)
        {
            var key = (layer.Id, crs);
            if (!_entries.TryGetValue(key, out var entry) || entry.File != file || entry.Revision != layer.Revision)
            {
                Remove(key);
                _entries[key] = entry = new Entry(file, layer.Revision);
            }

            entry.Used = Environment.TickCount64;
            if (_entries.Count > 1024)
            {
                Remove(_entries.MinBy(pair => pair.Value.Used).Key);
            }

            return entry;
        }
    }

    /// <summary>Whether a layer's features are kept, in whichever coordinates.</summary>
    public bool Holds(string layer)
    {
        lock (_lock)
        {
            return _entries.Any(pair => pair.Key.Layer == layer && pair.Value.Layer is not null);
        }
    }

    /// <summary>Keeps a layer's features when enough of it has been read to be worth it, and they are not too large.</summary>
    /// <param name="read">Rows that were just read.</param>
    /// <param name="rows">Rows that the table has, where that is known.</param>
    public void Count(string layer, Entry entry, int read, long rows, Func<long, MemoryLayer?> load)
    {
        if (limit == 0 || entry.TooLarge || Interlocked.Add(ref entry.Read, read) < rows || Interlocked.Exchange(ref entry.Loading, 1) != 0)
        {
            return;
        }

        try
        {
            if (load(limit) is { } memory)
            {
                entry.Layer = memory;
                Take(entry, memory.Size);
            }
            else
            {
                entry.TooLarge = true;
                LogTooLarge(layer, limit / (1024 * 1024));
            }
        }
        finally
        {
            Volatile.Write(ref entry.Loading, 0);
        }
    }

    /// <summary>The layer as it is at one level, once that is worth it.</summary>
    /// <param name="places">Places that will have to be simplified now if it is not there; 0 to ask only. What was simplified before counts.</param>
    public Shapes? Prepared(Entry entry, MemoryLayer memory, in LevelKey key, int places, Func<Shapes> prepare)
    {
        var level = memory.Level(key);
        if (level.Shapes is { } ready)
        {
            return ready;
        }

        if (places == 0 || Interlocked.Add(ref level.Worked, places) - places < memory.Shapes.PlaceCount || Interlocked.Exchange(ref level.Preparing, 1) != 0)
        {
            return null;
        }

        try
        {
            var shapes = prepare();
            level.Shapes = shapes;
            Take(entry, shapes.Size);
            return shapes;
        }
        finally
        {
            Volatile.Write(ref level.Preparing, 0);
        }
    }

    private void Take(Entry entry, long size)
    {
        lock (_lock)
        {
            if (!_entries.ContainsValue(entry))
            {
                return;
            }

            entry.Size += size;
            _size += size;
            while (_size > limit && _entries.Where(pair => pair.Value.Size > 0).MinBy(pair => pair.Value.Used) is { Value: not null } oldest)
            {
                Remove(oldest.Key);
            }
        }
    }

    private void Remove((string, Crs) key)
    {
        if (_entries.Remove(key, out var entry))
        {
            _size -= entry.Size;
        }
    }

    [LoggerMessage(EventId = 4201, Level = LogLevel.Information, Message = "Layer {LayerId} is larger than VectorTiles:MemoryMb ({LimitMb}); its tiles are made from its file")]
    private partial void LogTooLarge(string layerId, long limitMb);

    public sealed class Entry(FileState file, long revision)
    {
        public FileState File { get; } = file;

        public long Revision { get; } = revision;

        public long Used { get; set; }

        public long Size { get; set; }

        public MemoryLayer? Layer { get; set; }

        public bool TooLarge { get; set; }

        public long Read;
        public int Loading;
    }
}

/// <summary>What of a layer's settings and a tile matrix decides how a level looks.</summary>
internal readonly record struct LevelKey(TileGrid Grid, double Tolerance, double MinSize);

/// <summary>A layer's features in the coordinates of one CRS. They lie along the tree's curve: a tile's are together in memory, and not one here and one there.</summary>
internal sealed class MemoryLayer
{
    private readonly Dictionary<LevelKey, PreparedLevel> _levels = [];

    /// <param name="shapes">By their keys' order.</param>
    public MemoryLayer(Shapes shapes, TileValues values, string[] keys)
    {
        (Values, Keys, Tree) = (values, keys, new PackedTree([.. shapes.All.Select(shape => shape.Box)]));
        Shapes = shapes.InOrder(Tree.Order);
    }

    public Shapes Shapes { get; }

    public TileValues Values { get; }

    public string[] Keys { get; }

    public PackedTree Tree { get; }

    public long Size => Shapes.Size + Values.Size + Tree.Size;

    public PreparedLevel Level(in LevelKey key)
    {
        lock (_levels)
        {
            return CollectionsMarshal.GetValueRefOrAddDefault(_levels, key, out _) ??= new PreparedLevel();
        }
    }

    public sealed class PreparedLevel
    {
        public Shapes? Shapes { get; set; }

        public long Worked;
        public int Preparing;
    }
}
