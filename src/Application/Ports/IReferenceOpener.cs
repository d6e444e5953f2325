namespace GeoWps.Application.Ports;

/// <summary>Opens what lies at an address without taking it in, by the rules of <see cref="IReferenceFetcher"/>. Its size is not bounded; the time until it begins is.</summary>
public interface IReferenceOpener
{
    Task<ReferenceOpening> OpenAsync(FetchRequest request, CancellationToken cancellationToken);
}

/// <summary>What became of opening what lies at an address.</summary>
public abstract record ReferenceOpening
{
    private ReferenceOpening()
    {
    }

    /// <param name="Content">Holds the connection; to be disposed of.</param>
    /// <param name="FileName">As in <see cref="FetchOutcome.Fetched"/>.</param>
    public sealed record Opened(Stream Content, string FileName) : ReferenceOpening
    {
        public string? ContentType { get; init; }

        public long? Length { get; init; }

        public string? ETag { get; init; }

        public DateTimeOffset? Modified { get; init; }

        /// <summary>Which part it is; <see langword="null"/>: all.</summary>
        public string? ContentRange { get; init; }

        public bool TakesRanges { get; init; }
    }

    /// <summary>404 or 410.</summary>
    public sealed record Missing : ReferenceOpening;

    /// <summary>416.</summary>
    public sealed record OutOfRange(string? ContentRange) : ReferenceOpening;

    /// <summary>The reason, safe to show.</summary>
    public sealed record Refused(string Message, bool IsLate) : ReferenceOpening;
}
