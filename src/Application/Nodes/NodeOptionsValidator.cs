using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Nodes;

/// <summary>What is wrong with a node's settings beyond their kinds.</summary>
internal sealed partial class NodeOptionsValidator : IValidateOptions<NodeOptions>
{
    public ValidateOptionsResult Validate(string? name, NodeOptions options)
    {
        var wrong = options.Services.Where(service => !NodeServices.All.Contains(service, StringComparer.OrdinalIgnoreCase))
            .Select(service => $"Node:Services: '{service}' is not allowed; one of {string.Join(", ", NodeServices.All)}").ToList();
        if (!string.IsNullOrEmpty(options.Name) && !Name().IsMatch(options.Name))
        {
            wrong.Add($"Node:Name: '{options.Name}' is not allowed; up to 100 letters, digits, '.', '_' and '-'");
        }

        if (!string.IsNullOrEmpty(options.Address) && !NodeAddress.TryParse(options.Address, out _))
        {
            wrong.Add($"Node:Address: '{options.Address}' is not allowed; scheme, host and port by which other nodes reach this one, such as http://10.0.0.5:8080");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,100}\z")]
    private static partial Regex Name();
}
