using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.References;

/// <summary>Section <c>Inputs</c>: where inputs may come from. A wrong or unknown key stops the start.</summary>
public sealed class InputsOptions
{
    public const string Section = "Inputs";

    /// <summary>Hosts that may be reached although they are loopback or private: <c>host</c> (any port) or <c>host:port</c>, exactly. Default: none.</summary>
    public string[] AllowedHosts { get; set; } = [];
}

internal sealed class InputsOptionsValidator : IValidateOptions<InputsOptions>
{
    public ValidateOptionsResult Validate(string? name, InputsOptions options)
    {
        var wrong = options.AllowedHosts.Where(host => !AllowedHosts.IsValid(host)).Select(host =>
            $"{InputsOptions.Section}:{nameof(InputsOptions.AllowedHosts)}: '{host}' is not allowed; hosts, such as data.example.org or 127.0.0.1:9000").ToArray();
        return wrong.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
