using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>What is remembered of a collection's state.</summary>
internal sealed class OgcMark
{
    /// <summary>The newest time of change among its records, by its own clock.</summary>
    public DateTimeOffset? Updated { get; set; }

    /// <summary>When all of it was read.</summary>
    public DateTimeOffset Whole { get; set; }

    /// <summary>Of a node of ours: the state that was read, in its own words.</summary>
    public string? State { get; set; }

    /// <summary>When the node answered, by its own clock: what says to have changed later has a wrong time, and must not hide what changes from then on.</summary>
    [JsonIgnore]
    public DateTimeOffset? Answered { get; set; }

    /// <summary>Of a collection that is one page.</summary>
    public string? ETag { get; set; }

    public static OgcMark? Read(string? mark) => mark is null ? null : JsonSerializer.Deserialize(mark, OgcMarkJson.Default.OgcMark);

    public static string TextOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture);

    public void See(DateTimeOffset? updated) => Updated = updated is null || updated < Updated ? Updated : updated;

    public string Write()
    {
        Updated = Updated > Answered ? Answered : Updated;
        return JsonSerializer.Serialize(this, OgcMarkJson.Default.OgcMark);
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OgcMark))]
internal sealed partial class OgcMarkJson : JsonSerializerContext;
