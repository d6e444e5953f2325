using System.Globalization;

namespace GeoWps.Domain.Caching;

/// <summary>How a tile's bytes are packed, as <c>Content-Encoding</c> names it.</summary>
public enum TileEncoding
{
    Identity,
    Gzip,
    Brotli,
}

/// <summary>What is known of a tile besides its bytes.</summary>
[Flags]
public enum TileNotes
{
    None = 0,

    /// <summary>There is nothing in it: the sea. It is answered as an empty tile, and is not "not there".</summary>
    Empty = 1,

    /// <summary>A limit of the layer was hit: it holds less than the data have.</summary>
    Truncated = 2,

    /// <summary>Empty, and so is everything below it on finer matrices.</summary>
    EmptyBelow = 4,
}

/// <summary>A made tile, ready to be sent. Immutable.</summary>
/// <param name="Content">Packed as <paramref name="Encoding"/> says; of no bytes when it is empty and its format has no other form of emptiness.</param>
/// <param name="Hash">Of the content (<see cref="TileHash"/>): the ETag, and by which identical tiles are stored once.</param>
/// <param name="Made">When, to the second.</param>
public sealed record StoredTile(ReadOnlyMemory<byte> Content, TileEncoding Encoding, UInt128 Hash, DateTimeOffset Made, TileNotes Notes = TileNotes.None)
{
    private string? _entityTag;
    private string? _lastModified;

    /// <summary>The hash as HTTP's entity tag, in quotes. Written once: a kept tile is sent many times.</summary>
    public string EntityTag => _entityTag ??= $"\"{Hash:x32}\"";

    /// <summary>When it was made, as HTTP's dates are written (RFC 9110, clause 5.6.7). Written once, too.</summary>
    public string LastModified => _lastModified ??= Made.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>One with the hash that its content has.</summary>
    public static StoredTile Of(ReadOnlyMemory<byte> content, TileEncoding encoding, DateTimeOffset made, TileNotes notes = TileNotes.None) =>
        new(content, encoding, TileHash.Of(content.Span), made, notes);
}
