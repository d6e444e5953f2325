namespace GeoWps.Application.Processes.Echo;

/// <summary>Memory that takes so many bytes and no more.</summary>
internal sealed class BoundedMemory(int most) : MemoryStream
{
    public bool HasOverflowed { get; private set; }

    public ReadOnlySpan<byte> Content => GetBuffer().AsSpan(0, (int)Length);

    /// <remarks>The one that all others lead to: <see cref="MemoryStream"/> itself sends the spans of a derived class this way.</remarks>
    public override void Write(byte[] buffer, int offset, int count)
    {
        if (Length + count > most)
        {
            HasOverflowed = true;
            throw new InvalidDataException($"More than {most} bytes.");
        }

        base.Write(buffer, offset, count);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }
}
