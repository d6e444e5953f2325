using System.Text;
using GeoWps.Adapters.Storage.Files;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Files;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Files;

/// <summary>The use cases of files over a folder and SQLite, as one node has them.</summary>
internal sealed class FileRig : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase _database = null!;

    public FileRig(FilesOptions? options = null, Func<IBlobStore, IBlobStore>? wrap = null)
    {
        Options = options ?? new FilesOptions();
        Start(wrap);
    }

    public static Caller Li { get; } = new("li", Rights.Run | Rights.Files);

    public static Caller Ana { get; } = new("ana", Rights.Run | Rights.Files);

    public static Caller Anonymous { get; } = new(null, Rights.Run | Rights.Files);

    public static Caller Visitor { get; } = new(null, Rights.Run);

    public FilesOptions Options { get; }

    public TestClock Clock { get; } = new();

    public IBlobStore Blobs { get; private set; } = null!;

    public IFileIndex Index { get; private set; } = null!;

    public FileChanges Changes { get; private set; } = null!;

    public FileLibrary Library { get; private set; } = null!;

    public StoreFile Store { get; private set; } = null!;

    public RemoveFile Remove { get; private set; } = null!;

    public RelocateFile Relocate { get; private set; } = null!;

    public SaveResult Save { get; private set; } = null!;

    public static FilePath Path(string text) => FilePath.TryParse(text, out var path, out var mistake) ? path : throw new ArgumentException(mistake);

    /// <summary>The next process over the same data.</summary>
    public void Restart(Func<IBlobStore, IBlobStore>? wrap = null)
    {
        _database.Dispose();
        Start(wrap);
    }

    public FileNews News { get; } = new();

    public Task<FileOutcome> PutAsync(string path, string text, Caller? caller = null, BlobCondition? condition = null, long? length = null, params FileChecksum[] checksums) =>
        PutAsync(path, new MemoryStream(Encoding.UTF8.GetBytes(text)), caller, condition, length, checksums);

    public Task<FileOutcome> PutAsync(string path, Stream content, Caller? caller = null, BlobCondition? condition = null, long? length = null, params FileChecksum[] checksums) => Store.ExecuteAsync(
        new StoreCall(Path(path), caller ?? Li, content, length, condition ?? BlobCondition.Any) { Checksums = checksums }, CancellationToken.None);

    public Task<FileOutcome> RemoveAsync(string path, Caller? caller = null, bool isRecursive = false) =>
        Remove.ExecuteAsync(Path(path), isRecursive, BlobCondition.Any, caller ?? Li, CancellationToken.None);

    public Task<FileOutcome> MoveAsync(string from, string to, Caller? caller = null, bool overwrite = false) =>
        Relocate.ExecuteAsync(new RelocateCall(Path(from), Path(to), IsCopy: false, overwrite, caller ?? Li), CancellationToken.None);

    public Task<FileOutcome> CopyAsync(string from, string to, Caller? caller = null, bool overwrite = false) =>
        Relocate.ExecuteAsync(new RelocateCall(Path(from), Path(to), IsCopy: true, overwrite, caller ?? Li), CancellationToken.None);

    /// <returns>The text of a file; <see langword="null"/> when there is none to be seen.</returns>
    public async Task<string?> ReadAsync(string path, Caller? caller = null)
    {
        if (await Library.FindAsync(Path(path), caller ?? Li, CancellationToken.None) is not { IsFolder: false } entry)
        {
            return null;
        }

        await using var blob = (await Library.OpenAsync(entry, CancellationToken.None)).ShouldNotBeNull();
        blob.Info.ETag.ShouldBe(entry.ETag);
        using var reader = new StreamReader(blob.Content);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Every path that the index has.</summary>
    public async Task<List<string>> PathsAsync() =>
        [.. (await Index.ListAsync(new FileQuery(FilePath.Root, new FileViewer(null, true, true), 1000) { IsRecursive = true }, CancellationToken.None)).Select(entry => entry.Path.Text).Order(StringComparer.Ordinal)];

    /// <summary>Every file that the blobs have.</summary>
    public async Task<List<string>> KeysAsync()
    {
        var keys = new List<string>();
        await foreach (var info in Blobs.ListAsync("files/", CancellationToken.None))
        {
            keys.Add(info.Key["files/".Length..]);
        }

        return keys;
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private void Start(Func<IBlobStore, IBlobStore>? wrap)
    {
        _database = new SqliteDatabase(_folder["jobs.db"], NullLogger.Instance);
        Index = new SqliteFileIndex(_database);
        var blobs = new FileBlobStore(_folder["blobs"], Clock);
        Blobs = wrap?.Invoke(blobs) ?? blobs;
        Library = new FileLibrary(Index, Blobs, News);
        Changes = new FileChanges(Index, Blobs, TimeProvider.System, NullLogger<FileChanges>.Instance, News);
        var places = new FilePlaces(Index, Blobs, Microsoft.Extensions.Options.Options.Create(Options));
        Store = new StoreFile(Blobs, Changes, places, Clock);
        Remove = new RemoveFile(Library, Index, Blobs, Changes);
        Relocate = new RelocateFile(Library, Index, Blobs, Changes, places);
        Save = new SaveResult(Store, Blobs, Changes, places);
    }
}
