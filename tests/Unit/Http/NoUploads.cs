using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Files;
using GeoWps.Domain.Uploads;

namespace GeoWps.Tests.Unit.Http;

/// <summary>A node without uploads.</summary>
internal sealed class NoUploads : IUploadStore, IFinishedUploads
{
    public int HeadBytes => 0;

    public long MostBytes => long.MaxValue;

    public Task<UploadRoom> RoomAsync(string? owner, CancellationToken cancellationToken) => Task.FromResult(new UploadRoom(long.MaxValue, ""));

    public string TypeOf(ReadOnlySpan<byte> head, FilePath path, string? said) => throw new NotSupportedException();

    public Task<FilingRefusal?> JudgeAsync(Caller caller, FilePath path, long? length, long counted, bool mayReplace, CancellationToken cancellationToken) => Task.FromResult<FilingRefusal?>(null);

    public Task<Filing> TakeAsync(FinishedUpload upload, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryAddAsync(Upload upload, int mostUnfinished, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<Upload?> FindAsync(UploadId id, CancellationToken cancellationToken) => Task.FromResult<Upload?>(null);

    public Task<IReadOnlyList<Upload>> ListAsync(Caller caller, int most, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Upload>>([]);

    public Task<IReadOnlyList<UploadPiece>> PiecesAsync(UploadId id, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<UploadPiece>>([]);

    public Task<HoldOutcome> TryHoldAsync(UploadId id, string holder, TimeSpan lease, CancellationToken cancellationToken) => Task.FromResult(HoldOutcome.Unknown);

    public Task<RenewOutcome> RenewAsync(UploadId id, string holder, TimeSpan lease, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReleaseAsync(UploadId id, string holder, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryWriteAsync(Upload next, string holder, IReadOnlyList<UploadPiece> pieces, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> RemoveAsync(UploadId id, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<IReadOnlyList<UploadId>> RemoveExpiredAsync(DateTimeOffset now, int most, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<UploadId>>([]);

    public Task<IReadOnlyList<UploadId>> ListDueAsync(int most, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<UploadId>>([]);
}
