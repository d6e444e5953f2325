using System.Security.Cryptography;
using GeoWps.Application.Processes;

namespace GeoWps.Adapters.Http.Seeding;

/// <summary>A body as it comes, hashed.</summary>
internal sealed class BodySource(Stream body) : IContentSource, IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>SHA-256 of what was read, hexadecimal.</summary>
    public string Digest => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public async ValueTask<bool> StepAsync(Stream destination, CancellationToken cancellationToken)
    {
        var read = await body.ReadAsync(_buffer, cancellationToken);
        _hash.AppendData(_buffer, 0, read);
        await destination.WriteAsync(_buffer.AsMemory(0, read), cancellationToken);
        return read > 0;
    }

    public void Dispose() => _hash.Dispose();
}
