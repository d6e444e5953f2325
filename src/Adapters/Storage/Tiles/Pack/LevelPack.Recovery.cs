using System.Diagnostics.CodeAnalysis;
using GeoWps.Domain.Caching;

namespace GeoWps.Adapters.Storage.Tiles.Pack;

/// <summary>What makes indexes of packs, and packs without what is of no use.</summary>
internal sealed partial class LevelPack
{
    private const int RecordsAtOnce = 512;
    private const int BytesAtOnce = 1 << 20;

    /// <summary>
    /// Writes what is in use in the oldest pack to the end of the newest, in pieces between which others can write, and removes it. The oldest: what
    /// removes a tile is then older than nothing, and goes.
    /// </summary>
    /// <returns><see langword="false"/> when it was closed.</returns>
    public bool TryClean(CancellationToken cancellationToken)
    {
        var (number, offset) = (0, 0L);
        while (!cancellationToken.IsCancellationRequested)
        {
            lock (_writing)
            {
                if (IsClosed)
                {
                    return false;
                }

                if (number == 0)
                {
                    number = _packs.First;
                    if (number == _packs.Last)
                    {
                        _packs.Roll();
                        Change(() => _tiles.Header.Covered = _contents.Header.Covered = _packs.Head);
                    }
                }

                offset = Clean(number, offset);
                if (offset < 0)
                {
                    _packs.RemoveFirst();
                    return true;
                }
            }
        }

        return false;
    }

    /// <returns>Where to go on; -1 at the end.</returns>
    private unsafe long Clean(int number, long offset)
    {
        var writer = new PackWriter();
        for (var records = 0; records < RecordsAtOnce && writer.Bytes.Length < BytesAtOnce; records++)
        {
            var place = PackFiles.PlaceOf(number, offset);
            if (!_packs.TryReadRecord(place, out var record))
            {
                offset = -1;
                break;
            }

            offset += sizeof(PackRecord);
            if (record.Kind == PackRecordKind.Content)
            {
                offset += record.Length;
                if (_contents.Locate(record.HashHigh, record.HashLow, wide: true) is { IsEmpty: false, IsLive: true } content && content.C == place + (ulong)sizeof(PackRecord))
                {
                    var bytes = new byte[record.Length];
                    if (_packs.TryRead(content.C, bytes))
                    {
                        writer.Add(record, bytes);
                    }
                }
            }
            else if (record.Kind == PackRecordKind.Tile && _tiles.Locate(record.Key, 0, wide: false) is { IsEmpty: false, IsLive: true } tile
                && tile.B == record.HashHigh && tile.C == record.HashLow && tile.D == record.Made)
            {
                writer.Add(PackRecord.OfTile(tile));
            }
        }

        // A tile's record is written again with the tile as it is: nothing changes but places.
        var used = writer.Records.Where(record => record.Record.Kind == PackRecordKind.Tile).Select(record => record.Record.Key)
            .Where(key => (_tiles.Locate(key, 0, wide: false).E & PackFlags.Used) != 0).ToArray();
        Write(writer);
        foreach (var key in used)
        {
            _tiles.Locate(key, 0, wide: false).E |= PackFlags.Used;
        }

        return offset;
    }

    [MemberNotNull(nameof(_tiles), nameof(_contents))]
    private void Rebuild()
    {
        _tiles = SlotFile.Create(Path.Combine(_folder, TilesIndex));
        _contents = SlotFile.Create(Path.Combine(_folder, ContentsIndex));
        _tiles.Header.Boot = _contents.Header.Boot = Used(_boot);
        Replay(PackFiles.PlaceOf(_packs.First, 0), verify: true);
    }

    // An index that is in use must not look like one that was closed, even where no run can be told from another.
    private static ulong Used(ulong boot) => boot == 0 ? ulong.MaxValue : boot;

    private unsafe void Replay(ulong from, bool verify)
    {
        var (first, start) = PackFiles.At(from);
        foreach (var number in _packs.Numbers.Where(number => number >= first))
        {
            var (offset, end) = (number == first ? start : 0, _packs.LengthOf(number));
            while (offset < end && _packs.TryReadRecord(PackFiles.PlaceOf(number, offset), out var record))
            {
                var next = offset + sizeof(PackRecord) + (record.Kind == PackRecordKind.Content ? record.Length : 0);
                if (next > end || (verify && record.Kind == PackRecordKind.Content && !IsContent(number, offset, record)))
                {
                    break;
                }

                _tiles.Reserve(1, wide: false);
                _contents.Reserve(1, wide: true, keepAll: true);
                Apply(record, PackFiles.PlaceOf(number, offset));
                offset = next;
            }

            if (number == _packs.Last && offset < end)
            {
                _packs.Cut(offset);
            }
        }

        _tiles.Header.Covered = _contents.Header.Covered = _packs.Head;
    }

    private unsafe bool IsContent(int number, long offset, in PackRecord record)
    {
        var bytes = new byte[record.Length];
        return _packs.TryRead(PackFiles.PlaceOf(number, offset + sizeof(PackRecord)), bytes) && TileHash.Of(bytes) == new UInt128(record.HashHigh, record.HashLow);
    }
}
