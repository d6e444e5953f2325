using System.Security.Cryptography;

namespace GeoWps.Application.Uploads;

/// <summary>What the body of one request has to be: the header <c>Upload-Checksum</c>.</summary>
public sealed record UploadChecksum(string Algorithm, ReadOnlyMemory<byte> Value)
{
    private const string Crc = "crc32";

    /// <summary>Their names, as they are offered.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = ["sha1", "md5", "sha256", Crc];

    internal Running Start() => new(Algorithm);

    internal bool Fits(Running sums) => CryptographicOperations.FixedTimeEquals(sums.End(), Value.Span);

    /// <summary>The sum of what has come so far.</summary>
    internal sealed class Running : IDisposable
    {
        private readonly IncrementalHash? _hash;
        private readonly Crc32 _crc = new();

        public Running(string algorithm) => _hash = algorithm switch
        {
            // What the protocol asks for, against mistakes of transport; it proves nothing about who sent it.
#pragma warning disable CA5350, CA5351
            "sha1" => IncrementalHash.CreateHash(HashAlgorithmName.SHA1),
            "md5" => IncrementalHash.CreateHash(HashAlgorithmName.MD5),
#pragma warning restore CA5350, CA5351
            "sha256" => IncrementalHash.CreateHash(HashAlgorithmName.SHA256),
            Crc => null,
            _ => throw new NotSupportedException($"{algorithm} is no checksum."),
        };

        public void Add(ReadOnlySpan<byte> bytes)
        {
            if (_hash is null)
            {
                _crc.Add(bytes);
            }
            else
            {
                _hash.AppendData(bytes);
            }
        }

        public byte[] End() => _hash?.GetHashAndReset() ?? _crc.BigEndian();

        public void Dispose() => _hash?.Dispose();
    }
}
