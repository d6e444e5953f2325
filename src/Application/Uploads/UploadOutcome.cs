using GeoWps.Application.Ports;
using GeoWps.Domain.Uploads;

namespace GeoWps.Application.Uploads;

/// <summary>What came of a request about an upload.</summary>
public abstract record UploadOutcome
{
    private UploadOutcome()
    {
    }

    /// <param name="Upload">As it is now.</param>
    public sealed record Done(Upload Upload) : UploadOutcome;

    /// <summary>There is none, or it is somebody else's.</summary>
    public sealed record Unknown : UploadOutcome;

    /// <summary>Another request has it, and does not let go; or has taken it over. A request comes again soon.</summary>
    public sealed record Locked : UploadOutcome;

    /// <summary>The request does not go on where the upload is.</summary>
    public sealed record WrongOffset(long Offset) : UploadOutcome;

    /// <summary>Another length was said before, or there is more already.</summary>
    public sealed record WrongLength : UploadOutcome;

    /// <summary>More came than the upload has, or than any may have.</summary>
    public sealed record TooLarge(long MostBytes) : UploadOutcome;

    /// <summary>What came is not what the checksum says; nothing of it is kept.</summary>
    public sealed record WrongChecksum : UploadOutcome;

    /// <summary>All is here, and its SHA-256 is not what was said at the beginning.</summary>
    public sealed record WrongContent(string Expected, string Actual) : UploadOutcome;

    /// <summary>It is made of parts, and takes no bytes of its own.</summary>
    public sealed record IsFinal : UploadOutcome;

    /// <summary>Some of the parts is none, is not all here, or is used up.</summary>
    public sealed record Incomplete : UploadOutcome;

    /// <summary>Its owner has as many unfinished ones as one may have.</summary>
    public sealed record TooMany(int Most) : UploadOutcome;

    /// <summary>It can't become this file.</summary>
    public sealed record NotFiled(FilingRefusal Refusal) : UploadOutcome;
}
