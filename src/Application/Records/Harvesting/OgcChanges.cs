using System.Text.Json;
using GeoWps.Domain.Records;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>What a node of ours tells of its changes (<see cref="RecordChangesLink"/>), all of one moment.</summary>
/// <param name="Answered">By the node's clock.</param>
/// <param name="IsSince">The changes since a state that was asked for, not only what the state is.</param>
internal sealed record OgcChanges(string State, long Total, DateTimeOffset? Answered, List<CatalogueRecord> Records, IReadOnlyList<string> Removed, bool IsSince)
{
    /// <returns><see langword="null"/>: it is not as it should be.</returns>
    public static OgcChanges? Read(string source, JsonElement answer, string? type, bool isSince)
    {
        if (answer.ValueKind != JsonValueKind.Object || Member(answer, RecordChangesLink.State, JsonValueKind.String)?.GetString() is not { Length: > 0 and <= 100 } state
            || Member(answer, RecordChangesLink.Total, JsonValueKind.Number) is not { } number || !number.TryGetInt64(out var total)
            || Member(answer, RecordChangesLink.Removed, JsonValueKind.Array) is not { } removed || Member(answer, "features", JsonValueKind.Array) is not { } features)
        {
            return null;
        }

        var records = features.EnumerateArray().Select(feature => OgcRecord.Read(source, feature, type)).ToList();
        return records.Contains(null) ? null : new OgcChanges(
            state, total, RecordFields.Instant(Member(answer, "timeStamp", JsonValueKind.String)?.GetString()), records!, [.. removed.EnumerateArray().Where(id => id.ValueKind == JsonValueKind.String).Select(id => id.GetString()!)], isSince);
    }

    private static JsonElement? Member(JsonElement json, string name, JsonValueKind kind) => json.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
