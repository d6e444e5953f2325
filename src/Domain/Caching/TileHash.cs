using System.Buffers.Binary;
using System.Security.Cryptography;

namespace GeoWps.Domain.Caching;

/// <summary>What <see cref="StoredTile.Hash"/> is: the first 128 bits of SHA-256. Nobody can make two tiles of one hash, so one never stands for another.</summary>
public static class TileHash
{
    public static UInt128 Of(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}
