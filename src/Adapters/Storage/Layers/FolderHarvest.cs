using System.Globalization;
using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Storage.Layers;

/// <summary>Sources of the kind <c>folder</c>: files below one of the operator's folders, known by size and time of change. Links are not followed; what is hidden is left out.</summary>
internal sealed class FolderHarvest(IOperatorFolders folders, IOptions<RecordsOptions> options, IDocumentText? documents = null) : IHarvestReader, IDocumentReader
{
    private const string Folder = "path";

    /// <summary>Names that count, with <c>*</c> and <c>?</c>.</summary>
    private const string Pattern = "pattern";

    public string Kind => "folder";

    public IReadOnlyList<string> Settings { get; } = [Folder, Pattern, RecordFields.TypeSetting];

    public void Check(JsonElement settings, List<Mistake> mistakes)
    {
        if (folders.FindFolder(Text(settings, Folder) ?? "").Refusal is { } refusal)
        {
            mistakes.Add(new Mistake(Folder, refusal));
        }

        foreach (var name in new[] { Pattern, RecordFields.TypeSetting }.Where(name => settings.TryGetProperty(name, out _) && Text(settings, name) is null))
        {
            mistakes.Add(new Mistake(name, "must be a text"));
        }
    }

    public Task<HarvestReading> ReadAsync(HarvestWish wish, CancellationToken cancellationToken)
    {
        var (root, refusal) = folders.FindFolder(Text(wish.Settings, Folder) ?? "");
        if (root is null)
        {
            throw new HarvestException(refusal!);
        }

        var type = Text(wish.Settings, RecordFields.TypeSetting) ?? "file";
        return Task.FromResult<HarvestReading>(new HarvestReading.Sorted(
            List(root, Text(wish.Settings, Pattern) ?? "*", cancellationToken).ToAsyncEnumerable(), (keys, token) => ReadAsync(wish.Source.Id, root, type, keys, token)));
    }

    public bool Has(JsonElement settings, CatalogueRecord record) =>
        DocumentLinks.IsPath(record.LocalId) && FileSystemName.MatchesSimpleExpression(Text(settings, Pattern) ?? "*", Path.GetFileName(record.LocalId));

    public Task<DocumentOpening> OpenAsync(DocumentWish wish, CancellationToken cancellationToken)
    {
        var (root, refusal) = folders.FindFolder(Text(wish.Settings, Folder) ?? "");
        if (root is null)
        {
            throw new HarvestException(refusal!);
        }

        // Behind all links: a file that is elsewhere then is none of this folder.
        var path = Path.Combine(root, wish.Record.LocalId);
        if (folders.Find(path).Path != path)
        {
            return Task.FromResult<DocumentOpening>(new DocumentOpening.Gone());
        }

        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            var changed = File.GetLastWriteTimeUtc(file.SafeFileHandle);
            return Task.FromResult<DocumentOpening>(new DocumentOpening.Opened(new SourceDocument(file, Path.GetFileName(path))
            {
                Length = file.Length,
                Modified = changed,
                ETag = $"\"{VersionOf(file.Length, changed)}\"",
            }));
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<DocumentOpening>(new DocumentOpening.Gone());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new HarvestException("a file of it can't be read", failure);
        }
    }

    /// <summary>Paths and versions, in the order in which they are compared.</summary>
    private static IEnumerable<(string Path, string Version)> List(string root, string pattern, CancellationToken cancellationToken)
    {
        using var sorted = new SortedPairs();
        try
        {
            var found = new FileSystemEnumerable<(string Path, string Version)>(
                root,
                (ref FileSystemEntry entry) => (Path.GetRelativePath(root, entry.ToFullPath()).Replace(Path.DirectorySeparatorChar, '/'), VersionOf(entry.Length, entry.LastWriteTimeUtc)),
                new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint })
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && FileSystemName.MatchesSimpleExpression(pattern, entry.FileName),
            };
            foreach (var (path, version) in found)
            {
                cancellationToken.ThrowIfCancellationRequested();
                sorted.Add(path, version);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new HarvestException("a folder of it can't be read", failure);
        }

        foreach (var one in sorted.Read())
        {
            yield return one;
        }
    }

    private async IAsyncEnumerable<CatalogueRecord> ReadAsync(string source, string root, string type, IReadOnlyList<string> paths, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in paths)
        {
            if (await TryReadAsync(source, root, type, path, cancellationToken) is { } record)
            {
                yield return record;
            }
        }
    }

    /// <returns><see langword="null"/> for a file that is gone by now, or can't be read.</returns>
    private async Task<CatalogueRecord?> TryReadAsync(string source, string root, string type, string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(Path.Combine(root, path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var head = new byte[ContentSniffing.HeadBytes];
            var mediaType = ContentSniffing.TypeOf(head.AsSpan(0, await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken)), path);
            file.Position = 0;
            var changed = File.GetLastWriteTimeUtc(file.SafeFileHandle);
            return new CatalogueRecord(source, path, type, Path.GetFileNameWithoutExtension(path))
            {
                Updated = changed,
                Formats = [mediaType],
                Keywords = [.. path.Split('/')[..^1]],
                Text = documents is not null && documents.CanRead(mediaType) && options.Value.MaxTextKb > 0
                    ? await documents.ReadAsync(file, mediaType, options.Value.MaxTextKb * 1024, cancellationToken)
                    : null,
                Version = VersionOf(file.Length, changed),
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string VersionOf(long length, DateTimeOffset changed) => string.Create(CultureInfo.InvariantCulture, $"{length}-{changed.UtcTicks}");

    private static string? Text(JsonElement settings, string name) =>
        settings.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
