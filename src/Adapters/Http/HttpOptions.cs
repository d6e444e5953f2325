using System.ComponentModel.DataAnnotations;
using System.Net;

namespace GeoWps.Adapters.Http;

/// <summary>Section <c>Http</c>. A wrong key stops the start.</summary>
public sealed class HttpOptions : IValidatableObject
{
    public const string Section = "Http";

    /// <summary>
    /// Addresses (<c>10.0.0.5</c>) or networks (<c>10.0.0.0/8</c>) of proxies whose <c>X-Forwarded-…</c> headers name the caller's address for this
    /// server; separated by commas. Default: none, so that nobody can make the server link to somebody else.
    /// </summary>
    public string TrustedProxies { get; set; } = "";

    /// <summary>What the landing page calls this server. Default: <c>GeoWps</c>.</summary>
    [Required]
    public string Title { get; set; } = "GeoWps";

    internal IEnumerable<string> Proxies => TrustedProxies.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var proxy in Proxies)
        {
            if (!IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _))
            {
                yield return new ValidationResult($"Http:TrustedProxies: {proxy} is neither an address nor a network such as 10.0.0.0/8");
            }
        }
    }
}
