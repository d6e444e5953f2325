using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Wps.Forms;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Wps.Requests;

/// <summary>How WPS 2.0 wants to be answered; 1.0.0 says the same by <c>storeExecuteResponse</c>.</summary>
internal enum WpsMode
{
    Sync,
    Async,
    Auto,
}

/// <summary>An execution as it is read from WPS: it becomes the JSON form that every protocol brings its request into.</summary>
internal sealed class ExecuteDraft(RequestParts parts, ProcessDescription process)
{
    private const int MostValues = 10_000;

    private static readonly JsonObject Number = new() { ["type"] = "number" };

    private readonly Dictionary<string, List<JsonNode?>> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DataForm> _forms = new(StringComparer.Ordinal);
    private readonly List<WantedOutput> _outputs = [];
    private int _count;

    public RequestParts Parts => parts;

    public ProcessDescription Process => process;

    public WpsMode Mode { get; set; }

    /// <summary>Exactly one output is wanted, bare.</summary>
    public bool IsRaw { get; set; }

    public WpsMarks Marks { get; set; } = new();

    public IReadOnlyList<WantedOutput> Outputs => _outputs;

    /// <summary>An input that may occur once and occurs more often; as JSON it would look like one value that is an array.</summary>
    public string? Repeated => _inputs.Where(input => input.Value.Count > 1 && process.FindInput(input.Key) is { MaxOccurs: 1 } one && !TakesArrays(one)).Select(input => input.Key).FirstOrDefault();

    /// <summary>The form of an input's values, worked out once however many come; that of anything where there is no such input.</summary>
    public DataForm FormOf(string input)
    {
        if (!_forms.TryGetValue(input, out var form))
        {
            _forms.Add(input, form = DataForms.Of(SchemaOf(input), []));
        }

        return form;
    }

    public static bool IsBase64(string? encoding) => encoding is not null && encoding.Trim().Equals("base64", StringComparison.OrdinalIgnoreCase);

    /// <param name="text">A string, or the marker of one that is large.</param>
    public void AddLiteral(string input, JsonNode text)
    {
        var schema = SchemaOf(input);
        Add(input, text is JsonValue small && small.GetValueKind() == JsonValueKind.String ? TypedText.ToJson(schema, small.GetValue<string>()) : text);
    }

    /// <param name="corners">Numbers as they are written, which they stay.</param>
    public void AddBox(string input, IEnumerable<string> corners, string? crs) =>
        Add(input, new JsonObject
        {
            ["bbox"] = new JsonArray([.. corners.Select(corner => TypedText.ToJson(Number, corner))]),
            ["crs"] = string.IsNullOrEmpty(crs) ? BoxCrs.Default : crs,
        });

    public void AddOutput(WantedOutput output)
    {
        if (_outputs.Any(other => other.Id == output.Id))
        {
            throw new OwsRefusedException(OwsFault.Invalid(output.Id, $"{output.Id}: is asked for twice"));
        }

        _outputs.Add(output);
    }

    /// <summary>Complex data, in whichever form it stands in the request.</summary>
    public async Task AddComplexAsync(string input, IContentSource content, char first, string? mediaType, string? encoding, CancellationToken cancellationToken)
    {
        if (process.FindInput(input) is { } description
            && (FormOf(input) is not DataForm.Complex || (TakesArrays(description) && first is not '[' and not '{')))
        {
            // 2.0 lets a literal stand bare; and a list of plain values may be one with commas.
            AddLiteral(input, await parts.TextAsync(content, cancellationToken));
            return;
        }

        var isBase64 = IsBase64(encoding);
        JsonNode? json;
        if (!isBase64 && first is '{' or '[' && DataForms.TakesStructures(SchemaOf(input)))
        {
            (json, var fault) = await parts.JsonAsync(content, cancellationToken);
            if (fault is not null)
            {
                throw new OwsRefusedException(OwsFault.Invalid(input, $"{input}: {fault}"));
            }
        }
        else
        {
            json = await parts.TextAsync(content, cancellationToken);
        }

        var value = new JsonObject { ["value"] = json };
        Set(value, "mediaType", TypeOfInput(input, mediaType));
        Set(value, "encoding", isBase64 ? "base64" : null);
        Add(input, value);
    }

