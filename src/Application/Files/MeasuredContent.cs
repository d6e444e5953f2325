using System.Buffers;
using System.Security.Cryptography;

namespace GeoWps.Application.Files;

/// <summary>Copies content, at most so much, and works its checksums out on the way.</summary>
internal sealed class MeasuredContent(IReadOnlyCollection<FileChecksum> expected, long mostBytes, FileOutcome tooMuch) : IDisposable
{
    private const int BufferBytes = 128 * 1024;

    private readonly Dictionary<string, IncrementalHash> _hashes = expected.Select(checksum => checksum.Algorithm).Append(FileChecksum.Sha256).Distinct()
        .ToDictionary(name => name, name => IncrementalHash.CreateHash(FileChecksum.HashOf(name)), StringComparer.Ordinal);

    public long Length { get; private set; }

    /// <summary>Hexadecimal.</summary>
    public string? Sha256 { get; private set; }

    /// <param name="head">What was read of it already.</param>
    /// <exception cref="FileRefusedException">It is too large, or not what was sent.</exception>
    public async Task CopyAsync(ReadOnlyMemory<byte> head, Stream from, Stream to, CancellationToken cancellationToken)
    {
        await TakeAsync(head, to, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (int read; (read = await from.ReadAsync(buffer.AsMemory(0, BufferBytes), cancellationToken)) > 0;)
            {
                await TakeAsync(buffer.AsMemory(0, read), to, cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        var digests = _hashes.ToDictionary(hash => hash.Key, hash => hash.Value.GetHashAndReset());
        Sha256 = Convert.ToHexStringLower(digests[FileChecksum.Sha256]);
        if (expected.FirstOrDefault(checksum => !digests[checksum.Algorithm].AsSpan().SequenceEqual(checksum.Value.Span)) is { } wrong)
        {
            throw new FileRefusedException(new FileOutcome.Damaged($"what came has another {wrong.Algorithm} than was sent"));
        }
    }

    public void Dispose()
    {
        foreach (var hash in _hashes.Values)
        {
            hash.Dispose();
        }
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> piece, Stream to, CancellationToken cancellationToken)
    {
        Length += piece.Length;
        if (Length > mostBytes)
        {
            throw new FileRefusedException(tooMuch);
        }

        foreach (var hash in _hashes.Values)
        {
            hash.AppendData(piece.Span);
        }

        await to.WriteAsync(piece, cancellationToken);
    }
}

/// <summary>A checksum that was sent with content.</summary>
/// <param name="Algorithm">One of <see cref="Known"/>.</param>
public sealed record FileChecksum(string Algorithm, ReadOnlyMemory<byte> Value)
{
    public const string Sha256 = "sha-256";

    /// <summary>The names of RFC 9530 that are checked; others say nothing.</summary>
    public static IReadOnlyList<string> Known { get; } = [Sha256, "sha-512", "md5"];

    internal static HashAlgorithmName HashOf(string algorithm) => algorithm switch
    {
        Sha256 => HashAlgorithmName.SHA256,
        "sha-512" => HashAlgorithmName.SHA512,
        "md5" => HashAlgorithmName.MD5,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "is not known"),
    };
}
