using System.Text;
using System.Text.Json;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>Who asks a server of files: the setting <c>credentials</c>, <c>{"user": …, "password": …}</c>, <c>{"user": …, "key": …, "passphrase": …}</c> or <c>{"name": …}</c> of <c>Harvesting:Credentials</c>, which is then of the scheme Basic.</summary>
/// <param name="Key">A private key as OpenSSH or PEM writes it.</param>
public sealed record HarvestLogin(string User, string? Password, string? Key, string? Passphrase)
{
    private const string Basic = "Basic ";

    /// <returns><see langword="null"/>: there are none, or they are not as they should be.</returns>
    public static HarvestLogin? Read(JsonElement settings, HarvestingOptions options)
    {
        if (!settings.TryGetProperty(HarvestForm.Credentials, out var credentials) || credentials.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        string? Text(string name) => credentials.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
        return Text("user") is { } user ? IsLine(user) && IsLine(Text("password")) ? new HarvestLogin(user, Text("password"), Text("key"), Text("passphrase")) : null
            : Text("name") is { } name && options.Credentials.TryGetValue(name, out var header) ? OfHeader(header)
            : null;
    }

    private static bool IsLine(string? text) => text is null || !text.Any(char.IsControl);

    private static HarvestLogin? OfHeader(string header)
    {
        var buffer = new byte[header.Length];
        return header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) && Convert.TryFromBase64String(header[Basic.Length..].Trim(), buffer, out var count)
            && Encoding.UTF8.GetString(buffer, 0, count).Split(':', 2) is [var user, var password] ? new HarvestLogin(user, password, null, null) : null;
    }
}
