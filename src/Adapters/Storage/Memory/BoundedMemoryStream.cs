namespace GeoWps.Adapters.Storage.Memory;

/// <summary>Refuses to grow past its bound, so that a writer that never ends costs no more than that.</summary>
/// <remarks>Every other way to write ends in one of the three: a class derived from MemoryStream gets no short cuts past them.</remarks>
internal sealed class BoundedMemoryStream(long mostBytes) : MemoryStream
{
    public static IOException Full(long mostBytes) =>
        new($"The blobs in memory have reached their limit (Blobs:MemoryLimitMb, {mostBytes / (1024 * 1024)} MiB).");

    public override void Write(byte[] buffer, int offset, int count)
    {
        Require(Position + count);
        base.Write(buffer, offset, count);
    }

    public override void WriteByte(byte value)
    {
        Require(Position + 1);
        base.WriteByte(value);
    }

    public override void SetLength(long value)
    {
        Require(value);
        base.SetLength(value);
    }

    private void Require(long length)
    {
        if (length > mostBytes)
        {
            throw Full(mostBytes);
        }
    }
}
