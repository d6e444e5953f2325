using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Binding;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Chains;

/// <summary>
/// The process that a <c>process</c> member means: an id, an address below ours, or one relative to the process that takes the result
/// (<c>/req/nested-processes/referenced-process</c>).
/// </summary>
public static class ProcessAddress
{
    private const string Execution = "/execution";

    /// <param name="parent">The id of the process whose input it is.</param>
    /// <returns>The process, or the mistake.</returns>
    internal static ((IProcessProvider Provider, ProcessDescription Process)? Found, string? Refusal, MistakeKind Kind) Find(
        ProcessCatalogues catalogues, string text, string parent, string baseAddress)
    {
        // QGIS's ids look like addresses with a scheme, so they are tried first.
        if (catalogues.Find(text) is { } known)
        {
            return (known, null, default);
        }

        if (text.Length == 0)
        {
            return (null, "must be the id or the address of a process", MistakeKind.Step);
        }

        var below = new Uri(baseAddress + "processes/");
        if (Uri.TryCreate(new Uri(below, Uri.EscapeDataString(parent)), text, out var address) && IsWeb(address))
        {
            if (!address.AbsoluteUri.StartsWith(below.AbsoluteUri, StringComparison.OrdinalIgnoreCase))
            {
                return (null, $"only processes of this server can be steps ({address.Host} is another)", MistakeKind.Chaining);
            }

            text = IdIn(address.AbsoluteUri[below.AbsoluteUri.Length..].Split('?', '#')[0]);
        }

        return catalogues.Find(text) is { } found ? (found, null, default)
            : (null, $"there is no process {text}" + Suggestion.For(text, catalogues.Current.Processes.Keys), MistakeKind.Step);
    }

    /// <param name="path">What follows <c>processes/</c> in an address: of the process, or of its execution, which Part 3 names.</param>
    public static string IdIn(string path)
    {
        path = path.TrimEnd('/');
        return Uri.UnescapeDataString(path.EndsWith(Execution, StringComparison.Ordinal) ? path[..^Execution.Length] : path);
    }

    private static bool IsWeb(Uri address) => address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps;
}
