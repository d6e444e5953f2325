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

    /// <summary>
    /// What callers without a token may: <c>run</c>, <c>files</c>, <c>publish</c>, or <c>none</c>. Default: <c>run</c>; and <c>files</c>, too, for who asks at this machine
    /// where the server is reached from nowhere else (<see cref="RequestOrigin.IsLocal"/>).
    /// </summary>
    public string[]? Anonymous { get; set; }

    internal const string Nothing = "none";

    /// <summary>The rights of nobody in particular.</summary>
    public Rights RightsOfAnonymous(bool isLocal) =>
        Anonymous is null ? isLocal ? Rights.Run | Rights.Files : Rights.Run
        : RightsText.TryRead(Anonymous.Where(name => !IsNothing(name)), out var rights, out _) ? rights
        : Rights.None;

    internal static bool IsNothing(string name) => name.Equals(Nothing, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Does not repeat the token: what stops a start is printed.</summary>
public sealed class SecurityOptionsValidator : IValidateOptions<SecurityOptions>
{
    private static readonly string _anonymous = $"some of run, files, publish; or {SecurityOptions.Nothing}";

    public ValidateOptionsResult Validate(string? name, SecurityOptions options)
    {
        List<string> failures = [];
        if (options.AdminToken is not null && !Security.AdminToken.IsPossible(options.AdminToken))
        {
            failures.Add($"Security:AdminToken: the value is not allowed; at least {Security.AdminToken.MinLength} letters, digits or characters of -._~+/=");
        }

        if (options.Anonymous is { } anonymous)
        {
            var wrong = anonymous.Where(right => !SecurityOptions.IsNothing(right) && !RightsText.TryRead([right], out _, out _)).ToArray();
            failures.AddRange(wrong.Select(right => $"Security:Anonymous: '{right}' is not allowed; {_anonymous}"));
            if (options.RightsOfAnonymous(isLocal: false).HasFlag(Rights.Admin))
            {
                failures.Add($"Security:Anonymous: 'admin' is not allowed, or everybody would be the administrator; {_anonymous}");
            }

            if (wrong.Length == 0 && (anonymous.Length == 0 || (anonymous.Length > 1 && anonymous.Any(SecurityOptions.IsNothing))))
            {
                failures.Add($"Security:Anonymous: '{string.Join(',', anonymous)}' is not allowed; {_anonymous}");
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
