using System.Runtime.InteropServices;

namespace GeoWps.Adapters.Storage.Tiles.Pack;

/// <summary>One entry of an index. Of tiles: A its place in the matrix, B and C the hash of its content, D seconds, E flags. Of contents: A and B the hash, C its place, D its length, E how many tiles have it.</summary>
/// <remarks>Empty when A and C are 0; removed, but in the way of others, when E is 0.</remarks>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal struct Slot
{
    public ulong A;
    public ulong B;
    public ulong C;
    public uint D;
    public uint E;

    public readonly bool IsEmpty => (A | C) == 0;

    public readonly bool IsLive => E != 0;
}

/// <summary>Begins each index.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct SlotHeader
{
    public ulong Magic;

    /// <summary>Slots, a power of two.</summary>
    public ulong Capacity;

    public long Live;

    /// <summary>Removed ones included.</summary>
    public long Taken;

    /// <summary>Of the contents that are in use.</summary>
    public long Bytes;

    /// <summary>Place in the packs up to which records are in the index.</summary>
    public ulong Covered;

    /// <summary>The run of the operating system in which it was written; 0 when it was closed and is whole on disk.</summary>
    public ulong Boot;

    /// <summary>Not 0 while a change is half done.</summary>
    public ulong Changing;
}
