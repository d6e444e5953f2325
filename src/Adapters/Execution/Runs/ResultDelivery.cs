using System.Text.Json;
using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Execution.Runs;

/// <summary>Makes what a worker has left into the results of a job. Large ones are moved or streamed into the blob store, small GeoJSON stays with the job.</summary>
internal sealed class ResultDelivery(IBlobStore blobs, IFeatureFormats formats)
{
    /// <summary>Bytes of a FlatGeobuf, and of GeoJSON, that stays with the job: a blob of its own would cost more than the algorithm.</summary>
    private const int Small = 32 * 1024;

    public async Task<IReadOnlyList<OutputValue>> DeliverAsync(
        Job job, IReadOnlyList<WantedOutput> wanted, JsonElement results, string folder, CancellationToken cancellationToken)
    {
        var outputs = new List<OutputValue>(wanted.Count);
        foreach (var output in wanted)
        {
            if (results.TryGetProperty(output.Id, out var result))
            {
                outputs.Add(result.TryGetProperty("path", out var path)
                    ? await ContentAsync(job, output, result, path.GetString()!, folder, cancellationToken)
                    : new OutputValue.Literal(output.Id, result.GetProperty("value").Clone()));
            }
        }

        return outputs;
    }

    private async Task<OutputValue> ContentAsync(
        Job job, WantedOutput output, JsonElement result, string path, string folder, CancellationToken cancellationToken)
    {
        var file = InFolder(folder, path);
        var stem = Path.GetFileNameWithoutExtension(path);
        var made = result.TryGetProperty("mediaType", out var type) && type.GetString() is { } mediaType ? mediaType : output.MediaType ?? DataFormats.Unknown;
        var isFlatGeobuf = MediaTypes.WithoutParameters(made) == DataFormats.FlatGeobuf;
        var delivered = output.Quick && isFlatGeobuf ? made : output.DeliveredAs ?? made;
        if (output.MediaType == DataFormats.GeoJson && isFlatGeobuf && !output.Quick)
        {
            return await GeoJsonAsync(job, output.Id, delivered, file, stem + ".geojson", cancellationToken);
        }

        if (made == DataFormats.GeoJson && new FileInfo(file).Length <= Small)
        {
            return new OutputValue.Literal(output.Id, JsonElement.Parse(await File.ReadAllBytesAsync(file, cancellationToken)), delivered);
        }

        var blob = await TakeAsync(job, Path.GetFileName(path), delivered, file, cancellationToken);
        var sidecars = new List<Sidecar>();
        foreach (var beside in result.TryGetProperty("sidecars", out var all) ? all.EnumerateArray().Select(each => each.GetString()!).ToArray() : [])
        {
            var sidecar = await TakeAsync(job, Path.GetFileName(beside), DataFormats.OfExtension(Path.GetExtension(beside).TrimStart('.')), InFolder(folder, beside), cancellationToken);
            sidecars.Add(new Sidecar(Path.GetFileName(beside), sidecar.Key, sidecar.ContentType, sidecar.Length));
        }

        return new OutputValue.Content(output.Id, blob.Key, delivered, Path.GetFileName(path), blob.Length, sidecars);
    }

    private async Task<OutputValue> GeoJsonAsync(Job job, string id, string mediaType, string file, string name, CancellationToken cancellationToken)
    {
        await using var flatGeobuf = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: false);
        if (flatGeobuf.Length <= Small)
        {
            using var memory = new MemoryStream();
            await formats.WriteGeoJsonAsync(flatGeobuf, memory, cancellationToken);
            return new OutputValue.Literal(id, JsonElement.Parse(memory.GetBuffer().AsSpan(0, (int)memory.Length)), mediaType);
        }

        var blob = await blobs.PutAsync(
            JobKeys.Output(job.Id, job.Attempt, name),
            mediaType,
            (stream, token) => formats.WriteGeoJsonAsync(flatGeobuf, stream, token),
            cancellationToken);
        return new OutputValue.Content(id, blob.Key, mediaType, name, blob.Length, []);
    }

    private Task<BlobInfo> TakeAsync(Job job, string name, string mediaType, string file, CancellationToken cancellationToken) =>
        blobs.TakeAsync(JobKeys.Output(job.Id, job.Attempt, name), mediaType, file, cancellationToken);

    /// <summary>A worker runs what strangers sent: neither a path nor a link of its making leads the server to another file.</summary>
    private static string InFolder(string folder, string path)
    {
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        var file = Path.GetFullPath(Path.Combine(folder, path));
        for (var part = file; part.StartsWith(root, StringComparison.Ordinal); part = Path.GetDirectoryName(part)!)
        {
            if (new FileInfo(part).LinkTarget is not null)
            {
                throw new InvalidDataException("A worker named a link as its result.");
            }
        }

        return file.StartsWith(root, StringComparison.Ordinal) ? file : throw new InvalidDataException("A worker named a file outside its job's folder as its result.");
    }
}
