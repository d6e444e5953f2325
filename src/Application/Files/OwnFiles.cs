using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using GeoWps.Domain.Files;

namespace GeoWps.Application.Files;

/// <summary>References to files of this server, <c>…/files/{path}</c>: they are read from the store, as the caller may, whatever may be fetched.</summary>
public static class OwnFiles
{
    private const string Prefix = "files/";

    /// <param name="baseAddress">Under which the caller reached the server, ending in a slash.</param>
    public static bool TryParse(string href, string baseAddress, [NotNullWhen(true)] out FilePath? path)
    {
        path = null;
        var below = href.StartsWith(baseAddress, StringComparison.OrdinalIgnoreCase) ? href[baseAddress.Length..]
            : href.StartsWith('/') && !href.StartsWith("//", StringComparison.Ordinal) ? href[1..] : "";
        if (!below.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var end = below.AsSpan().IndexOfAny('?', '#');
        return FilePath.TryParse(Uri.UnescapeDataString((end < 0 ? below : below[..end])[Prefix.Length..]), out path, out _) && IsFile(ref path);
    }

    private static bool IsFile(ref FilePath? path)
    {
        path = path is { IsRoot: true } ? null : path;
        return path is not null;
    }

    /// <summary>The files that a value refers to, anywhere in it.</summary>
    public static IEnumerable<FilePath> In(JsonElement json, string baseAddress)
    {
        // Any letter can be written as an escape.
        var text = JsonMarshal.GetRawUtf8Value(json);
        if (text.IndexOf("files"u8) < 0 && text.IndexOf("\\u"u8) < 0)
        {
            return [];
        }

        return json.ValueKind switch
        {
            JsonValueKind.Array => json.EnumerateArray().SelectMany(item => In(item, baseAddress)),
            JsonValueKind.Object => json.EnumerateObject().SelectMany(member =>
                !member.NameEquals("href") || member.Value.ValueKind != JsonValueKind.String ? In(member.Value, baseAddress)
                : TryParse(member.Value.GetString()!, baseAddress, out var path) ? [path] : []),
            _ => [],
        };
    }
}
