using System.Diagnostics.CodeAnalysis;

namespace GeoWps.Domain.Jobs;

/// <summary>The name of a job: 32 lower-case hexadecimal digits, in the order of their making (UUID version 7).</summary>
public sealed record JobId
{
    private JobId(string value) => Value = value;

    public string Value { get; }

    public static JobId New(DateTimeOffset now) => new(Guid.CreateVersion7(now).ToString("N"));

    /// <summary>Accepts what <see cref="New"/> makes, and nothing else: anything else is the id of no job.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out JobId? id)
    {
        id = text is { Length: 32 } && text.AsSpan().IndexOfAnyExcept("0123456789abcdef") < 0 ? new JobId(text) : null;
        return id is not null;
    }

    public override string ToString() => Value;
}
