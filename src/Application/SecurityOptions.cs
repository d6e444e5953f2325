using GeoWps.Application.Security;
using Microsoft.Extensions.Options;

namespace GeoWps.Application;

/// <summary>Section <c>Security</c>.</summary>
public sealed class SecurityOptions
{
    public const string Section = "Security";

    /// <summary>
    /// Switches on the algorithms, parameters and expressions that are off by default, for a server that only its own people reach. Destinations, sources,
    /// connections and drivers stay closed. Default: false.
    /// </summary>
    public bool TrustCallers { get; set; }

    /// <summary>The bearer token for everything that administers. Default: made at the first start and kept in the data directory.</summary>
    public string? AdminToken { get; set; }
}

/// <summary>Does not repeat the token: what stops a start is printed.</summary>
public sealed class SecurityOptionsValidator : IValidateOptions<SecurityOptions>
{
    public ValidateOptionsResult Validate(string? name, SecurityOptions options) => options.AdminToken is null || Security.AdminToken.IsPossible(options.AdminToken)
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            $"Security:AdminToken: the value is not allowed; at least {Security.AdminToken.MinLength} letters, digits or characters of -._~+/=");
}
