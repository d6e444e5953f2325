namespace GeoWps.Application.Ports;

/// <summary>What must hold of a key at the moment that it gets other content (RFC 9110, clause 13.1).</summary>
/// <param name="MustExist"><c>If-Match: *</c></param>
/// <param name="MustNotExist"><c>If-None-Match: *</c></param>
/// <param name="Tags">ETags, of which it must have one; <see langword="null"/>: whichever.</param>
/// <param name="OtherThan">ETags, of which it must have none.</param>
public sealed record BlobCondition(bool MustExist, bool MustNotExist, IReadOnlyList<string>? Tags, IReadOnlyList<string>? OtherThan)
{
    /// <summary>Whatever there is.</summary>
    public static BlobCondition Any { get; } = new(false, false, null, null);

    /// <summary>There is nothing yet.</summary>
    public static BlobCondition Absent { get; } = new(false, true, null, null);

    /// <summary>There is something.</summary>
    public static BlobCondition Present { get; } = new(true, false, null, null);

    /// <summary>What is there has this ETag.</summary>
    public static BlobCondition Tagged(string eTag) => new(true, false, [eTag], null);

    /// <param name="eTag">Of what is there; <see langword="null"/> when there is nothing.</param>
    public bool Holds(string? eTag) =>
        eTag is null ? !MustExist && Tags is null : !MustNotExist && (Tags is null || Tags.Contains(eTag)) && (OtherThan is null || !OtherThan.Contains(eTag));
}
