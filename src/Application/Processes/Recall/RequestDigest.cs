using System.Security.Cryptography;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Recall;

/// <summary>
/// What a request asks for, as one number: equal for requests that must have equal results. The order of inputs, of members and of outputs, how the answer
/// is to look, and who is told of it do not count; a default counts as if it had been sent.
/// </summary>
internal sealed class RequestDigest(IBlobStore blobs)
{
    /// <summary>Changes when this server makes other results of the same request.</summary>
    private const int Version = 1;

    /// <returns>
    /// SHA-256, hexadecimal; <see langword="null"/> when nothing can be said: an input lies outside, where it may change.
    /// </returns>
    public async Task<string?> OfAsync(RequestBody body, string baseAddress, ProcessDescription process, ExecuteRequest request, CancellationToken cancellationToken)
    {
        if (!request.Inputs.Values.SelectMany(values => values).All(value => IsOurs(value, baseAddress)))
        {
            return null;
        }

        var attachments = new Dictionary<int, string>();
        foreach (var attachment in body.Attachments)
        {
            await using var blob = await blobs.OpenAsync(JobKeys.Attachment(body.Id, attachment.Number), 0, null, cancellationToken);
            if (blob is null)
            {
                return null;
            }

            attachments[attachment.Number] = Convert.ToHexStringLower(await SHA256.HashDataAsync(blob.Content, cancellationToken));
        }

        using var canonical = new MemoryStream();
        await using (var json = new Utf8JsonWriter(canonical))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("process", process.Id);
            json.WriteString("fingerprint", process.Fingerprint);
            WriteInputs(json, process, request, baseAddress, new CanonicalJson(json, attachments));
            WriteOutputs(json, process, request);
            json.WriteEndObject();
        }

        return Convert.ToHexStringLower(SHA256.HashData(canonical.GetBuffer().AsSpan(0, (int)canonical.Length)));
    }

    /// <summary>A value, or the result of a job of ours, which never changes. An address deep in a value is not looked at any further.</summary>
    private static bool IsOurs(InputValue value, string baseAddress) => value switch
    {
        InputValue.Inline inline => !HoldsAddress(inline.Json),
        InputValue.Reference reference => reference.Post is null && OwnResults.TryParse(reference.Href, baseAddress, out _, out _),
        _ => false,
    };

    private static bool HoldsAddress(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().Any(member => member.NameEquals("href") || HoldsAddress(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().Any(HoldsAddress),
        _ => false,
    };

    private static void WriteInputs(Utf8JsonWriter json, ProcessDescription process, ExecuteRequest request, string baseAddress, CanonicalJson canonical)
    {
        json.WriteStartObject("inputs");
        foreach (var input in process.Inputs.OrderBy(input => input.Id, StringComparer.Ordinal))
        {
            if (request.Inputs.TryGetValue(input.Id, out var values))
            {
                json.WriteStartArray(input.Id);
                foreach (var value in values)
                {
                    WriteValue(json, value, baseAddress, canonical);
                }

                json.WriteEndArray();
            }
            else if (input.Schema["default"] is { } standard)
            {
                json.WriteStartArray(input.Id);
                WriteValue(json, new InputValue.Inline(JsonElement.Parse(standard.ToJsonString())), baseAddress, canonical);
                json.WriteEndArray();
            }
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, InputValue value, string baseAddress, CanonicalJson canonical)
    {
        json.WriteStartObject();
        if (value is InputValue.Inline inline)
        {
            // Which type a bare value has follows from the value.
            json.WriteString("mediaType", value.MediaType);
            json.WriteString("encoding", value.Encoding);
            json.WritePropertyName("value");
            canonical.Write(inline.Json);
        }
        else if (value is InputValue.Reference reference && OwnResults.TryParse(reference.Href, baseAddress, out var job, out var output))
        {
            json.WriteString("mediaType", value.MediaType);
            json.WriteString("job", job.Value);
            json.WriteString("output", output);
            json.WriteString("layer", reference.Href[(reference.Href.AsSpan().IndexOfAny('?', '#') is >= 0 and var end ? end : reference.Href.Length)..]);
        }

        json.WriteEndObject();
    }

    /// <summary>What is made, whether it was asked for by name or not.</summary>
    private static void WriteOutputs(Utf8JsonWriter json, ProcessDescription process, ExecuteRequest request)
    {
        var wanted = request.Outputs?.ToDictionary(output => output.Id, output => output.MediaType)
            ?? process.Outputs.Where(output => !output.Optional).ToDictionary(output => output.Id, _ => (string?)null);
        json.WriteStartObject("outputs");
        foreach (var output in process.Outputs.Where(output => wanted.ContainsKey(output.Id)).OrderBy(output => output.Id, StringComparer.Ordinal))
        {
            json.WriteString(output.Id, wanted[output.Id] ?? output.MediaTypes.FirstOrDefault());
        }

        json.WriteEndObject();
    }
}
