using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace GeoWps.Domain.Uploads;

/// <summary>The name of an upload: 32 lower-case hexadecimal digits that nobody can guess, since whoever knows the address of an upload of nobody may go on with it.</summary>
public sealed record UploadId
{
    private const int Bytes = 16;

    private UploadId(string value) => Value = value;

    public string Value { get; }

    public static UploadId New() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>Accepts what <see cref="New"/> makes, and nothing else: anything else is the id of no upload.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out UploadId? id)
    {
        id = text is { Length: 2 * Bytes } && text.AsSpan().IndexOfAnyExcept("0123456789abcdef") < 0 ? new UploadId(text) : null;
        return id is not null;
    }

    public override string ToString() => Value;
}
