using System.Buffers;
using System.Runtime.InteropServices;

namespace GeoWps.Adapters.Storage.Tiles.Pack;

/// <summary>Records that go into a pack by one write.</summary>
internal sealed class PackWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1024);

    /// <summary>With where each begins.</summary>
    public List<(PackRecord Record, int Offset)> Records { get; } = [];

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Add(in PackRecord record, ReadOnlySpan<byte> content = default)
    {
        Records.Add((record, _bytes.WrittenCount));
        _bytes.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<PackRecord>(in record)));
        _bytes.Write(content);
    }
}
