namespace GeoWps.Adapters.Shell.Requests;

/// <summary>What <c>geowps run</c> was told, as typed.</summary>
/// <param name="Inputs"><c>NAME=VALUE</c> each.</param>
/// <param name="Outputs">Names asked for; empty: those that the process delivers by itself.</param>
/// <param name="Files"><c>FILE</c> or <c>NAME=FILE</c> each.</param>
/// <param name="Formats"><c>NAME=TYPE</c> each.</param>
internal sealed record RunWish(
    string ProcessId,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyList<string> Files,
    IReadOnlyList<string> Formats,
    bool Wait,
    bool Json)
{
    /// <summary>Divides <c>NAME=VALUE</c>; names may hold anything but <c>=</c>.</summary>
    public static (string Name, string Value) Divide(string pair, string option)
    {
        var middle = pair.IndexOf('=', StringComparison.Ordinal);
        return middle > 0 ? (pair[..middle], pair[(middle + 1)..]) : throw CommandException.Usage($"{option} {pair}: write NAME=VALUE");
    }
}
