using System.Diagnostics.CodeAnalysis;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Storage.Tiles.Pack;

/// <summary>
/// The tiles of one level: packs that are only ever written at their end, and two indexes made of them: tiles to the hash of their content, and
/// contents to their place. Identical tiles have one content.
/// </summary>
/// <remarks>
/// After the end of this process by any cause the indexes are right, as the system has their pages; what the packs have beyond them is read again. After
/// a power cut, or in the middle of a change, they are made anew. A torn end of a pack is cut off.
/// </remarks>
internal sealed partial class LevelPack : IDisposable
{
    public const string TilesIndex = "tiles.index";
    public const string ContentsIndex = "contents.index";

    private readonly Lock _writing = new();
    private readonly string _folder;
    private readonly PackFiles _packs;
    private readonly ulong _boot;
    private SlotFile _tiles;
    private SlotFile _contents;
    private int _cursor;

    /// <param name="folder">Of this level alone; it exists.</param>
    /// <param name="boot">The run of the operating system; 0 when it can't be told.</param>
    public LevelPack(string folder, ulong boot, long packBytes)
    {
        (_folder, _boot) = (folder, boot);
        _packs = new PackFiles(folder, packBytes);
        var (tiles, contents) = (SlotFile.Open(Path.Combine(folder, TilesIndex), boot), SlotFile.Open(Path.Combine(folder, ContentsIndex), boot));
        if (tiles is not null && contents is not null && tiles.Header.Covered == contents.Header.Covered && tiles.Header.Covered <= _packs.Head)
        {
            (_tiles, _contents) = (tiles, contents);
            _tiles.Header.Boot = _contents.Header.Boot = Used(boot);
            Replay(tiles.Header.Covered, verify: false);
        }
        else
        {
            tiles?.Dispose();
            contents?.Dispose();
            Rebuild();
        }
    }

    /// <summary>By the store's count of operations.</summary>
    public long LastUsed { get; set; }

    public bool IsClosed { get; private set; }

    /// <summary>Whether so much of the packs is of no use that it is worth writing the rest anew.</summary>
    public bool IsDirty
    {
        get
        {
            lock (_writing)
            {
                return !IsClosed && _packs.Total - Bytes > Math.Max(_packs.Total / 4, _packs.MostBytes / 16);
            }
        }
    }

    // Of tiles and what is needed to find them.
    private long Bytes => BytesOf(_tiles.Header.Live, _contents.Header.Live, _contents.Header.Bytes);

    public static unsafe long BytesOf(long tiles, long contents, long contentBytes) => contentBytes + ((tiles + contents) * sizeof(PackRecord));

    /// <param name="now">Not when its content has to come from the disk.</param>
    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    public bool TryFind(TileIndex index, [NotNullWhen(true)] out StoredTile? tile, bool now = false)
    {
        tile = null;
        if (!_tiles.TryRead(PackFlags.KeyOf(index), 0, wide: false, PackFlags.Used, out var found))
        {
            return false;
        }

        // Its content moves now and then, when packs are written anew.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            if (!_contents.TryRead(found.B, found.C, wide: true, 0, out var content))
            {
                if (!_tiles.TryRead(PackFlags.KeyOf(index), 0, wide: false, 0, out found))
                {
                    return false;
                }

                continue;
            }

            var bytes = content.D == 0 ? [] : GC.AllocateUninitializedArray<byte>((int)content.D);
            if (now ? _packs.TryReadNow(content.C, bytes) : _packs.TryRead(content.C, bytes))
            {
                tile = new StoredTile(bytes, PackFlags.EncodingOf(found.E), new UInt128(found.B, found.C), DateTimeOffset.FromUnixTimeSeconds(found.D), PackFlags.NotesOf(found.E));
                return true;
            }

            if (now)
            {
                return false;
            }

            ObjectDisposedException.ThrowIf(IsClosed, this);
        }

