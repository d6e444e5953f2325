using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using GeoWps.Application.Uploads;
using GeoWps.Domain.Files;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Uploads;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Uploads;

/// <summary>Reads the headers of requests; what is wrong is added to the mistakes, with the header's name.</summary>
internal static class UploadHeaders
{
    private const string FileName = "filename";
    private const string FileType = "filetype";
    private const string Overwrite = "overwrite";
    private const string Sha256 = "sha256";
    private const int MostMetadata = 4_096;
    private const int MostParts = 1_000;

    /// <returns><see langword="null"/> when it is missing, or wrong.</returns>
    public static long? Number(HttpRequest request, string header, ICollection<Mistake> mistakes)
    {
        if (!request.Headers.TryGetValue(header, out var text))
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        mistakes.Add(new Mistake(header, "has to be a whole number, not negative"));
        return null;
    }

    public static UploadChecksum? Checksum(HttpRequest request, ICollection<Mistake> mistakes)
    {
        if (!request.Headers.TryGetValue(Tus.ChecksumHeader, out var text))
        {
            return null;
        }

        if (text.ToString().Split(' ') is [var algorithm, var value] && UploadChecksum.Algorithms.Contains(algorithm, StringComparer.Ordinal) && TryDecode(value, out var bytes) && bytes.Length > 0)
        {
            return new UploadChecksum(algorithm, bytes);
        }

        mistakes.Add(new Mistake(Tus.ChecksumHeader, $"has to be one of {string.Join(", ", UploadChecksum.Algorithms)}, a space, and the checksum in base64"));
        return null;
    }

    /// <returns><see langword="null"/> when something is wrong.</returns>
    public static UploadWish? Wish(HttpRequest request, ICollection<Mistake> mistakes)
    {
        var length = Number(request, Tus.LengthHeader, mistakes);
        var (isPart, parts) = Concat(request, mistakes);
        var isDeferred = request.Headers.TryGetValue(Tus.DeferHeader, out var deferred);
        if (isDeferred && deferred != "1")
        {
            mistakes.Add(new Mistake(Tus.DeferHeader, "has to be 1"));
        }

        if (parts is null ? isDeferred == request.Headers.ContainsKey(Tus.LengthHeader) : isDeferred || length is not null)
        {
            mistakes.Add(new Mistake(Tus.LengthHeader, parts is null ? $"has to be given, or {Tus.DeferHeader}: 1, and not both" : "is not given of an upload that is made of others"));
        }

        var metadata = request.Headers[Tus.MetadataHeader].ToString();
        var target = Target(metadata, isPart, mistakes);
        return mistakes.Count == 0 ? new UploadWish(target, length, metadata, parts) : null;
    }

    private static (bool IsPart, IReadOnlyList<UploadId>? Parts) Concat(HttpRequest request, ICollection<Mistake> mistakes)
    {
        if (!request.Headers.TryGetValue(Tus.ConcatHeader, out var header))
        {
            return (false, null);
        }

        var text = header.ToString();
        if (text == Tus.Partial)
        {
            return (true, null);
        }

        if (text.StartsWith(Tus.Final + ";", StringComparison.Ordinal))
        {
            var addresses = text[(Tus.Final.Length + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var ids = addresses.Select(address => UploadId.TryParse(address.TrimEnd('/')[(address.TrimEnd('/').LastIndexOf('/') + 1)..], out var id) ? id : null).OfType<UploadId>().ToList();
            if (ids.Count == addresses.Length && ids.Count is > 0 and <= MostParts)
            {
                return (false, ids);
            }
        }

        mistakes.Add(new Mistake(Tus.ConcatHeader, $"has to be '{Tus.Partial}', or '{Tus.Final};' and the addresses of 1 to {MostParts} uploads with spaces between"));
        return (false, []);
    }

    private static UploadTarget? Target(string header, bool isPart, ICollection<Mistake> mistakes)
    {
        if (!TryReadMetadata(header, out var metadata))
        {
            mistakes.Add(new Mistake(Tus.MetadataHeader, $"has to be keys, each with a space and a value in base64, with commas between; {MostMetadata} characters at most"));
            return null;
        }

        if (isPart)
        {
            return null;
        }

        if (metadata.GetValueOrDefault(FileName) is not { Length: > 0 } name)
        {
            mistakes.Add(new Mistake(Tus.MetadataHeader, $"has to have '{FileName}': the path that the file will have below /files/"));
            return null;
        }

        if (!FilePath.TryParse(name, out var path, out var mistake) || path.IsRoot)
        {
            mistakes.Add(new Mistake($"{Tus.MetadataHeader}: {FileName}", mistake ?? "has to be the path of a file"));
            return null;
        }

        var type = metadata.GetValueOrDefault(FileType);
        if (type is { Length: 0 } || (type is not null && !Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(type, out _)))
        {
            // Browsers that don't know a type send an empty one.
            type = null;
        }

        var digest = metadata.GetValueOrDefault(Sha256)?.ToLowerInvariant();
        if (digest is not null && (digest.Length != 64 || digest.AsSpan().IndexOfAnyExcept("0123456789abcdef") >= 0))
        {
            mistakes.Add(new Mistake($"{Tus.MetadataHeader}: {Sha256}", "has to be 64 hexadecimal digits"));
        }

        return new UploadTarget(path, type, metadata.GetValueOrDefault(Overwrite) is { } overwrite && overwrite != "false", digest);
    }

    private static bool TryReadMetadata(string header, out Dictionary<string, string> metadata)
    {
        metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (header.Length > MostMetadata)
        {
            return false;
        }

        foreach (var pair in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = pair.Split(' ');
            var bytes = Array.Empty<byte>();
            if (words.Length > 2 || (words.Length == 2 && words[1].Length > 0 && !TryDecode(words[1], out bytes)) || !TryReadText(bytes, out var text) || !metadata.TryAdd(words[0], text))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryDecode(string base64, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = Base64.IsValid(base64) ? Convert.FromBase64String(base64) : null;
        return bytes is not null;
    }

    private static bool TryReadText(byte[] bytes, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return true;
        }
        catch (ArgumentException)
        {
            text = null;
            return false;
        }
    }
}
