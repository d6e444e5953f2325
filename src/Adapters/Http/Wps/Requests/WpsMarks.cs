using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Http.Wps.Requests;

/// <summary>What only WPS says about an answer, kept with the job's request: whichever way its results are asked for later, they come as they were wanted.</summary>
/// <param name="Lineage">The answer repeats the inputs.</param>
/// <param name="Stored">The answer has an address of its own.</param>
/// <param name="Status">That address tells how far it is.</param>
internal sealed record WpsMarks(bool Lineage = false, bool Stored = false, bool Status = false)
{
    public const string Member = "wps";

    /// <summary>Of the outputs, by their ids, those that a text was wanted in base64 of.</summary>
    public IReadOnlySet<string> InBase64 { get; init; } = FrozenSet<string>.Empty;

    public JsonObject ToJson(IEnumerable<WantedOutput> outputs) => new()
    {
        ["lineage"] = Lineage,
        ["stored"] = Stored,
        ["status"] = Status,
        ["base64"] = new JsonArray([.. outputs.Where(output => output.Encoding?.Equals("base64", StringComparison.OrdinalIgnoreCase) == true).Select(output => (JsonNode)output.Id)]),
    };

    /// <summary>Of a job's request, also of one that came by another protocol.</summary>
    public static WpsMarks Read(JsonElement request)
    {
        if (!request.TryGetProperty(Member, out var marks) || marks.ValueKind != JsonValueKind.Object)
        {
            return new WpsMarks();
        }

        return new WpsMarks(Is(marks, "lineage"), Is(marks, "stored"), Is(marks, "status"))
        {
            InBase64 = marks.TryGetProperty("base64", out var ids) && ids.ValueKind == JsonValueKind.Array
                ? ids.EnumerateArray().Where(id => id.ValueKind == JsonValueKind.String).Select(id => id.GetString()!).ToHashSet(StringComparer.Ordinal)
                : FrozenSet<string>.Empty,
        };
    }

    private static bool Is(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
