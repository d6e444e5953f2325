namespace GeoWps.Domain.Uploads;

/// <summary>How far an upload is. A new member breaks every switch until it is handled.</summary>
public enum UploadStatus
{
    Receiving,
    Received,
    Stored,
}

/// <summary>What is known about an upload in each state, and in no other. Lengths and offsets are bytes.</summary>
public abstract record UploadState
{
    private UploadState(UploadStatus status) => Status = status;

    public UploadStatus Status { get; }

    /// <summary>More is to come.</summary>
    /// <param name="Length">Of the whole; <see langword="null"/>: not said yet.</param>
    /// <param name="Offset">What is here: the bytes before it.</param>
    public sealed record Receiving(long? Length, long Offset) : UploadState(UploadStatus.Receiving);

    /// <summary>All is here, in pieces. One that is a part of another stays so; any other becomes a file next.</summary>
    /// <param name="Joined">ETag of the pieces put together, once they are.</param>
    public sealed record Received(long Length, string? Joined) : UploadState(UploadStatus.Received);

    /// <summary>It is a file; of the upload itself only the row is left, for a client that has missed the answer.</summary>
    public sealed record Stored(long Length, DateTimeOffset At) : UploadState(UploadStatus.Stored);
}
