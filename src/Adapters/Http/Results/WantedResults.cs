using System.Text;
using System.Text.Json;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Results;

/// <summary>What an execute request says about its answer: clause 7.11.2. Read from the stored request, without its inputs.</summary>
/// <param name="Outputs">In the order asked for; <see langword="null"/>: all that there are, by value.</param>
internal sealed record WantedResults(ResponseForm Form, IReadOnlyList<WantedOutput>? Outputs)
{
    public static WantedResults Read(string requestJson)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(requestJson));
        var (form, outputs) = (ResponseForm.Raw, new List<WantedOutput>());
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("response"u8))
            {
                reader.Read();
                form = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("document"u8) ? ResponseForm.Document : ResponseForm.Raw;
            }
            else if (reader.ValueTextEquals("outputs"u8))
            {
                reader.Read();
                ReadOutputs(ref reader, outputs);
            }
            else
            {
                reader.Skip();
            }
        }

        // An empty list asks for the same as none.
        return new WantedResults(form, outputs.Count == 0 ? null : outputs);
    }

    private static void ReadOutputs(ref Utf8JsonReader reader, List<WantedOutput> outputs)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var id = reader.GetString()!;
            reader.Read();
            outputs.Add(new WantedOutput(id, IsReference(ref reader)));
        }
    }

    private static bool IsReference(ref Utf8JsonReader reader)
    {
        var isReference = false;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return isReference;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMode = reader.ValueTextEquals("transmissionMode"u8);
            reader.Read();
            isReference |= isMode && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("reference"u8);
            reader.Skip();
        }

        return isReference;
    }
}

/// <param name="ByReference">As a link instead of the value.</param>
internal sealed record WantedOutput(string Id, bool ByReference);
