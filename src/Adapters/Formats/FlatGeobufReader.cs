using System.Buffers.Binary;

namespace GeoWps.Adapters.Formats;

/// <summary>Goes through a FlatGeobuf file front to back: header, over the index, feature by feature.</summary>
internal sealed class FlatGeobufReader(Stream stream) : IDisposable
{
    private const int IndexItemSize = 40;

    private readonly ByteWindow _window = new(stream);
    private int _size;
    private long? _count;

    /// <summary>Of the current feature, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The current feature's buffer, until the next call.</summary>
    public ReadOnlySpan<byte> Feature => _window.Rest.Slice(4, _size);

    public async ValueTask<FlatGeobufInfo> OpenAsync(CancellationToken cancellationToken)
    {
        if (!await _window.EnsureAsync(FlatGeobufMagic.Length, cancellationToken) || !_window.Rest.StartsWith(FlatGeobufMagic.Bytes))
        {
            throw Failure("this is not FlatGeobuf 3");
        }

        _window.Advance(FlatGeobufMagic.Length);
        await LoadAsync("the header", cancellationToken);
        FlatGeobufInfo info;
        try
        {
            info = FlatGeobufInfo.Parse(Feature);
        }
        catch (DamagedFlatBufferException damage)
        {
            throw Failure(damage.Message);
        }

        _window.Advance(4 + _size);
        _size = -4;
        _count = info.FeatureCount;
        if (info is { FeatureCount: { } count, IndexNodeSize: > 0 })
        {
            await SkipAsync(IndexSize(count, info.IndexNodeSize), cancellationToken);
        }

        return info;
    }

    /// <returns><see langword="false"/> behind the last feature.</returns>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        _window.Advance(4 + _size);
        _size = -4;
        if (_count is null ? !await _window.EnsureAsync(1, cancellationToken) : Number == _count)
        {
            return false;
        }

        Number++;
        await LoadAsync("the feature", cancellationToken);
        return true;
    }

    /// <summary>What is wrong and where: features count from 1, bytes from 0.</summary>
    public InvalidDataException Failure(string message) =>
        new($"{(Number > 0 ? $"feature {Number} (byte {_window.Position})" : $"byte {_window.Position}")}: {message}");

    public void Dispose() => _window.Dispose();

    private async ValueTask LoadAsync(string what, CancellationToken cancellationToken)
    {
        try
        {
            if (!await _window.EnsureAsync(4, cancellationToken))
            {
                throw Failure($"the file ends before {what}");
            }

            var size = BinaryPrimitives.ReadUInt32LittleEndian(_window.Rest);
            if (size > int.MaxValue - 4 || !await _window.EnsureAsync((int)size + 4, cancellationToken))
            {
                throw Failure($"the file ends inside {what} of {size} bytes");
            }

            _size = (int)size;
        }
        catch (TooLargeException tooLarge)
        {
            throw Failure(tooLarge.Message);
        }
    }

    private async ValueTask SkipAsync(UInt128 count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            if (!await _window.EnsureAsync(1, cancellationToken))
            {
                throw Failure("the file ends inside the spatial index");
            }

            var part = (int)UInt128.Min(count, (UInt128)_window.Rest.Length);
            _window.Advance(part);
            count -= (UInt128)part;
        }
    }

    /// <summary>Bytes of a packed R-tree: each level has one item for every node of the level below.</summary>
    private static UInt128 IndexSize(long features, int nodeSize)
    {
        var perNode = (UInt128)Math.Max(nodeSize, 2);
        var level = (UInt128)features;
        var items = level;
        do
        {
            level = (level + perNode - 1) / perNode;
            items += level;
        }
        while (level > 1);
        return items * IndexItemSize;
    }
}
