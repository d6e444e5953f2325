using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Memory;

/// <summary>Blobs in memory, for trials and tests: gone with the process. Holds at most <paramref name="mostBytes"/> of content.</summary>
internal sealed class MemoryBlobStore(long mostBytes, TimeProvider clock) : IBlobStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (BlobInfo Info, byte[] Content)> _blobs = new(StringComparer.Ordinal);
    private long _bytes;

    public async Task<BlobInfo> PutAsync(
        string key, string contentType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        (await TryPutAsync(key, contentType, write, BlobCondition.Any, cancellationToken))!;

    public async Task<BlobInfo> TakeAsync(string key, string contentType, string localPath, CancellationToken cancellationToken) =>
        (await TryTakeAsync(key, contentType, localPath, BlobCondition.Any, cancellationToken))!;

    public async Task<BlobInfo?> TryPutAsync(
        string key, string contentType, Func<Stream, CancellationToken, Task> write, BlobCondition condition, CancellationToken cancellationToken)
    {
        BlobKey.Require(key);
        using var stream = new BoundedMemoryStream(mostBytes);
        await write(stream, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return Store(key, contentType, stream.ToArray(), condition);
    }

    public async Task<BlobInfo?> TryTakeAsync(string key, string contentType, string localPath, BlobCondition condition, CancellationToken cancellationToken)
    {
        BlobKey.Require(key);
        var length = new FileInfo(localPath).Length;
        if (length > mostBytes)
        {
            throw BoundedMemoryStream.Full(mostBytes);
        }

        var info = Store(key, contentType, await File.ReadAllBytesAsync(localPath, cancellationToken), condition);
        if (info is not null)
        {
            File.Delete(localPath);
        }

        return info;
    }

    public async Task RestoreAsync(BlobInfo info, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        BlobKey.Require(info.Key);
        using var stream = new BoundedMemoryStream(mostBytes);
        await write(stream, cancellationToken);
        var content = stream.ToArray();
        lock (_lock)
        {
            Replace(info with { Length = content.Length }, content);
        }
    }

    public Task<BlobInfo?> FindAsync(string key, CancellationToken cancellationToken) => Task.FromResult(Get(key)?.Info);

    public Task<Blob?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        if (Get(key) is not var (info, content))
        {
            return Task.FromResult<Blob?>(null);
        }

        var part = BlobRange.Cut(offset, length, content.Length);
        return Task.FromResult<Blob?>(new Blob(info, new MemoryStream(content, (int)part.Offset, (int)part.Length, writable: false)));
    }

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        BlobKey.Require(key);
        lock (_lock)
        {
            return Task.FromResult(Remove(key));
        }
    }

    public Task DeleteAllAsync(string prefix, CancellationToken cancellationToken)
    {
        BlobKey.RequirePrefix(prefix);
        lock (_lock)
        {
            foreach (var key in _blobs.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).ToList())
            {
                Remove(key);
            }
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var info in Snapshot(prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return info;
        }
    }

    public Task<bool> CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        BlobKey.Require(from);
        BlobKey.Require(to);
        lock (_lock)
        {
            if (!_blobs.TryGetValue(from, out var blob))
            {
                return Task.FromResult(false);
            }

            Replace(blob.Info with { Key = to }, blob.Content);
            return Task.FromResult(true);
        }
    }

    public Task<bool> MoveAsync(string from, string to, CancellationToken cancellationToken)
    {
        BlobKey.Require(from);
        BlobKey.Require(to);
        lock (_lock)
        {
            if (!_blobs.TryGetValue(from, out var blob))
            {
                return Task.FromResult(false);
            }

            Remove(from);
            Remove(to);
            Add(blob.Info with { Key = to }, blob.Content);
            return Task.FromResult(true);
        }
    }

    public Task<TreeOutcome> MoveAllAsync(string from, string to, CancellationToken cancellationToken) => Task.FromResult(Rename(from, to, stays: false));

    public Task<TreeOutcome> CopyAllAsync(string from, string to, CancellationToken cancellationToken) => Task.FromResult(Rename(from, to, stays: true));

    private TreeOutcome Rename(string from, string to, bool stays)
    {
        BlobKey.RequirePrefixes(from, to);
        lock (_lock)
        {
            var blobs = _blobs.Values.Where(blob => blob.Info.Key.StartsWith(from, StringComparison.Ordinal)).ToList();
            if (blobs.Count == 0)
            {
                return TreeOutcome.Nothing;
            }

            if (_blobs.Keys.Any(key => key.StartsWith(to, StringComparison.Ordinal)))
            {
                return TreeOutcome.Taken;
            }

            if (stays && _bytes + blobs.Sum(blob => blob.Content.LongLength) > mostBytes)
            {
                throw BoundedMemoryStream.Full(mostBytes);
            }

            foreach (var (info, content) in blobs)
            {
                if (!stays)
                {
                    Remove(info.Key);
                }

                Add(info with { Key = to + info.Key[from.Length..] }, content);
            }

            return TreeOutcome.Done;
        }
    }

    public Task<BlobInfo?> JoinAsync(IReadOnlyList<string> keys, string to, string contentType, CancellationToken cancellationToken)
    {
        BlobKey.Require(to);
        var parts = keys.Select(Get).ToList();
        var bytes = parts.Sum(part => part?.Info.Length ?? 0);
        return parts.Contains(null) ? Task.FromResult<BlobInfo?>(null)
            : bytes > mostBytes ? throw BoundedMemoryStream.Full(mostBytes)
            : Task.FromResult(Store(to, contentType, [.. parts.SelectMany(part => part!.Value.Content)], BlobCondition.Any));
    }

    private BlobInfo? Store(string key, string contentType, byte[] content, BlobCondition condition)
    {
        var eTag = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var modified = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var info = new BlobInfo(key, contentType, content.Length, eTag, modified);
        lock (_lock)
        {
            if (!condition.Holds(_blobs.TryGetValue(key, out var before) ? before.Info.ETag : null))
            {
                return null;
            }

            Replace(info, content);
        }

        return info;
    }

    /// <summary>What two keys share counts twice: each may be the last that holds it.</summary>
    private void Replace(BlobInfo info, byte[] content)
    {
        var replaced = _blobs.TryGetValue(info.Key, out var before) ? before.Content.Length : 0;
        if (_bytes - replaced + content.Length > mostBytes)
        {
            throw BoundedMemoryStream.Full(mostBytes);
        }

        Remove(info.Key);
        Add(info, content);
    }

    private (BlobInfo Info, byte[] Content)? Get(string key)
    {
        BlobKey.Require(key);
        lock (_lock)
        {
            return _blobs.TryGetValue(key, out var blob) ? blob : null;
        }
    }

    private List<BlobInfo> Snapshot(string prefix)
    {
        lock (_lock)
        {
            return [.. _blobs.Values
                .Select(blob => blob.Info)
                .Where(info => info.Key.StartsWith(prefix, StringComparison.Ordinal))
                .OrderBy(info => info.Key, StringComparer.Ordinal)];
        }
    }

    private void Add(BlobInfo info, byte[] content)
    {
        _blobs.Add(info.Key, (info, content));
        _bytes += content.Length;
    }

    private bool Remove(string key)
    {
        if (!_blobs.Remove(key, out var blob))
        {
            return false;
        }

        _bytes -= blob.Content.Length;
        return true;
    }
}
