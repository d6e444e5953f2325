using System.Text.Json;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Collections;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Execution.Runs;

/// <summary>A layer inside a structured parameter, in one of the forms that a layer has outside of one: clause 7.11.2.2.</summary>
internal static class StructureLayer
{
    /// <returns>The value, or what is wrong with its form.</returns>
    public static (InputValue? Value, string? Refusal) Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return (new InputValue.Inline(json), null);
        }

        var hasValue = json.TryGetProperty("value", out var value);
        if (json.TryGetProperty("href", out var href))
        {
            if (hasValue || href.ValueKind != JsonValueKind.String)
            {
                return (null, hasValue ? "must be given by value or by href, not both" : "href must be an address");
            }

            var (reference, wrong) = ValueFormat.Read(json, "type");
            return wrong is null ? (new InputValue.Reference(href.GetString()!) { MediaType = reference!.MediaType, Encoding = reference.Encoding }, null) : (null, wrong);
        }

        if (json.TryGetProperty(CollectionAddress.Member, out _))
        {
            var (items, wrong) = CollectionAddress.Read(json, relativeTo: null);
            return items is null ? (null, wrong) : (new InputValue.Reference(items) { IsCollection = true }, null);
        }

        if (!hasValue)
        {
            return (new InputValue.Inline(json), null);
        }

        var (format, mistake) = ValueFormat.Read(json, "mediaType");
        return mistake is null ? (new InputValue.Inline(value) { MediaType = format!.MediaType, Encoding = format.Encoding }, null) : (null, mistake);
    }
}
