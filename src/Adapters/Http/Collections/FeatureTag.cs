using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Collections;

/// <summary>The tag of an answer with features: it changes with the features, with what is asked and with how the caller calls this server.</summary>
internal static class FeatureTag
{
    /// <param name="version">Of the layer's features; <see langword="null"/> where nobody knows: then there is no tag.</param>
    /// <param name="address">All of it.</param>
    public static EntityTagHeaderValue? Of(string? version, string address, bool isPage) => version is null ? null
        // Weak: the time of the answer stands in it, too.
        : new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{version}\n{address}\n{isPage}")).AsSpan(0, 12))}\"", isWeak: true);
}
