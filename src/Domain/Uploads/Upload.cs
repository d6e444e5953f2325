using GeoWps.Domain.Files;

namespace GeoWps.Domain.Uploads;

/// <summary>What an upload is for.</summary>
public enum UploadKind
{
    /// <summary>It becomes a file.</summary>
    Whole,

    /// <summary>It is a part of one (<c>Upload-Concat: partial</c>).</summary>
    Part,

    /// <summary>It is made of parts (<c>Upload-Concat: final</c>), gets no bytes of its own, and becomes a file.</summary>
    Final,
}

/// <summary>Where an upload goes when all of it is here.</summary>
/// <param name="MediaType">As the client says; <see langword="null"/>: it says nothing.</param>
/// <param name="MayReplace">Whether a file that is there already is replaced.</param>
/// <param name="Sha256">What the whole must have: lower-case hexadecimal; <see langword="null"/>: anything.</param>
public sealed record UploadTarget(FilePath Path, string? MediaType, bool MayReplace, string? Sha256);

/// <summary>A file on its way here, in as many requests as it takes: tus 1.0.0. Immutable: a transition returns the next upload.</summary>
public sealed record Upload
{
    public required UploadId Id { get; init; }

    /// <summary>Whose it is; <see langword="null"/>: nobody's in particular.</summary>
    public required string? Owner { get; init; }

    /// <summary>The administrator began it: it may go where its owner alone might not.</summary>
    public bool IsAdministered { get; init; }

    public required UploadKind Kind { get; init; }

    /// <summary><see langword="null"/> for a <see cref="UploadKind.Part"/>, and for no other.</summary>
    public required UploadTarget? Target { get; init; }

    /// <summary>The header as it was sent, which is what the protocol has it answer; empty without one.</summary>
    public string Metadata { get; init; } = "";

    /// <summary>What a <see cref="UploadKind.Final"/> is made of, in this order; empty for any other.</summary>
    public IReadOnlyList<UploadId> Parts { get; init; } = [];

    public required DateTimeOffset Created { get; init; }

    /// <summary>When it is removed, unless more comes before.</summary>
    public required DateTimeOffset Expires { get; init; }

    public required UploadState State { get; init; }

    /// <summary>Bytes of the whole; <see langword="null"/> while it is not said.</summary>
    public long? Length => State switch
    {
        UploadState.Receiving receiving => receiving.Length,
        UploadState.Received received => received.Length,
        UploadState.Stored stored => stored.Length,
        _ => throw new NotSupportedException(),
    };

    /// <summary>Bytes that are here.</summary>
    public long Offset => State is UploadState.Receiving receiving ? receiving.Offset : Length!.Value;

    /// <summary>All is here, and it has yet to become a file.</summary>
    public bool IsDue => State.Status == UploadStatus.Received && Kind != UploadKind.Part;

    /// <param name="target"><see langword="null"/> for a part.</param>
    /// <param name="length"><see langword="null"/>: said later. Nothing at all is all here at once.</param>
    public static Upload Begin(UploadId id, string? owner, UploadTarget? target, long? length, string metadata, DateTimeOffset now, TimeSpan life)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0);
        return new Upload
        {
            Id = id,
            Owner = owner,
            Kind = target is null ? UploadKind.Part : UploadKind.Whole,
            Target = target,
            Metadata = metadata,
            Created = now,
            Expires = now + life,
            State = Of(length, 0),
        };
    }

    /// <summary>Makes one of parts.</summary>
    /// <returns><see langword="null"/> when one of them is none, or is not all here.</returns>
    public static Upload? Join(UploadId id, string? owner, UploadTarget target, IReadOnlyList<Upload> parts, string metadata, DateTimeOffset now, TimeSpan life) =>
        parts.Count == 0 || parts.Any(part => part.Kind != UploadKind.Part || part.State.Status != UploadStatus.Received)
            ? null
            : new Upload
            {
                Id = id,
                Owner = owner,
                Kind = UploadKind.Final,
                Target = target,
                Metadata = metadata,
                Parts = [.. parts.Select(part => part.Id)],
                Created = now,
                Expires = now + life,
                State = new UploadState.Received(parts.Sum(part => part.Offset), Joined: null),
            };

    /// <summary>Says how long the whole is.</summary>
    /// <returns><see langword="null"/> when another length was said before, or more than that is here.</returns>
    public Upload? Declare(long length) =>
        Length is { } said ? said == length ? this : null
        : length < Offset ? null
        : this with { State = Of(length, Offset) };

    /// <summary>More has come.</summary>
    /// <exception cref="InvalidOperationException">It is more than the whole.</exception>
    public Upload Advance(long bytes, DateTimeOffset now, TimeSpan life)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (State is not UploadState.Receiving(var length, var offset) || offset + bytes > length)
        {
            throw new InvalidOperationException("More came than the upload is long.");
        }

        return this with { State = Of(length, offset + bytes), Expires = now + life };
    }

    /// <summary>The pieces are put together.</summary>
    /// <returns><see langword="null"/> unless all is here.</returns>
    public Upload? Joined(string eTag) => State is UploadState.Received received ? this with { State = received with { Joined = eTag } } : null;

    /// <summary>It is a file.</summary>
    /// <returns><see langword="null"/> unless it was due.</returns>
    public Upload? Store(DateTimeOffset now) => IsDue ? this with { State = new UploadState.Stored(Offset, now) } : null;

    private static UploadState Of(long? length, long offset) => offset == length ? new UploadState.Received(offset, Joined: null) : new UploadState.Receiving(length, offset);
}
