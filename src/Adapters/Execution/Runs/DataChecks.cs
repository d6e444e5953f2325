using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Adapters.Execution.Policy;
using GeoWps.Adapters.Execution.Staging;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Execution.Runs;

/// <summary>What can be told of data before it is brought anywhere: that a text is a source and no data, that a layer is none.</summary>
internal static class DataChecks
{
    private const int HeadCharacters = 8 * 1024;

    public static string? Refuse(ParameterKind kind, InputValue value)
    {
        if (value is InputValue.Reference reference)
        {
            return kind is ParameterKind.Layer or ParameterKind.Layers ? LayerOptions.Of(reference.Href).Refusal : null;
        }

        if (value is not InputValue.Inline { Json: { ValueKind: JsonValueKind.String } json } || value.Encoding is not null)
        {
            return null;
        }

        var text = json.GetString()!;
        if (SourceForms.IsSource(text))
        {
            return "a path or the address of a source is not taken: give the data itself, or a reference as {\"href\": …}";
        }

        return kind is ParameterKind.Layer or ParameterKind.Layers && IsNoLayer(text, value.MediaType)
            ? "must be data: GeoJSON as an object, GML, KML, GPX or CSV as text with its media type, anything else in base64 with \"encoding\": \"base64\""
            : null;
    }

    private static bool IsNoLayer(string text, string? mediaType) =>
        ContentSniffer.IdentifyLayer(Encoding.UTF8.GetBytes(text[..Math.Min(text.Length, HeadCharacters)]), mediaType, "").MediaType == DataFormats.Unknown;
}
