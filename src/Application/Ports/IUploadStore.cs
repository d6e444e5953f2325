using GeoWps.Application.Security;
using GeoWps.Domain.Uploads;

namespace GeoWps.Application.Ports;

/// <summary>Keeps what is known of uploads; their bytes are blobs. Every implementation passes <c>UploadStoreContract</c>. Times are kept to the millisecond.</summary>
public interface IUploadStore
{
    /// <param name="mostUnfinished">Uploads of one owner that are not stored.</param>
    /// <returns><see langword="false"/> when its owner has that many already.</returns>
    Task<bool> TryAddAsync(Upload upload, int mostUnfinished, CancellationToken cancellationToken);

    Task<Upload?> FindAsync(UploadId id, CancellationToken cancellationToken);

    /// <summary>Those that the caller may see, the newest first.</summary>
    Task<IReadOnlyList<Upload>> ListAsync(Caller caller, int most, CancellationToken cancellationToken);

    /// <summary>By offset; each begins where the one before ends.</summary>
    Task<IReadOnlyList<UploadPiece>> PiecesAsync(UploadId id, CancellationToken cancellationToken);

    /// <summary>Makes the holder the only one that writes, for so long. When there is another one, it is told that somebody waits.</summary>
    Task<HoldOutcome> TryHoldAsync(UploadId id, string holder, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>For so long from now on.</summary>
    Task<RenewOutcome> RenewAsync(UploadId id, string holder, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Nothing happens when somebody else holds it.</summary>
    Task ReleaseAsync(UploadId id, string holder, CancellationToken cancellationToken);

    /// <summary>Writes state and expiry, and puts the pieces in place of all that begin at the first one's offset or behind it; in one step. The parts of one that is stored are gone with the same step.</summary>
    /// <returns><see langword="false"/> when the holder does not hold it any more, or it is gone; then nothing is written.</returns>
    Task<bool> TryWriteAsync(Upload next, string holder, IReadOnlyList<UploadPiece> pieces, CancellationToken cancellationToken);

    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(UploadId id, CancellationToken cancellationToken);

    /// <summary>Removes those whose time is over and that nobody holds.</summary>
    /// <returns>Which.</returns>
    Task<IReadOnlyList<UploadId>> RemoveExpiredAsync(DateTimeOffset now, int most, CancellationToken cancellationToken);

    /// <summary>Those that are due to become files and that nobody holds, the oldest first.</summary>
    Task<IReadOnlyList<UploadId>> ListDueAsync(int most, CancellationToken cancellationToken);
}

public enum HoldOutcome
{
    Held,

    /// <summary>Somebody else holds it.</summary>
    Taken,

    /// <summary>There is no such upload.</summary>
    Unknown,
}

public enum RenewOutcome
{
    Held,

    /// <summary>It is held; and somebody waits.</summary>
    Wanted,

    /// <summary>Somebody else holds it, or it is gone.</summary>
    Lost,
}
