using System.Runtime.InteropServices;
using GeoWps.Adapters.Storage.Tiles;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Storage.Tiles.Pack;

internal enum PackRecordKind : uint
{
    /// <summary>Bytes that follow, by their hash.</summary>
    Content = 0x4b50_0001,

    /// <summary>A tile has the content of a hash.</summary>
    Tile = 0x4b50_0002,

    /// <summary>A tile is removed.</summary>
    Removed = 0x4b50_0003,
}

/// <summary>What a pack consists of; a content's bytes come behind it. Packs are written at their end only, and the index can be made of them.</summary>
[StructLayout(LayoutKind.Sequential, Size = 48)]
internal struct PackRecord
{
    public PackRecordKind Kind;
    public uint Check;
    public int Column;
    public int Row;
    public uint Made;
    public uint Flags;
    public uint Length;
    private readonly uint _spare;
    public ulong HashHigh;
    public ulong HashLow;

    public static PackRecord OfContent(UInt128 hash, int length) =>
        Checked(new PackRecord { Kind = PackRecordKind.Content, Length = (uint)length, HashHigh = (ulong)(hash >> 64), HashLow = (ulong)hash });

    public static PackRecord OfTile(TileIndex tile, StoredTile stored) => Checked(new PackRecord
    {
        Kind = PackRecordKind.Tile,
        Column = tile.Column,
        Row = tile.Row,
        Made = (uint)stored.Made.ToUnixTimeSeconds(),
        Flags = PackFlags.Of(stored),
        HashHigh = (ulong)(stored.Hash >> 64),
        HashLow = (ulong)stored.Hash,
    });

    public static PackRecord OfTile(in Slot slot) => Checked(new PackRecord
    {
        Kind = PackRecordKind.Tile,
        Column = PackFlags.TileOf(slot.A).Column,
        Row = PackFlags.TileOf(slot.A).Row,
        Made = slot.D,
        Flags = slot.E & ~PackFlags.Used,
        HashHigh = slot.B,
        HashLow = slot.C,
    });

    public static PackRecord OfRemoved(TileIndex tile) => Checked(new PackRecord { Kind = PackRecordKind.Removed, Column = tile.Column, Row = tile.Row });

    /// <summary>Whether it is one, and whole.</summary>
    public readonly bool IsWhole => Kind is PackRecordKind.Content or PackRecordKind.Tile or PackRecordKind.Removed && Sum(this) == Check;

    public readonly ulong Key => PackFlags.KeyOf(new TileIndex(Column, Row));

    private static PackRecord Checked(PackRecord record)
    {
        record.Check = Sum(record);
        return record;
    }

    // FNV-1a over the words but the sum itself: it tells a torn end from a record, nothing more.
    private static uint Sum(PackRecord record)
    {
        record.Check = 0;
        var sum = 14695981039346656037UL;
        foreach (var word in MemoryMarshal.Cast<PackRecord, ulong>(new ReadOnlySpan<PackRecord>(in record)))
        {
            sum = (sum ^ word) * 1099511628211UL;
            sum ^= sum >> 32;
        }

        return (uint)(sum ^ (sum >> 32));
    }
}

/// <summary>Encoding and notes of a tile in one number, and a tile's place in the matrix in another; neither is ever 0.</summary>
internal static class PackFlags
{
    public const uint Live = 1;

    /// <summary>Read since somebody looked for tiles that are not.</summary>
    public const uint Used = 2;

    public static uint Of(StoredTile tile) => Live | ((uint)tile.Encoding << 8) | ((uint)tile.Notes << 16);

    public static TileEncoding EncodingOf(uint flags) => (TileEncoding)((flags >> 8) & 0xff);

    public static TileNotes NotesOf(uint flags) => (TileNotes)(flags >> 16);

    public static ulong KeyOf(TileIndex tile) => (((ulong)(uint)tile.Column << 32) | (uint)tile.Row) + 1;

    public static TileIndex TileOf(ulong key) => new((int)((key - 1) >> 32), (int)(uint)(key - 1));
}
