using System.IO.Compression;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Inputs;
using GeoWps.Application.Security;
using GeoWps.Domain.Files;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Files;

/// <summary>Files as inputs of processes. A shapefile is several: it comes as a zip of those of its parts that lie beside it.</summary>
public sealed class FileInputs(FileLibrary library)
{
    /// <summary>Files that one request may name.</summary>
    private const int MostNamed = 1_000;

    private const string Zip = "application/zip";

    /// <summary>What of a request names files that its caller may not read, or that are not there.</summary>
    public async Task<IReadOnlyList<Mistake>> CheckAsync(ExecuteCall call, CancellationToken cancellationToken)
    {
        var caller = new Caller(call.Owner, call.IsAdministrator ? Rights.All : call.MayStoreFiles ? Rights.Files : Rights.None);
        var mistakes = new List<Mistake>();
        var named = Named(call).Distinct().Take(MostNamed + 1).ToList();
        if (named.Count > MostNamed)
        {
            return [new Mistake("inputs", $"no more than {MostNamed} files can be named")];
        }

        foreach (var (place, path) in named)
        {
            if (await library.FindAsync(path, caller, cancellationToken) is not { IsFolder: false })
            {
                mistakes.Add(new Mistake(place, Missing(path)));
            }
        }

        return mistakes;
    }

    /// <summary>By the input of the request, however deep in it.</summary>
    private static IEnumerable<(string Place, FilePath Path)> Named(ExecuteCall call) =>
        call.Body.Json.ValueKind == JsonValueKind.Object && call.Body.Json.TryGetProperty("inputs", out var inputs) && inputs.ValueKind == JsonValueKind.Object
            ? inputs.EnumerateObject().SelectMany(input => OwnFiles.In(input.Value, call.BaseAddress).Select(path => (input.Name, path)))
            : [];

    /// <summary>Brings a file to a job, which reads what its owner may.</summary>
    internal async Task<InputContent> CopyAsync(FilePath path, Job job, Stream destination, CancellationToken cancellationToken)
    {
        // That its caller may read what is nobody's was judged when the job was accepted.
        var caller = new Caller(job.Owner, job.IsAdministered ? Rights.All : Rights.Files);
        if (await library.FindAsync(path, caller, cancellationToken) is not { IsFolder: false } entry)
        {
            return new InputContent.Refused(Missing(path));
        }

        var name = await CopyAsync(entry, caller, destination, cancellationToken);
        return name is null ? new InputContent.Refused(Missing(path)) : new InputContent.Copied(0, TypeOf(entry), name);
    }

    /// <summary>Writes a file, or the zip of a shapefile's parts.</summary>
    /// <returns>What it is called; <see langword="null"/> when it has gone.</returns>
    internal async Task<string?> CopyAsync(FileEntry entry, Caller caller, Stream destination, CancellationToken cancellationToken)
    {
        if (Shapefiles.Is(entry.Path))
        {
            await ZipAsync(entry, caller, destination, cancellationToken);
            return Path.ChangeExtension(entry.Path.Name, ".zip");
        }

        await using var blob = await library.OpenAsync(entry, cancellationToken);
        if (blob is null)
        {
            return null;
        }

        await (destination is ContentSink sink ? sink.TakeAsync(blob, cancellationToken) : blob.CopyToAsync(destination, cancellationToken));
        return entry.Path.Name;
    }

    /// <summary>Where the content and the name tell it, nothing is said: a name that callers know types by says more than a guess.</summary>
    private static string? TypeOf(FileEntry entry) => Shapefiles.Is(entry.Path) ? Zip : entry.ContentType is MediaTypes.GeoJson or Zip ? entry.ContentType : null;

    private static string Missing(FilePath path) => $"there is no file {path}";

    /// <summary>What lies beside a shapefile and belongs to it; nothing for any other file.</summary>
    internal async Task<IReadOnlyList<FileEntry>> PartsAsync(FileEntry entry, Caller caller, CancellationToken cancellationToken)
    {
        var parts = new List<FileEntry>();
        foreach (var path in Shapefiles.Is(entry.Path) ? Shapefiles.PartsOf(entry.Path) : [])
        {
            if (await library.FindAsync(path, caller, cancellationToken) is { IsFolder: false } part)
            {
                parts.Add(part);
            }
        }

        return parts;
    }

    private async Task ZipAsync(FileEntry entry, Caller caller, Stream destination, CancellationToken cancellationToken)
    {
        await using var whole = new DeferredWrites(destination);
        await using var zip = await ZipArchive.CreateAsync(whole, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        await AddAsync(zip, entry, cancellationToken);
        foreach (var part in await PartsAsync(entry, caller, cancellationToken))
        {
            await AddAsync(zip, part, cancellationToken);
        }
    }

    private async Task AddAsync(ZipArchive zip, FileEntry entry, CancellationToken cancellationToken)
    {
        await using var blob = await library.OpenAsync(entry, cancellationToken);
        if (blob is not null)
        {
            await using var part = await zip.CreateEntry(entry.Path.Name, CompressionLevel.NoCompression).OpenAsync(cancellationToken);
            await blob.Content.CopyToAsync(part, cancellationToken);
        }
    }
}
