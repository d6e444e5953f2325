using System.Text.Json;
using System.Text.Json.Serialization;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Files;

/// <summary>What the small file of a blob says: which content file is the blob's now, and what it is.</summary>
/// <param name="Version">Of this format.</param>
/// <param name="Modified">Milliseconds since 1970.</param>
internal sealed record BlobRecord(int Version, string Type, string ETag, long Length, long Modified)
{
    public const int Current = 1;

    public BlobInfo ToInfo(string key) => new(key, Type, Length, ETag, DateTimeOffset.FromUnixTimeMilliseconds(Modified));

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, BlobRecordContext.Default.BlobRecord);

    /// <returns><see langword="null"/> when there is none, or none that was ever finished (a power cut can leave an empty file).</returns>
    public static BlobRecord? Read(string path)
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(path), BlobRecordContext.Default.BlobRecord) is { Version: Current } record
                    ? record
                    : throw new InvalidDataException("A blob's record was written by a newer version of this program.")
                : null;
        }
        catch (Exception reason) when (reason is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BlobRecord))]
internal sealed partial class BlobRecordContext : JsonSerializerContext;
