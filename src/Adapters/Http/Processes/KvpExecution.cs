using System.Text.RegularExpressions;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Wps;
using GeoWps.Adapters.Http.Wps.Forms;
using GeoWps.Adapters.Http.Wps.Requests;
using GeoWps.Application.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Processes;

/// <summary>
/// An execution from parameters. <c>input=value</c>, again for each further value; <c>input[type]</c>, <c>input[encoding]</c>, <c>input[crs]</c> say more
/// about it, <c>input[href]</c> gives it by reference. <c>outputs=a,b</c> or <c>a[include]=true</c> ask for outputs, <c>a[type]</c> (or <c>response[f]</c>
/// for all) for a media type, <c>a[transmissionMode]</c> for a link; <c>response=document</c> for a document.
/// </summary>
internal sealed partial class KvpExecution(ExecuteDraft draft, IQueryCollection query)
{
    /// <summary>They say how to answer.</summary>
    private static readonly HashSet<string> Reserved = new(["response", "outputs", "f", "prefer", "lang"], StringComparer.Ordinal);

    public async Task<RequestBody> ReadAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, values) in query.Where(parameter => !Reserved.Contains(parameter.Key)))
        {
            if (Qualified().Match(name) is { Success: true } match)
            {
                Qualify(match.Groups[1].Value, match.Groups[2].Value, values.OfType<string>());
                continue;
            }

            foreach (var value in values.OfType<string>())
            {
                await AddAsync(name, value, cancellationToken);
            }
        }

        AddOutputs();
        draft.IsRaw = query["response"].ToString() switch
        {
            "" or "raw" => true,
            "document" => false,
            var other => throw Wrong("response", $"must be raw or document (got {other})"),
        };
        return draft.Finish("");
    }

    private async Task AddAsync(string name, string value, CancellationToken cancellationToken)
    {
        switch (draft.FormOf(name))
        {
            case DataForm.Box when KvpExecuteReader.Corners(value) is var (corners, crs):
                draft.AddBox(name, corners, Of(name, "crs") ?? crs ?? BoxCrs.All[1]);
                break;
            case DataForm.Complex when draft.Process.FindInput(name) is not null:
                var content = new TextSource(value);
                await draft.AddComplexAsync(name, content, content.First, Of(name, "type") ?? Of(name, "mediaType"), Of(name, "encoding"), cancellationToken);
                break;
            default:
                foreach (var one in Several(name) ? value.Split(',') : [value])
                {
                    draft.AddLiteral(name, one);
                }

                break;
        }
    }

    /// <summary>Whether commas divide values (OpenAPI, style <c>form</c>): where several may come, and none of them can hold a comma.</summary>
    private bool Several(string name) => draft.Process.FindInput(name) is { MaxOccurs: > 1 } input
        && DataForms.Flatten(input.Schema).All(schema => DataForms.TypeOf(schema) is "number" or "integer" or "boolean");

    /// <summary>Only what stands for a value itself is done here; what says more about one is asked for where it is needed.</summary>
    private void Qualify(string name, string quality, IEnumerable<string> values)
    {
        var (isInput, isOutput) = (draft.Process.FindInput(name) is not null, draft.Process.FindOutput(name) is not null || name == "response");
        if (!(isInput && quality is "href" or "type" or "mediaType" or "encoding" or "crs") && !(isOutput && quality is "include" or "type" or "mediaType" or "f" or "transmissionMode"))
        {
            throw Wrong($"{name}[{quality}]", isInput || isOutput ? "there is no such property of it" : $"there is no input or output {name}");
        }

        foreach (var href in quality == "href" ? values : [])
        {
            draft.AddReference(name, href, Of(name, "type") ?? Of(name, "mediaType"), Of(name, "encoding"), null);
        }
    }

    private void AddOutputs()
    {
        var named = query["outputs"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Concat(draft.Process.Outputs.Select(output => output.Id).Where(id => Negotiation.Flag(Of(id, "include"), $"{id}[include]")))
            .Distinct(StringComparer.Ordinal).ToList();
        string[] mentioned = [.. draft.Process.Outputs.Select(output => output.Id).Where(id => TypeOf(id) is not null || Of(id, "transmissionMode") is not null)];
        if (named.Count == 0 && (mentioned.Length > 0 || Of("response", "f") is not null))
        {
            // A wish about an output is no wish to leave out the others.
            named = [.. draft.Process.Outputs.Where(output => !output.Optional).Select(output => output.Id).Union(mentioned)];
        }

        foreach (var id in named)
        {
            draft.AddOutput(new WantedOutput(id, TypeOf(id) ?? Of("response", "f"), ByReference: Of(id, "transmissionMode") switch
            {
                null or "value" => false,
                "reference" => true,
                var other => throw Wrong($"{id}[transmissionMode]", $"must be value or reference (got {other})"),
            }));
        }
    }

    private string? TypeOf(string output) => draft.Process.FindInput(output) is null ? Of(output, "type") ?? Of(output, "mediaType") ?? Of(output, "f") : Of(output, "f");

    private string? Of(string name, string quality) => query[$"{name}[{quality}]"].ToString() is { Length: > 0 } value ? value : null;

    private static OwsRefusedException Wrong(string place, string message) => new(OwsFault.Invalid(place, message));

    [GeneratedRegex(@"^(.+)\[(\w+)\]$", RegexOptions.CultureInvariant)]
    private static partial Regex Qualified();
}
