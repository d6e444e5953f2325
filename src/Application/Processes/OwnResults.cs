using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes;

/// <summary>
/// References to results of this server, <c>…/jobs/{id}/results/{output}</c>: they are read from the store, whatever may be fetched, so that the result of
/// one job can be the input of the next.
/// </summary>
public static class OwnResults
{
    private const string Part = Attachment.Marker + "-";

    public static string AddressOf(string baseAddress, JobId job, string output) => $"{baseAddress}jobs/{job}/results/{Uri.EscapeDataString(output)}";

    /// <summary>The address of a part of a job's request, for the executions that this job makes itself; nobody else can read there.</summary>
    internal static string AddressOfPart(string baseAddress, JobId job, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{baseAddress}jobs/{job}/results/{Part}{number}");

    /// <returns>The number of the part that an output's name means.</returns>
    internal static int? PartOf(string output) =>
        output.StartsWith(Part, StringComparison.Ordinal) && int.TryParse(output.AsSpan(Part.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The jobs that a value refers to, anywhere in it.</summary>
    public static IEnumerable<JobId> In(JsonElement json, string baseAddress)
    {
        if (JsonMarshal.GetRawUtf8Value(json).IndexOf("results"u8) < 0)
        {
            return [];
        }

        return json.ValueKind switch
        {
            JsonValueKind.Array => json.EnumerateArray().SelectMany(item => In(item, baseAddress)),
            JsonValueKind.Object => json.EnumerateObject().SelectMany(member =>
                !member.NameEquals("href") || member.Value.ValueKind != JsonValueKind.String ? In(member.Value, baseAddress)
                : TryParse(member.Value.GetString()!, baseAddress, out var job, out _) ? [job] : []),
            _ => [],
        };
    }

    /// <param name="baseAddress">Under which the caller reached the server, ending in a slash.</param>
    public static bool TryParse(string href, string baseAddress, [NotNullWhen(true)] out JobId? job, out string output)
    {
        (job, output) = (null, "");
        var path = href.StartsWith(baseAddress, StringComparison.OrdinalIgnoreCase) ? href[baseAddress.Length..]
            : href.StartsWith('/') && !href.StartsWith("//", StringComparison.Ordinal) ? href[1..] : "";
        var end = path.AsSpan().IndexOfAny('?', '#');
        var segments = (end < 0 ? path : path[..end]).Split('/');
        if (segments is not ["jobs", var id, "results", { Length: > 0 } name] || !JobId.TryParse(id, out job))
        {
            return false;
        }

        output = Uri.UnescapeDataString(name);
        return true;
    }
}
