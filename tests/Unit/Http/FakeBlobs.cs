using System.Text;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Http;

/// <summary>Content by key, read only; hands it out a few bytes at a time, because nobody may rely on more.</summary>
internal sealed class FakeBlobs : IBlobStore
{
    private readonly Dictionary<string, byte[]> _contents = [];

    public HashSet<string> Deleted { get; } = [];

    public FakeBlobs With(string key, string text) => With(key, Encoding.UTF8.GetBytes(text));

    public FakeBlobs With(string key, byte[] content)
    {
        _contents[key] = content;
        return this;
    }

    public Task<BlobInfo?> FindAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult(_contents.TryGetValue(key, out var content) ? Info(key, content) : null);

    public Task<Blob?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken) => Task.FromResult(
        _contents.TryGetValue(key, out var content)
            ? new Blob(Info(key, content), new Trickle(content.AsSpan((int)offset, (int)(length ?? content.Length - offset)).ToArray()))
            : null);

    public Task DeleteAllAsync(string prefix, CancellationToken cancellationToken)
    {
        Deleted.Add(prefix);
        return Task.CompletedTask;
    }

    public Task<BlobInfo> PutAsync(string key, string contentType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<BlobInfo> TakeAsync(string key, string contentType, string localPath, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken) => AsyncEnumerable.Empty<BlobInfo>();

    public Task<BlobInfo?> JoinAsync(IReadOnlyList<string> keys, string to, string contentType, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> CopyAsync(string from, string to, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> MoveAsync(string from, string to, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<BlobInfo?> TryPutAsync(string key, string contentType, Func<Stream, CancellationToken, Task> write, BlobCondition condition, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<BlobInfo?> TryTakeAsync(string key, string contentType, string localPath, BlobCondition condition, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RestoreAsync(BlobInfo info, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<TreeOutcome> MoveAllAsync(string from, string to, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<TreeOutcome> CopyAllAsync(string from, string to, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static BlobInfo Info(string key, byte[] content) => new(key, "application/octet-stream", content.Length, $"tag{content.Length}", Some.Time);

    private sealed class Trickle(byte[] content) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 7)], cancellationToken);
    }
}
