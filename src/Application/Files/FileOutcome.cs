using GeoWps.Application.Ports;

namespace GeoWps.Application.Files;

/// <summary>What came of something that a caller wanted of files.</summary>
public abstract record FileOutcome
{
    private FileOutcome()
    {
    }

    /// <param name="IsNew">There was nothing before.</param>
    public sealed record Done(FileEntry Entry, bool IsNew) : FileOutcome;

    /// <summary>There is none, or none that the caller may know of.</summary>
    public sealed record Missing : FileOutcome;

    /// <param name="Message">Why the caller may not; safe to show.</param>
    public sealed record Forbidden(string Message) : FileOutcome;

    /// <param name="Message">What is in the way; safe to show.</param>
    public sealed record Conflict(string Message) : FileOutcome;

    /// <summary>It is not in the state that the caller expects.</summary>
    public sealed record Changed : FileOutcome;

    /// <summary>What came has not the checksum that was sent.</summary>
    public sealed record Damaged(string Message) : FileOutcome;

    /// <param name="MaxBytes">That a file may have.</param>
    public sealed record TooLarge(long MaxBytes) : FileOutcome;

    /// <param name="Message">Which quota leaves no room; safe to show.</param>
    public sealed record NoRoom(string Message) : FileOutcome;

    /// <summary>Somebody else changes it, for longer than it pays to wait.</summary>
    public sealed record Busy : FileOutcome;
}

/// <summary>Ends the writing of content that is not to be kept.</summary>
internal sealed class FileRefusedException(FileOutcome outcome) : Exception("The file is refused.")
{
    public FileOutcome Outcome { get; } = outcome;
}
