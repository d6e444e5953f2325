using System.Text.RegularExpressions;
using GeoWps.Adapters.Execution.Catalogue;

namespace GeoWps.Adapters.Execution.Policy;

/// <summary>Which algorithms and parameters callers get. What is not on the list of QGIS's own is judged by its description; in doubt it is off.</summary>
internal sealed partial class AlgorithmPolicy(bool trustsCallers, IEnumerable<string> allowed)
{
    private readonly HashSet<string> _allowed = new(allowed, StringComparer.Ordinal);

    /// <summary>Off and no part of QGIS's own list: these providers come with QGIS and were looked through as a whole.</summary>
    private static readonly HashSet<string> LookedThrough = ["native", "qgis", "gdal", "3d"];

    /// <summary>Tools that were written for a shell, with parameters for it.</summary>
    private static readonly HashSet<string> CommandLines = ["grass", "grass7", "saga", "sagang", "otb"];

    /// <summary>Made for models and hidden on the desktop, but with a result of their own.</summary>
    private static readonly HashSet<string> StepsWithResults = ["native:stringconcatenation"];

    private static readonly HashSet<string> Connections = ["providerconnection", "databaseschema", "databasetable", "authcfg", "execute_sql"];

    private static readonly HashSet<string> NeverDescribed = new(["EXTRA", "OUTPUT_TEXT_DIR", "XYZ_TEMPLATE", "WHERE", "SQL", "QUERY"], StringComparer.Ordinal);

    public bool TrustsCallers => trustsCallers;

    public IReadOnlyCollection<string> Allowed => _allowed;

    /// <returns>Why an algorithm is off; <see langword="null"/> when it is on.</returns>
    public string? Refuse(AlgorithmDescriptor algorithm)
    {
        if (trustsCallers || _allowed.Contains(algorithm.Id))
        {
            return null;
        }

        if (OffByDefault.Reason(algorithm.Id) is { } reason)
        {
            return reason;
        }

        return algorithm.Provider switch
        {
            "model" or "project" => algorithm.Steps.Select(RefuseStep).FirstOrDefault(step => step is not null),
            "script" => null,
            _ => Judge(algorithm),
        };
    }

    /// <summary>Whether a parameter can be given at all.</summary>
    public bool Describes(ParameterDescriptor parameter) =>
        trustsCallers || !(NeverDescribed.Contains(parameter.Name) || (parameter.Name.StartsWith("GRASS_", StringComparison.Ordinal) && parameter.Type == "string"));

    /// <summary>A step that only changes the desktop has its use inside a model; a model in a model is judged by its own steps, which are in the list.</summary>
    private string? RefuseStep(string step)
    {
        if (_allowed.Contains(step))
        {
            return null;
        }

        var reason = OffByDefault.Reason(step) is { } known ? (known == OffByDefault.Desktop ? null : known) : JudgeById(step);
        return reason is null ? null : $"its step {step}: {reason}";
    }

    private string? Judge(AlgorithmDescriptor algorithm)
    {
        if (!algorithm.Flags.Standalone || (algorithm.Flags.Hidden && !algorithm.Flags.Deprecated && !StepsWithResults.Contains(algorithm.Id)))
        {
            return OffByDefault.Desktop;
        }

        if (algorithm.Parameters.FirstOrDefault(parameter => Connections.Contains(parameter.Type)) is { } connection)
        {
            return $"its parameter {connection.Name} names a connection or holds SQL";
        }

        if (algorithm.Parameters.FirstOrDefault(parameter => !Describes(parameter) && !parameter.Optional && !parameter.Destination && !HasDefault(parameter)) is { } needed)
        {
            return $"it needs its parameter {needed.Name}, which is not for strangers";
        }

        return JudgeById(algorithm.Id);
    }

    /// <summary>All that can be said of a step: a model has no description of it.</summary>
    private static string? JudgeById(string id)
    {
        var colon = id.IndexOf(':', StringComparison.Ordinal);
        var provider = colon < 0 ? "" : id[..colon];
        if (LookedThrough.Contains(provider) || provider is "model" or "project" or "script")
        {
            return null;
        }

        if (!CommandLines.Contains(provider))
        {
            return "it is of a plug-in that nobody has looked through";
        }

        return Reaching().IsMatch(id[(colon + 1)..]) ? "by its name it reads or writes other places, a database, or evaluates a formula" : null;
    }

    private static bool HasDefault(ParameterDescriptor parameter) =>
        parameter.Default.ValueKind is not (System.Text.Json.JsonValueKind.Null or System.Text.Json.JsonValueKind.Undefined);

    [GeneratedRegex(@"^([irvd]3?|db|t)\.(in|out|external|import|unpack|pack)(\.|$)|^db\.|(^|\.)(mapcalc|calc|calculator|select|what\.vect|sql|script|python|wfs|wms|download|external)|mapcalc|execute|bandmath", RegexOptions.IgnoreCase)]
    private static partial Regex Reaching();
}