        return false;
    }

    /// <returns><see langword="false"/> when it was closed.</returns>
    public bool TryPut(IReadOnlyList<KeyValuePair<TileKey, StoredTile>> tiles)
    {
        lock (_writing)
        {
            if (IsClosed)
            {
                return false;
            }

            var writer = new PackWriter();
            var there = new HashSet<UInt128>();
            foreach (var (key, tile) in tiles)
            {
                if (there.Add(tile.Hash) && !HasContent(tile.Hash))
                {
                    writer.Add(PackRecord.OfContent(tile.Hash, tile.Content.Length), tile.Content.Span);
                }

                writer.Add(PackRecord.OfTile(key.Tile, tile));
            }

            Write(writer);
            return true;
        }
    }

    /// <returns><see langword="false"/> when it was closed.</returns>
    public bool TryRemove(IReadOnlyList<TileRange> ranges)
    {
        lock (_writing)
        {
            if (IsClosed)
            {
                return false;
            }

            var writer = new PackWriter();
            if (ranges.Sum(range => range.Count) < _tiles.Capacity)
            {
                foreach (var range in ranges)
                {
                    for (var row = range.MinRow; row <= range.MaxRow; row++)
                    {
                        for (var column = range.MinColumn; column <= range.MaxColumn; column++)
                        {
                            Remove(new TileIndex(column, row), writer);
                        }
                    }
                }
            }
            else
            {
                for (var i = 0; i < _tiles.Capacity; i++)
                {
                    if (_tiles.At(i) is { IsEmpty: false, IsLive: true, A: var key } && PackFlags.TileOf(key) is var tile && ranges.Any(range => range.Contains(tile)))
                    {
                        Remove(tile, writer);
                    }
                }
            }

            Write(writer);
            return true;
        }
    }

    /// <summary>Removes tiles that were not read since it looked at them last.</summary>
    /// <param name="bytes">That are to go.</param>
    /// <param name="looks">Tiles to look at, at most.</param>
    /// <returns>Bytes that went.</returns>
    public long Evict(long bytes, int looks, Func<TileIndex, bool> isWanted)
    {
        lock (_writing)
        {
            if (IsClosed)
            {
                return 0;
            }

            var writer = new PackWriter();
            var (before, gone) = (Bytes, 0L);
            var released = new Dictionary<(ulong High, ulong Low), uint>();
            for (looks = Math.Min(looks, _tiles.Capacity); looks > 0 && gone < bytes; looks--)
            {
                _cursor = (_cursor + 1) & (_tiles.Capacity - 1);
                ref var slot = ref _tiles.At(_cursor);
                if (slot.IsEmpty || !slot.IsLive)
                {
                    continue;
                }

                if ((slot.E & PackFlags.Used) != 0)
                {
                    slot.E &= ~PackFlags.Used;
                }
                else if (PackFlags.TileOf(slot.A) is var tile && !isWanted(tile))
                {
                    // A content goes with the last of its tiles.
                    var content = _contents.Locate(slot.B, slot.C, wide: true);
                    var uses = released[(slot.B, slot.C)] = released.GetValueOrDefault((slot.B, slot.C)) + 1;
                    var isLast = uses == content.E;
                    gone += BytesOf(1, isLast ? 1 : 0, isLast ? content.D : 0);
                    Remove(tile, writer);
                }
            }

            Write(writer);
            return before - Bytes;
        }
    }

    /// <summary>Nobody finds or stores anything here any more.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            if (IsClosed)
            {
                return;
            }

            IsClosed = true;
            foreach (var index in (SlotFile[])[_tiles, _contents])
            {
                // On disk first, then marked as whole.
                index.Flush();
                index.Header.Boot = 0;
                index.Dispose();
            }

            _packs.Dispose();
        }
    }

    /// <summary>Leaves it as the end of the process would: for what is removed, because emptying a level must not wait for the disk.</summary>
    public void Abandon()
    {
        lock (_writing)
        {
            if (IsClosed)
            {
                return;
            }

            IsClosed = true;
            _tiles.Drop();
            _contents.Drop();
            _packs.Dispose();
        }
    }

    private bool HasContent(UInt128 hash) =>
        _contents.Locate((ulong)(hash >> 64), (ulong)hash, wide: true) is { IsLive: true, C: not 0 };

    private void Remove(TileIndex tile, PackWriter writer)
    {
        if (_tiles.Locate(PackFlags.KeyOf(tile), 0, wide: false) is { IsEmpty: false, IsLive: true })
        {
            writer.Add(PackRecord.OfRemoved(tile));
        }
    }

    // Into the pack, then into the indexes: what these name is there.
    private void Write(PackWriter writer)
    {
        if (writer.Records.Count == 0)
        {
            return;
        }

        var at = _packs.Append(writer.Bytes);
        _tiles.Reserve(writer.Records.Count, wide: false);
        _contents.Reserve(writer.Records.Count, wide: true);
        Change(() =>
        {
            foreach (var (record, offset) in writer.Records)
            {
                Apply(record, at + (ulong)offset);
            }

            _tiles.Header.Covered = _contents.Header.Covered = _packs.Head;
        });
    }

    private void Change(Action change)
    {
        _tiles.BeginChange();
        _contents.BeginChange();
        change();
        _contents.EndChange();
        _tiles.EndChange();
    }

    private unsafe void Apply(in PackRecord record, ulong place)
    {
        switch (record.Kind)
        {
            case PackRecordKind.Content:
                ref var content = ref _contents.Locate(record.HashHigh, record.HashLow, wide: true);
                _contents.Header.Taken += content.IsEmpty ? 1 : 0;
                _contents.Header.Bytes += content.IsLive ? record.Length - (long)content.D : 0;
                (content.A, content.B, content.C, content.D) = (record.HashHigh, record.HashLow, place + (ulong)sizeof(PackRecord), record.Length);
                break;

            case PackRecordKind.Tile:
                ref var tile = ref _tiles.Locate(record.Key, 0, wide: false);
                var before = tile;
                _tiles.Header.Taken += tile.IsEmpty ? 1 : 0;
                _tiles.Header.Live += tile.IsLive ? 0 : 1;
                Hold(record.HashHigh, record.HashLow);
                (tile.A, tile.B, tile.C, tile.D, tile.E) = (record.Key, record.HashHigh, record.HashLow, record.Made, record.Flags);
                if (before is { IsEmpty: false, IsLive: true })
                {
                    Release(before);
                }

                break;

            case PackRecordKind.Removed:
                ref var removed = ref _tiles.Locate(record.Key, 0, wide: false);
                if (removed is { IsEmpty: false, IsLive: true })
                {
                    removed.E = 0;
                    _tiles.Header.Live--;
                    Release(removed);
                }

                break;
        }
    }

    private void Hold(ulong high, ulong low)
    {
        ref var content = ref _contents.Locate(high, low, wide: true);
        if (content.IsEmpty)
        {
            // It was written anew behind the tile, and comes; or it is lost, and so is the tile.
            (content.A, content.B) = (high, low);
            _contents.Header.Taken++;
        }

        if (content.E++ == 0)
        {
            _contents.Header.Live++;
            _contents.Header.Bytes += content.D;
        }
    }

    private void Release(in Slot tile)
    {
        ref var content = ref _contents.Locate(tile.B, tile.C, wide: true);
        if (!content.IsEmpty && content.E > 0 && --content.E == 0)
        {
            _contents.Header.Live--;
            _contents.Header.Bytes -= content.D;
        }
    }
}