    public void AddReference(string input, string href, string? mediaType, string? encoding, JsonObject? post)
    {
        var value = new JsonObject { ["href"] = href };
        Set(value, "type", TypeOfInput(input, mediaType));
        Set(value, "encoding", IsBase64(encoding) ? "base64" : null);
        foreach (var (name, part) in post ?? [])
        {
            value[name] = part?.DeepClone();
        }

        Add(input, value);
    }

    /// <param name="digest">Of the request as sent.</param>
    public RequestBody Finish(string digest)
    {
        var request = new JsonObject
        {
            ["inputs"] = new JsonObject(_inputs.Select(input => KeyValuePair.Create(input.Key, Values(input.Key, input.Value)))),
            ["response"] = IsRaw ? "raw" : "document",
        };
        if (Marks != new WpsMarks() || Outputs.Any(output => output.Encoding is not null))
        {
            request[WpsMarks.Member] = Marks.ToJson(Outputs);
        }

        if (Outputs.Count > 0)
        {
            request["outputs"] = new JsonObject(Outputs.Select(output => KeyValuePair.Create(output.Id, (JsonNode?)Wanted(output))));
        }

        if (Marks.Lineage)
        {
            request[JobRequest.KeepInputs] = true;
        }

        return parts.Finish(request, digest);
    }

    private static bool TakesArrays(InputDescription input) => DataForms.Flatten(input.Schema).Any(schema => DataForms.TypeOf(schema) == "array");

    private JsonObject SchemaOf(string input) => process.FindInput(input)?.Schema ?? [];

    private static void Set(JsonObject json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json[name] = value;
        }
    }

    private void Add(string input, JsonNode? value)
    {
        if (++_count > MostValues)
        {
            throw new OwsRefusedException(OwsFault.Invalid(input, $"A request may have at most {MostValues} values."));
        }

        if (!_inputs.TryGetValue(input, out var values))
        {
            _inputs.Add(input, values = []);
        }

        values.Add(value);
    }

    private JsonNode? Values(string input, List<JsonNode?> values)
    {
        // One value that is an array, given item by item.
        if (values.Count > 1 && process.FindInput(input) is { MaxOccurs: 1 } one && TakesArrays(one))
        {
            return new JsonArray([.. values.SelectMany(value => value is JsonArray items ? items.Select(item => item?.DeepClone()) : [value])]);
        }

        return values is [var only] ? only : new JsonArray([.. values]);
    }

    /// <summary>XML in general is told by its content where the input names none of that type.</summary>
    private string? TypeOfInput(string input, string? mediaType)
    {
        if (string.IsNullOrWhiteSpace(mediaType) || process.FindInput(input) is null || FormOf(input) is not DataForm.Complex complex)
        {
            return null;
        }

        return IsGeneralXml(mediaType) && MediaTypes.Match(mediaType, [.. complex.Formats.Select(format => format.MediaType)]) < 0 ? null : mediaType;
    }

    private JsonObject Wanted(WantedOutput output)
    {
        var wanted = new JsonObject { ["transmissionMode"] = output.ByReference ? "reference" : "value" };
        if (output.MediaType is { Length: > 0 } asked && process.FindOutput(output.Id) is { MediaTypes: { Count: > 0 } offered })
        {
            var general = IsGeneralXml(asked) && MediaTypes.Match(asked, offered) < 0 ? offered.FirstOrDefault(MediaTypes.IsXml) : null;
            var format = new JsonObject { ["mediaType"] = general ?? asked };
            Set(format, "schema", output.Schema);
            wanted["format"] = format;
        }

        return wanted;
    }

    private static bool IsGeneralXml(string mediaType) => MediaTypes.WithoutParameters(mediaType) is "text/xml" or "application/xml" && !mediaType.Contains(';', StringComparison.Ordinal);
}

/// <summary>An output that is asked for.</summary>
/// <param name="Encoding"><c>base64</c> for a text that is wanted so; bytes always are.</param>
internal sealed record WantedOutput(string Id, string? MediaType = null, string? Encoding = null, string? Schema = null, bool ByReference = false);
