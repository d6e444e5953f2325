using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using GeoWps.Application.Ports;
using GeoWps.Domain.Records;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>Records aside, on disk, until all of a source was read: one that fails half way has changed nothing. A line of JSON each.</summary>
/// <param name="maxBytes">More is a <see cref="HarvestException"/>.</param>
internal sealed class StagedRecords(long maxBytes) : IDisposable
{
    private static readonly byte[] NewLine = [(byte)'\n'];

    private readonly FileStream _file = Open();

    public long Count { get; private set; }

    public void Add(CatalogueRecord record)
    {
        _file.Write(JsonSerializer.SerializeToUtf8Bytes(record, HarvestJson.Default.CatalogueRecord));
        _file.Write(NewLine);
        Count++;
        if (_file.Position > maxBytes)
        {
            throw new HarvestException($"its changes take more than the {maxBytes / (1024 * 1024)} MiB that one run may (Harvesting:MaxChangesMb)");
        }
    }

    /// <summary>In the order in which they came. Once.</summary>
    public async IAsyncEnumerable<CatalogueRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await _file.FlushAsync(cancellationToken);
        _file.Position = 0;
        using var lines = new StreamReader(_file, leaveOpen: true);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            yield return JsonSerializer.Deserialize(line, HarvestJson.Default.CatalogueRecord)!;
        }
    }

    public void Dispose() => _file.Dispose();

    // Without a name from the beginning: whatever kills this process leaves nothing.
    private static FileStream Open()
    {
        var path = Path.Combine(Path.GetTempPath(), $"geowps-harvest-{Guid.NewGuid():N}");
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 65_536);
        File.Delete(path);
        return file;
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(CatalogueRecord))]
internal sealed partial class HarvestJson : JsonSerializerContext;
