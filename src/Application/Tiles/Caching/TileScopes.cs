using System.Collections.Concurrent;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;

namespace GeoWps.Application.Tiles.Caching;

/// <summary>Which levels were emptied when, and who is storing tiles of which layer.</summary>
internal sealed class TileScopes
{
    private const int MostLevels = 64;

    private readonly ConcurrentDictionary<string, LayerScope> _layers = new(StringComparer.Ordinal);
    private long _emptied;

    public TileTicket Begin(TilesetKey tileset, TileTurn? turn) => new(tileset, Interlocked.Read(ref _emptied), turn);

    public LevelScope Of(in TileKey key) => LayerOf(key.Tileset.Layer).TilesetOf(key.Tileset).Of(key.Level);

    /// <summary>The number of an emptying that begins.</summary>
    public long NextNumber() => Interlocked.Increment(ref _emptied);

    /// <summary>From here on nobody stores what was begun before the emptying of this number, in this selection.</summary>
    /// <returns>Ends when those that were already storing are through.</returns>
    public Task EmptyAsync(TileSelection selection, long number)
    {
        var layer = LayerOf(selection.Tileset.Layer);
        var tileset = layer.TilesetOf(selection.Tileset);
        if (selection.Level is not { } level)
        {
            tileset.Renew(number);
        }
        else if (selection.Ranges is { } ranges)
        {
            tileset.Of(level).Empty(number, ranges);
        }
        else
        {
            tileset.Renew(level, number);
        }

        return layer.NextPhaseAsync();
    }

    /// <inheritdoc cref="EmptyAsync"/>
    public Task EmptyLayerAsync(string name, long number)
    {
        var layer = LayerOf(name);
        layer.Renew(number);
        return layer.NextPhaseAsync();
    }

    /// <summary>All layers that are known.</summary>
    public void EmptyAll(long number)
    {
        foreach (var name in _layers.Keys)
        {
            _ = EmptyLayerAsync(name, number);
        }
    }

    /// <summary>To be left again.</summary>
    public PutPhase Enter(string name)
    {
        var layer = LayerOf(name);
        while (true)
        {
            var phase = layer.Phase;
            if (phase.TryEnter())
            {
                return phase;
            }
        }
    }

    private LayerScope LayerOf(string name) => _layers.TryGetValue(name, out var layer) ? layer : _layers.GetOrAdd(name, _ => new LayerScope());

    private sealed class LayerScope
    {
        private readonly ConcurrentDictionary<TilesetKey, TilesetScope> _tilesets = [];
        private readonly Lock _renewing = new();
        private PutPhase _phase = new();
        private Task _storing = Task.CompletedTask;
        private long _since;

        public PutPhase Phase => Volatile.Read(ref _phase);

        public TilesetScope TilesetOf(TilesetKey key)
        {
            if (_tilesets.TryGetValue(key, out var tileset))
            {
                return tileset;
            }

            lock (_renewing)
            {
                return _tilesets.GetOrAdd(key, _ => new TilesetScope(_since));
            }
        }

        public void Renew(long number)
        {
            lock (_renewing)
            {
                _since = Math.Max(_since, number);
                foreach (var tileset in _tilesets.Values)
                {
                    tileset.Renew(number);
                }
            }
        }

        /// <returns>Ends with all who began before, in whichever phase: each emptying begins one, and some are longer storing than an emptying takes.</returns>
        public Task NextPhaseAsync()
        {
            lock (_renewing)
            {
                var closed = Interlocked.Exchange(ref _phase, new PutPhase()).CloseAsync();
                _storing = _storing.IsCompleted ? closed : Task.WhenAll(_storing, closed);
                return _storing;
            }
        }
    }

    private sealed class TilesetScope(long since)
    {
        private readonly LevelScope?[] _levels = new LevelScope?[MostLevels];
        private readonly Lock _renewing = new();
        private long _since = since;

        public LevelScope Of(int level)
        {
            if (Volatile.Read(ref _levels[level]) is { } scope)
            {
                return scope;
            }

            lock (_renewing)
            {
                return _levels[level] ??= new LevelScope(_since);
            }
        }

        public void Renew(long number)
        {
            lock (_renewing)
            {
                _since = Math.Max(_since, number);
                for (var level = 0; level < MostLevels; level++)
                {
                    if (_levels[level] is not null)
                    {
                        Begin(level, number);
                    }
                }
            }
        }

        public void Renew(int level, long number)
        {
            lock (_renewing)
            {
                Begin(level, number);
            }
        }

        // The next one first: who finds the old one over finds the next in its place.
        private void Begin(int level, long number)
        {
            var before = _levels[level];
            Volatile.Write(ref _levels[level], new LevelScope(number));
            before?.End();
        }
    }
}
