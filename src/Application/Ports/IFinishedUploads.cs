using GeoWps.Application.Security;
using GeoWps.Domain.Files;

namespace GeoWps.Application.Ports;

/// <summary>Where uploads go whose every byte is here.</summary>
public interface IFinishedUploads
{
    /// <summary>Bytes that one may have at most.</summary>
    long MostBytes { get; }

    /// <summary>Bytes that are left for an owner by the quotas, in which uploads count that are under way.</summary>
    Task<UploadRoom> RoomAsync(string? owner, CancellationToken cancellationToken);

    /// <summary>Says beforehand what would be said at the end, as far as that can be known.</summary>
    /// <param name="length">Bytes; <see langword="null"/>: not known.</param>
    /// <param name="counted">Bytes of the caller's that count already and are the same.</param>
    /// <returns><see langword="null"/>: nothing stands against it.</returns>
    Task<FilingRefusal?> JudgeAsync(Caller caller, FilePath path, long? length, long counted, bool mayReplace, CancellationToken cancellationToken);

    /// <summary>Bytes from the beginning of a content that tell what it is.</summary>
    int HeadBytes { get; }

    /// <summary>The media type that a file will have.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <param name="said">What the client said; it may not be believed.</param>
    string TypeOf(ReadOnlySpan<byte> head, FilePath path, string? said);

    /// <summary>Makes a blob a file, in one step; the blob is gone from its key afterwards. A refusal leaves everything as it was.</summary>
    Task<Filing> TakeAsync(FinishedUpload upload, CancellationToken cancellationToken);
}

/// <param name="Owner">Of the upload, with whose bytes it counts until it is a file.</param>
/// <param name="Key">Of the blob that has all its bytes.</param>
/// <param name="ETag">Of that blob.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Where it was worked out.</param>
public sealed record FinishedUpload(Caller Caller, string? Owner, FilePath Path, string Key, string ETag, string ContentType, long Length, bool MayReplace, string? Sha256);

/// <param name="Quota">Which one leaves so many, as a part of a sentence.</param>
public readonly record struct UploadRoom(long Bytes, string Quota);

/// <summary>What came of it.</summary>
public abstract record Filing
{
    private Filing()
    {
    }

    public sealed record Done : Filing;

    public sealed record Refused(FilingRefusal Refusal) : Filing;
}

/// <param name="Detail">Why, as a part of a sentence; safe to show.</param>
public sealed record FilingRefusal(FilingObstacle Obstacle, string Detail)
{
    public static FilingRefusal NoRoom(UploadRoom room) => new(FilingObstacle.Room, $"{room.Quota} leaves room for {Math.Max(0, room.Bytes)} bytes");
}

public enum FilingObstacle
{
    /// <summary>Something is there already.</summary>
    Exists,

    /// <summary>It can't be there: a folder has this path, or a file that of its folder.</summary>
    Place,

    /// <summary>It is somebody else's.</summary>
    Foreign,

    /// <summary>It would be more than may be stored.</summary>
    Room,

    /// <summary>Somebody else changes what is there; it can be tried again.</summary>
    Busy,
}
