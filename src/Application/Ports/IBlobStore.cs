namespace GeoWps.Application.Ports;

/// <summary>
/// Keeps content under keys (relative paths of segments divided by <c>/</c>): results, uploads, files, tiles. A blob appears whole or not at all,
/// and a reader keeps what it opened while it is replaced or deleted. Every implementation passes <c>BlobStoreContract</c>.
/// </summary>
public interface IBlobStore
{
    /// <summary>Whether keys that differ only in the case of letters are two; on some file systems they are one.</summary>
    bool KeepsCase => true;

    /// <summary>Stores what <paramref name="write"/> writes; when that throws, nothing is stored and what was there stays.</summary>
    Task<BlobInfo> PutAsync(string key, string contentType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>Stores a local file, which is gone afterwards (moved where the store can, else copied and deleted).</summary>
    Task<BlobInfo> TakeAsync(string key, string contentType, string localPath, CancellationToken cancellationToken);

    /// <summary>As <see cref="PutAsync"/>, if the condition holds when everything is written: of several that expect the same one is stored, on whichever nodes they are.</summary>
    /// <returns><see langword="null"/> when it does not hold.</returns>
    Task<BlobInfo?> TryPutAsync(string key, string contentType, Func<Stream, CancellationToken, Task> write, BlobCondition condition, CancellationToken cancellationToken);

    /// <summary>As <see cref="TakeAsync"/>, if the condition holds.</summary>
    /// <returns><see langword="null"/> when it does not; then the local file stays.</returns>
    Task<BlobInfo?> TryTakeAsync(string key, string contentType, string localPath, BlobCondition condition, CancellationToken cancellationToken);

    /// <summary>Stores a blob as it is in another store, with its type, ETag and time; what was there is replaced.</summary>
    Task RestoreAsync(BlobInfo info, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <returns><see langword="null"/> when there is none.</returns>
    Task<BlobInfo?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Opens the bytes from <paramref name="offset"/> on, <paramref name="length"/> of them or all. Dispose of the blob.</summary>
    /// <returns><see langword="null"/> when there is none.</returns>
    Task<Blob?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken);

    /// <summary>Opens all of what was known to be under a key, without asking again where that tells it; else what is there by now.</summary>
    /// <inheritdoc cref="OpenAsync"/>
    Task<Blob?> OpenKnownAsync(BlobInfo known, CancellationToken cancellationToken) => OpenAsync(known.Key, 0, null, cancellationToken);

    /// <returns>Whether there was one.</returns>
    Task<bool> DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Deletes every blob whose key begins so; <paramref name="prefix"/> ends in a slash.</summary>
    Task DeleteAllAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Every blob whose key begins so, by key (ordinal).</summary>
    IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Stores the same content under a second key (without copying it, where the store can); each lives on without the other.</summary>
    /// <remarks>What was at <paramref name="to"/> is replaced. Content type, ETag and time stay what they are.</remarks>
    /// <returns><see langword="false"/> when there is nothing at <paramref name="from"/>.</returns>
    Task<bool> CopyAsync(string from, string to, CancellationToken cancellationToken);

    /// <summary>Renames; what was at <paramref name="to"/> is replaced.</summary>
    /// <returns><see langword="false"/> when there is nothing at <paramref name="from"/>.</returns>
    Task<bool> MoveAsync(string from, string to, CancellationToken cancellationToken);

    /// <summary>Stores the contents of several keys one behind the other under another key. They stay; their bytes don't pass through this process where the store can do without.</summary>
    /// <returns><see langword="null"/> when there is nothing at one of them; then nothing is stored.</returns>
    Task<BlobInfo?> JoinAsync(IReadOnlyList<string> keys, string to, string contentType, CancellationToken cancellationToken);

    /// <summary>Gives every key that begins with <paramref name="from"/> one that begins with <paramref name="to"/> instead: all at once, or none.</summary>
    /// <param name="from">Ends in a slash, as does <paramref name="to"/>, which does not begin with it.</param>
    /// <returns><see cref="TreeOutcome.Taken"/> when some key begins with <paramref name="to"/> already.</returns>
    Task<TreeOutcome> MoveAllAsync(string from, string to, CancellationToken cancellationToken);

    /// <summary>The same with copies, which appear all at once. Of what changes meanwhile each is copied before or after.</summary>
    /// <inheritdoc cref="MoveAllAsync"/>
    Task<TreeOutcome> CopyAllAsync(string from, string to, CancellationToken cancellationToken);
}

/// <summary>What came of moving or copying all that is below a prefix.</summary>
public enum TreeOutcome
{
    Done,

    /// <summary>There is nothing below it.</summary>
    Nothing,

    /// <summary>There is something where it should go.</summary>
    Taken,
}

/// <param name="Length">Bytes.</param>
/// <param name="ETag">Changes whenever the content does; without quotes.</param>
public sealed record BlobInfo(string Key, string ContentType, long Length, string ETag, DateTimeOffset LastModified);

/// <summary>An opened blob. Where the content is a local file of the node, <see cref="LocalPath"/> names it (for sending without copying).</summary>
public class Blob(BlobInfo info, Stream content, string? localPath = null) : IAsyncDisposable
{
    public BlobInfo Info { get; } = info;

    public Stream Content { get; } = content;

    public string? LocalPath { get; } = localPath;

    /// <summary>Writes all of the content; into a local file in the cheapest way that leaves two files of which nobody sees the other change.</summary>
    public virtual Task CopyToAsync(Stream destination, CancellationToken cancellationToken) => Content.CopyToAsync(destination, cancellationToken);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Content.DisposeAsync();
    }
}
