using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Application.Records.Harvesting;

namespace GeoWps.Adapters.Http.Harvesting;

/// <summary>What the administrator is told of sources; never their credentials.</summary>
internal static class SourceAnswers
{
    public static string AddressOf(string baseAddress, string id) => $"{baseAddress}admin/sources/{Uri.EscapeDataString(id)}";

    /// <param name="now">From which the next time is counted.</param>
    public static void Write(Utf8JsonWriter json, HarvestSource source, DateTimeOffset now, string baseAddress)
    {
        json.WriteStartObject();
        json.WriteString(HarvestForm.Id, source.Id);
        json.WriteString(HarvestForm.Kind, source.Kind);
        json.WriteIfAny(HarvestForm.When, source.When);
        json.WritePropertyName(HarvestForm.Settings);
        json.WriteRawValue(HarvestForm.Shown(source));
        if (source.MaxRemoved is { } share)
        {
            json.WriteNumber(HarvestForm.MaxRemoved, share);
        }

        if (HarvestForm.NextAfter(source, now) is { } next)
        {
            json.WriteString("next", next.UtcDateTime);
        }

        if (source.State is { } state)
        {
            WriteState(json, state);
        }

        json.WriteLinks(
        [
            new Link(AddressOf(baseAddress, source.Id), "self", Media.Json, "This document"),
            .. source.State is { } last ? [new Link(Addresses.Job(baseAddress, last.Job), "monitor", Media.Json, "The last job")] : Array.Empty<Link>(),
        ]);
        json.WriteEndObject();
    }

    private static void WriteState(Utf8JsonWriter json, HarvestState state)
    {
        json.WriteStartObject("last");
        json.WriteString("time", state.At.UtcDateTime);
        json.WriteString("outcome", state.Error is null ? "successful" : "failed");
        json.WriteString("jobID", state.Job);
        json.WriteIfAny("error", state.Error);
        if (state.Succeeded is { } succeeded)
        {
            json.WriteString("succeeded", succeeded.UtcDateTime);
            json.WriteNumber("added", state.Added);
            json.WriteNumber("changed", state.Changed);
            json.WriteNumber("removed", state.Removed);
            json.WriteNumber("same", state.Same);
        }

        json.WriteEndObject();
    }
}
