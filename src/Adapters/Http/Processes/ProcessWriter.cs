using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Processes;

/// <summary>A process as JSON: <c>processSummary.yaml</c> and <c>process.yaml</c>.</summary>
internal static class ProcessWriter
{
    public static void WriteSummary(Utf8JsonWriter json, ProcessDescription process, string baseAddress)
    {
        json.WriteStartObject();
        WriteHead(json, process);
        json.WriteLinks(new Link(Addresses.Process(baseAddress, process.Id), "self", Media.Json, "Process description"));
        json.WriteEndObject();
    }

    public static void WriteDescription(Utf8JsonWriter json, ProcessDescription process, string baseAddress)
    {
        json.WriteStartObject();
        WriteHead(json, process);
        WriteFacts(json, process.Facts);
        json.WriteStartObject("inputs");
        foreach (var input in process.Inputs)
        {
            WriteInput(json, input);
        }

        json.WriteEndObject();
        json.WriteStartObject("outputs");
        foreach (var output in process.Outputs)
        {
            WriteMember(json, output.Id, output.Title, output.Description, output.Schema);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteLinks(LinksOf(process, baseAddress));
        json.WriteEndObject();
    }

    public static Link[] LinksOf(ProcessDescription process, string baseAddress)
    {
        var address = Addresses.Process(baseAddress, process.Id);
        return
        [
            new Link(address, "self", Media.Json, "This document"),
            Links.ToPage(address),
            new Link(address + "/execution", Links.Execute, Media.Json, "Execute"),
            new Link(baseAddress + "processes", "up", Media.Json, "All processes"),
        ];
    }

    private static void WriteHead(Utf8JsonWriter json, ProcessDescription process)
    {
        json.WriteString("id", process.Id);
        json.WriteString("title", process.Title);
        json.WriteIfAny("description", process.Description);
        json.WriteString("version", process.Version);
        json.WriteBoolean("mutable", process.Mutable);
        if (process.Keywords.Count > 0)
        {
            WriteTexts(json, "keywords", process.Keywords);
        }

        WriteTexts(json, "jobControlOptions", Names(process.JobControl));
        WriteTexts(json, "outputTransmission", ["value", "reference"]);
    }

    public static IEnumerable<string> Names(JobControlOptions options)
    {
        if (options.HasFlag(JobControlOptions.SyncExecute))
        {
            yield return "sync-execute";
        }

        if (options.HasFlag(JobControlOptions.AsyncExecute))
        {
            yield return "async-execute";
        }

        if (options.HasFlag(JobControlOptions.Dismiss))
        {
            yield return "dismiss";
        }
    }

    private static void WriteInput(Utf8JsonWriter json, InputDescription input)
    {
        WriteMember(json, input.Id, input.Title, input.Description, input.Schema);
        json.WriteNumber("minOccurs", input.MinOccurs);
        if (input.MaxOccurs == InputDescription.Unbounded)
        {
            json.WriteString("maxOccurs", "unbounded");
        }
        else
        {
            json.WriteNumber("maxOccurs", input.MaxOccurs);
        }

        WriteFacts(json, input.Facts);
        json.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter json, string id, string title, string? description, JsonObject schema)
    {
        json.WriteStartObject(id);
        json.WriteString("title", title);
        json.WriteIfAny("description", description);
        json.WritePropertyName("schema");
        schema.WriteTo(json);
    }

    /// <summary>As <c>additionalParameters</c>, which <c>descriptionType.yaml</c> has for what the standard does not name.</summary>
    private static void WriteFacts(Utf8JsonWriter json, IReadOnlyDictionary<string, string> facts)
    {
        if (facts.Count == 0)
        {
            return;
        }

        json.WriteStartObject("additionalParameters");
        json.WriteStartArray("parameters");
        foreach (var (name, value) in facts)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            WriteTexts(json, "value", [value]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
