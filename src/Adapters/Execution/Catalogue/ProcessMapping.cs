using GeoWps.Adapters.Execution.Policy;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>An algorithm as a process, or the reason why it is none here.</summary>
internal sealed class ProcessMapping(AlgorithmPolicy policy, string qgisVersion)
{
    private const int DigestDigits = 12;

    /// <returns>Either the process or a reason.</returns>
    public (QgisProcess? Process, string? Reason) Map(AlgorithmDescriptor algorithm)
    {
        if (policy.Refuse(algorithm) is { } off)
        {
            return (null, off);
        }

        var impossible = algorithm.Parameters.Where(IsDescribed).Select(parameter => (parameter, Reason: InputMapping.Reason(parameter)))
            .Where(pair => pair.Reason is not null).ToArray();
        if (Array.Find(impossible, pair => !pair.parameter.Optional) is { Reason: { } needed })
        {
            return (null, needed);
        }

        if (algorithm.Outputs.Count == 0)
        {
            return (null, "it has no output: without a desktop nothing is left of what it does");
        }

        var leftOut = impossible.Select(pair => pair.parameter.Name).ToHashSet();
        return (new QgisProcess(Describe(algorithm, leftOut), algorithm), null);
    }

    private ProcessDescription Describe(AlgorithmDescriptor algorithm, HashSet<string> leftOut)
    {
        var title = string.IsNullOrWhiteSpace(algorithm.Title) ? algorithm.Id : algorithm.Title;
        var facts = new Dictionary<string, string> { ["qgis:provider"] = algorithm.Provider };
        if (!string.IsNullOrWhiteSpace(algorithm.Group))
        {
            facts["qgis:group"] = algorithm.Group;
        }

        if (algorithm.Flags.Deprecated)
        {
            facts["deprecated"] = "true";
        }

        return new ProcessDescription
        {
            Id = algorithm.Id,
            Title = title,
            Description = PlainText.Of(algorithm.Help) ?? title,
            Version = algorithm.Digest is { Length: >= DigestDigits } digest ? $"{qgisVersion}-{digest[..DigestDigits]}" : qgisVersion,
            Keywords = [.. algorithm.Keywords.Append(algorithm.Group).OfType<string>().Where(word => word.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)],
            Inputs = [.. algorithm.Parameters.Where(parameter => IsDescribed(parameter) && !leftOut.Contains(parameter.Name)).Select(InputMapping.Map), .. ContextInputs.All(policy.TrustsCallers)],
            Outputs = OutputMapping.Map(algorithm),
            Facts = facts,
        };
    }

    private bool IsDescribed(ParameterDescriptor parameter) => !parameter.Destination && policy.Describes(parameter);
}
