using System.Text.Json;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Domain.Files;
using GeoWps.Domain.Records;
using GeoWps.Domain.Spatial;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Records;

/// <summary>
/// Keeps records of files: at the start and each hour it looks at all of them, and otherwise at what has changed. They are found by their names, by the names of what they hold, and
/// by the text of documents, by those who may read the files.
/// </summary>
public sealed partial class FileRecords(
    IRecordStore records,
    IFileIndex index,
    IBlobStore blobs,
    FileNews news,
    ReadContents contents,
    IOptions<RecordsOptions> options,
    TimeProvider clock,
    ILogger<FileRecords> logger,
    IDocumentText? documents = null) : BackgroundService
{
    /// <summary>Changes when the records made here do.</summary>
    private const string Form = "1";

    /// <summary>In the version of a record whose file QGIS could not read.</summary>
    private const string Unreadable = "x";

    private const int Page = 500;

    /// <summary>Larger ones are looked at when somebody asks what they hold.</summary>
    private const long MostInspected = 256L * 1024 * 1024;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromHours(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly string[] _dataEndings = [".gpkg", ".geojson", ".json", ".fgb", ".shp", ".zip", ".gml", ".kml", ".kmz", ".gpx", ".tif", ".tiff", ".asc"];

    /// <summary>Makes the records of all files right.</summary>
    public async Task KeepAllAsync(CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, string?>(StringComparer.Ordinal);
        await foreach (var (localId, version) in records.VersionsAsync(RecordSources.Files, cancellationToken))
        {
            known[localId] = version;
        }

        var isFirst = known.Count == 0;

        // Folders come first: which of them are public is known by the time their files come.
        var shared = new HashSet<FilePath>();
        for (FileEntry? after = null; ;)
        {
            var query = new FileQuery(FilePath.Root, new FileViewer(Name: null, SeesNobodys: true, SeesAll: true), Page) { IsRecursive = true, After = after };
            var some = await index.ListAsync(query, cancellationToken);
            foreach (var entry in some)
            {
                var isPublic = entry.IsPublic || shared.Contains(entry.Path.Folder);
                if (entry.IsFolder)
                {
                    // By path, so that those above came before.
                    _ = isPublic && shared.Add(entry.Path);
                    continue;
                }

                known.Remove(entry.Path.Text, out var version);
                await KeepAsync(entry, isPublic, version, isFirst, cancellationToken);
            }

            if (some.Count < Page)
            {
                break;
            }

            after = some[^1];
        }

        await records.RemoveAsync(RecordSources.Files, known.Keys, cancellationToken);
    }

    /// <summary>Makes the record of one file right.</summary>
    public async Task KeepAsync(FilePath path, CancellationToken cancellationToken)
    {
        var line = await index.LineAsync(path, cancellationToken);
        if (line is not [.., { IsFolder: false } entry] || entry.Path != path)
        {
            await records.RemoveAsync(RecordSources.Files, [path.Text], cancellationToken);
            return;
        }

        var known = await records.FindAsync($"{RecordSources.Files}:{path.Text}", cancellationToken);
        await KeepAsync(entry, line.Any(one => one.IsPublic), known?.Version, isFirst: false, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        IReadOnlyCollection<FilePath>? changed = null;
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                if (changed is null)
                {
                    await KeepAllAsync(stoppingToken);
                }

                foreach (var path in changed ?? [])
                {
                    await KeepAsync(path, stoppingToken);
                }

                failures = 0;
                changed = await news.NextAsync(BetweenLooks, clock, stoppingToken);

                // Many files come one after the other.
                await Task.Delay(Pause, clock, stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                (changed, failures) = (null, failures + 1);
                LogFailed(error);
                await Task.Delay(Backoff.After(failures, Pause, TimeSpan.FromMinutes(1), share: 0.5), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <param name="isFirst">Nothing was known of any file, and nobody has asked what is new: the record is as old as its file.</param>
    private async Task KeepAsync(FileEntry entry, bool isPublic, string? known, bool isFirst, CancellationToken cancellationToken)
    {
        // What could not be read is not tried again before it is another; the record's version remembers it, over the server's stops and on every node.
        var isUnreadable = entry.Contents is null && known?.StartsWith($"{Form}.{entry.ETag}.{Unreadable}.", StringComparison.Ordinal) == true;
        if (entry.Contents is null && !isUnreadable && contents.IsPossible && entry.Length <= MostInspected
            && _dataEndings.Any(ending => entry.Path.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
        {
            var outcome = await contents.ExecuteAsync(entry, cancellationToken);
            entry = outcome is ContentsOutcome.Found found ? entry with { Contents = found.Contents } : entry;
            isUnreadable = outcome is ContentsOutcome.Unavailable { IsOfContent: true };
        }

        var owner = isPublic ? null : entry.Owner ?? CatalogueRecord.Nobodys;
        var version = $"{Form}.{entry.ETag}.{(isUnreadable ? Unreadable : entry.Contents is null ? "0" : "1")}.{owner}";
        if (version != known)
        {
            var record = await MakeAsync(entry, owner, version, cancellationToken);

            // A file that is renamed, shared or looked into keeps its time, and its record is another all the same. The time is of after the text was read: none is noted late.
            await records.PutAsync([record with { Updated = isFirst ? entry.Modified : clock.GetUtcNow() }], cancellationToken);
        }
    }

    private async Task<CatalogueRecord> MakeAsync(FileEntry entry, string? owner, string version, CancellationToken cancellationToken)
    {
        var held = Held.Of(entry.Contents);
        var address = $"files/{string.Join('/', entry.Path.Text.Split('/').Select(Uri.EscapeDataString))}";
        return new CatalogueRecord(RecordSources.Files, entry.Path.Text, "file", entry.Path.Name)
        {
            Keywords = [.. held.Layers],
            Extents = held.Extent is { } extent ? [extent] : [],
            Formats = [entry.ContentType, .. held.Format is { } format ? (string[])[format] : []],
            ExternalIds = entry.Sha256 is { } digest ? [new ExternalId(digest, "urn:sha256")] : [],
            Text = string.Join('\n', [entry.Path.Text, .. held.Fields, await TextOfAsync(entry, cancellationToken) ?? ""]),
            Links = [new RecordLink(address, "enclosure", entry.ContentType, entry.Path.Name), new RecordLink($"{address}?f=info", "describedby", "application/json", "What it holds")],
            Owner = owner,
            Version = version,
        };
    }

    private async Task<string?> TextOfAsync(FileEntry entry, CancellationToken cancellationToken)
    {
        if (documents is null || options.Value.MaxTextKb == 0 || !documents.CanRead(entry.ContentType))
        {
            return null;
        }

        await using var blob = await blobs.OpenAsync(FileKeys.Of(entry.Path), 0, null, cancellationToken);
        return blob is null ? null : await documents.ReadAsync(blob.Content, entry.ContentType, options.Value.MaxTextKb * 1024, cancellationToken);
    }

    [LoggerMessage(EventId = 1802, Level = LogLevel.Error, Message = "Records of files could not be kept; trying again")]
    private partial void LogFailed(Exception error);

    /// <summary>What is to be found of <see cref="FileEntry.Contents"/>.</summary>
    private sealed record Held(string? Format, IReadOnlyList<string> Layers, IReadOnlyList<string> Fields, Extent? Extent)
    {
        public static Held Of(string? contents)
        {
            if (contents is null)
            {
                return new Held(null, [], [], null);
            }

            using var json = JsonDocument.Parse(contents);
            var root = json.RootElement;
            JsonElement[] layers = root.TryGetProperty("layers", out var all) && all.ValueKind == JsonValueKind.Array ? [.. all.EnumerateArray()] : [];
            return new Held(
                root.TryGetProperty("format", out var format) ? format.GetString() : null,
                [.. layers.Select(layer => Text(layer, "name")).OfType<string>()],
                [.. layers.SelectMany(layer => layer.TryGetProperty("fields", out var fields) && fields.ValueKind == JsonValueKind.Array ? fields.EnumerateArray().Select(field => Text(field, "name")) : []).OfType<string>()],
                FileContents.ExtentOf(contents) is [var west, var south, var east, var north] ? new Extent(west, south, east, north) : null);
        }

        private static string? Text(JsonElement of, string member) =>
            of.ValueKind == JsonValueKind.Object && of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
