using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using GeoWps.Application.Ports;
using GeoWps.Domain.Records;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>Records aside, on disk, until all of a source was read: one that fails half way has changed nothing. Each is its length (four bytes, least first) and as much JSON.</summary>
/// <param name="maxBytes">More is a <see cref="HarvestException"/>.</param>
internal sealed class StagedRecords(long maxBytes) : IDisposable
{
    private readonly FileStream _file = NamelessFile.Create();
    private readonly byte[] _length = new byte[sizeof(int)];

    public long Count { get; private set; }

    /// <returns>Its place.</returns>
    public long Add(CatalogueRecord record)
    {
        var (place, json) = (_file.Position, JsonSerializer.SerializeToUtf8Bytes(record, HarvestJson.Default.CatalogueRecord));
        BinaryPrimitives.WriteInt32LittleEndian(_length, json.Length);
        _file.Write(_length);
        _file.Write(json);
        Count++;
        return _file.Position <= maxBytes ? place : throw new HarvestException($"what is set aside of it takes more than the {maxBytes / (1024 * 1024)} MiB that one run may (Harvesting:MaxChangesMb)");
    }

    /// <summary>In the order in which they came; none is added any more.</summary>
    public async IAsyncEnumerable<CatalogueRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _file.Position = 0;
        while (_file.Position < _file.Length)
        {
            yield return await NextAsync(cancellationToken);
        }
    }

    /// <summary>Those at some places; none is added any more.</summary>
    public async IAsyncEnumerable<CatalogueRecord> ReadAsync(IEnumerable<long> places, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var place in places.Order())
        {
            _file.Position = place;
            yield return await NextAsync(cancellationToken);
        }
    }

    public void Dispose() => _file.Dispose();

    private async ValueTask<CatalogueRecord> NextAsync(CancellationToken cancellationToken)
    {
        await _file.ReadExactlyAsync(_length, cancellationToken);
        var json = new byte[BinaryPrimitives.ReadInt32LittleEndian(_length)];
        await _file.ReadExactlyAsync(json, cancellationToken);
        return JsonSerializer.Deserialize(json, HarvestJson.Default.CatalogueRecord)!;
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(CatalogueRecord))]
internal sealed partial class HarvestJson : JsonSerializerContext;
