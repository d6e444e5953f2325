using GeoWps.Application.Files;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Files;

/// <summary>
/// Checksums of a body in its head: <c>Content-Digest</c> and <c>Repr-Digest</c> (RFC 9530: <c>sha-256=:BASE64:</c>), <c>Digest</c> (RFC 3230: <c>SHA-256=BASE64</c>) and <c>Content-MD5</c>.
/// </summary>
internal static class SentChecksums
{
    private static readonly string[] _headers = ["Content-Digest", "Repr-Digest", "Digest"];

    /// <returns>Those of algorithms that are known; what is wrong with one.</returns>
    public static (IReadOnlyList<FileChecksum> Checksums, Mistake? Mistake) Read(IHeaderDictionary headers)
    {
        var checksums = new List<FileChecksum>();
        foreach (var header in _headers)
        {
            foreach (var item in headers[header].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
            {
                var (name, value) = item.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (item[..at].Trim().ToLowerInvariant(), item[(at + 1)..].Trim()) : (item, "");
                if (FileChecksum.Known.Contains(name) && !TryAdd(checksums, name, value.Trim(':')))
                {
                    return ([], new Mistake(header, $"{name} must be the checksum as base64"));
                }
            }
        }

        return headers.ContentMD5.ToString() is { Length: > 0 } md5 && !TryAdd(checksums, "md5", md5) ? ([], new Mistake("Content-MD5", "must be the checksum as base64")) : (checksums, null);
    }

    private static bool TryAdd(List<FileChecksum> checksums, string name, string text)
    {
        var bytes = new byte[64];
        var length = name switch { "md5" => 16, FileChecksum.Sha256 => 32, _ => 64 };
        if (!Convert.TryFromBase64String(text, bytes, out var written) || written != length)
        {
            return false;
        }

        checksums.Add(new FileChecksum(name, bytes.AsMemory(0, written)));
        return true;
    }
}
