using System.Text.Json;
using System.Text.Json.Serialization;

namespace GeoWps.Adapters.Storage.Files;

/// <summary>
/// Notes of changes that take several renames, kept beside what is being written for as long as they last: what a process that was killed left half-done is told by them, so
/// that the next start needs no look at every file.
/// </summary>
internal sealed class BlobDoubts(BlobPaths paths)
{
    private const string Suffix = ".doubt";

    /// <returns>To be disposed of when the change is over, however it ended.</returns>
    public IDisposable Note(BlobDoubt doubt)
    {
        var file = paths.NewTemporary() + Suffix;
        File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(doubt, BlobDoubtContext.Default.BlobDoubt));
        return new Noted(file);
    }

    /// <summary>What an earlier process noted and did not end. A note that was cut off itself stands for a change that had not begun.</summary>
    public IReadOnlyList<BlobDoubt> Read()
    {
        var doubts = new List<BlobDoubt>();
        foreach (var file in Directory.EnumerateFiles(paths.Temporary, "*" + Suffix))
        {
            try
            {
                doubts.Add(JsonSerializer.Deserialize(File.ReadAllBytes(file), BlobDoubtContext.Default.BlobDoubt)!);
            }
            catch (JsonException)
            {
            }
        }

        return doubts;
    }

    private sealed class Noted(string file) : IDisposable
    {
        public void Dispose() => File.Delete(file);
    }
}

/// <param name="Key">Whose files may be left over.</param>
/// <param name="ETags">Of contents that are its own only while its record says so.</param>
/// <param name="MovedTo">It is moving there: where the same content is by now, it is not here.</param>
internal sealed record BlobDoubt(string Key, IReadOnlyList<string> ETags, string? MovedTo = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BlobDoubt))]
internal sealed partial class BlobDoubtContext : JsonSerializerContext;
