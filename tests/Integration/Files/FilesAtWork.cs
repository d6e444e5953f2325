using GeoWps.Adapters.Storage.Files;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Application.Uploads;
using GeoWps.Domain.Files;
using GeoWps.Tests.Integration.Storage;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Integration.Files;

/// <summary>Content, the index of files and uploads with their use cases, as a node has them: in a folder and SQLite, or in PostgreSQL.</summary>
internal sealed class FilesAtWork : IAsyncDisposable
{
    public const string InFolder = "file";
    public const string InPostgres = "postgres";

    private readonly List<object> _open = [];

    private FilesAtWork(IBlobStore blobs, IFileIndex index, IUploadStore uploads, TimeProvider clock)
    {
        (Blobs, Index, Uploads) = (blobs, index, uploads);
        Changes = new FileChanges(index, blobs, TimeProvider.System, NullLogger<FileChanges>.Instance);
        Library = new FileLibrary(index, blobs);
        var places = new FilePlaces(index, blobs, Options.Create(new FilesOptions()));
        Store = new StoreFile(blobs, Changes, places, clock);
        Remove = new RemoveFile(Library, index, blobs, Changes);
        Relocate = new RelocateFile(Library, index, blobs, Changes, places);
        var filed = new FiledUploads(blobs, places, Changes);
        var finish = new FinishUpload(uploads, blobs, filed, clock, NullLogger<FinishUpload>.Instance);
        Keeper = new UploadKeeper(
            uploads, blobs, new UploadHolds(uploads, new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), TimeProvider.System), finish,
            new UploadLimit(Options.Create(new UploadsOptions()), filed), clock, NullLogger<UploadKeeper>.Instance);
    }

    public static Caller Li { get; } = new("li", Rights.Run | Rights.Files);

    public IBlobStore Blobs { get; }

    public IFileIndex Index { get; }

    public IUploadStore Uploads { get; }

    public FileChanges Changes { get; }

    public FileLibrary Library { get; }

    public StoreFile Store { get; }

    public RemoveFile Remove { get; }

    public RelocateFile Relocate { get; }

    public UploadKeeper Keeper { get; }

    /// <param name="place">A folder, or the connection of a database.</param>
    /// <param name="isLater">It is so late that what a killed process held is free.</param>
    public static async Task<FilesAtWork> OpenAsync(string kind, string place, bool isLater = false)
    {
        var clock = isLater ? new Later() : TimeProvider.System;
        if (kind == InFolder)
        {
            var database = new SqliteDatabase(Path.Combine(place, "jobs.db"), NullLogger.Instance);
            var files = new FileBlobStore(Path.Combine(place, "blobs"), clock);
            return new FilesAtWork(files, new SqliteFileIndex(database), new SqliteUploadStore(database, clock), clock) { _open = { files, database } };
        }

        if (isLater)
        {
            await Fixtures.PostgresServer.RunAsync(place, "UPDATE geowps.file_changes SET since = 0; UPDATE geowps.uploads SET held_until = 0");
        }

        var postgres = await Databases.OpenAsync(place);
        var blobs = new PostgresBlobStore(postgres, TimeSpan.FromHours(1), NullLogger.Instance);
        return new FilesAtWork(blobs, new PostgresFileIndex(postgres), new PostgresUploadStore(postgres), clock) { _open = { blobs, postgres } };
    }

    public static FilePath PathOf(string text) => FilePath.TryParse(text, out var path, out var mistake) ? path : throw new ArgumentException(mistake);

    /// <returns>What a path holds, by path, of the files below another one; index and content agree on all of them.</returns>
    public async Task<Dictionary<string, string>> ReadAsync(string below)
    {
        var found = new Dictionary<string, string>();
        await foreach (var info in Blobs.ListAsync($"{FileKeys.Prefix}{below}/", CancellationToken.None))
        {
            var path = info.Key[FileKeys.Prefix.Length..];
            var entry = (await Index.FindAsync(PathOf(path), CancellationToken.None)).ShouldNotBeNull($"the index knows {path}");
            (entry.ETag, entry.Length).ShouldBe((info.ETag, info.Length), path);
            await using var blob = (await Blobs.OpenAsync(info.Key, 0, null, CancellationToken.None)).ShouldNotBeNull(path);
            using var reader = new StreamReader(blob.Content);
            found[path] = FileOperations.LabelOf(await reader.ReadToEndAsync());
        }

        var listed = await Index.ListAsync(new FileQuery(PathOf(below), new FileViewer(null, true, true), 1000) { IsRecursive = true }, CancellationToken.None);
        listed.Where(entry => !entry.IsFolder).Select(entry => entry.Path.Text).ShouldBe(found.Keys, ignoreOrder: true, "the index knows nothing else");
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _open)
        {
            if (one is IAsyncDisposable later)
            {
                await later.DisposeAsync();
            }
            else
            {
                ((IDisposable)one).Dispose();
            }
        }
    }

    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddMinutes(2);
    }
}
