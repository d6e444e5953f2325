using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Wps.Answers;

/// <summary>Mistakes and failures under the codes of each version.</summary>
internal static class WpsFaults
{
    public static IReadOnlyList<OwsFault> Of(IReadOnlyList<Mistake> mistakes, WpsVersion version) => [.. mistakes.Select(mistake => Of(mistake, version))];

    public static IReadOnlyList<OwsFault> Of(JobFailure failure, WpsVersion version, Job job)
    {
        var status = Problems.Failed(failure).Status;
        if (failure.Mistakes.Count == 0)
        {
            return [new OwsFault("NoApplicableCode", null, failure.Message, status)];
        }

        return [.. failure.Mistakes.Select(mistake => version == WpsVersion.V200 && IsReference(job, mistake.Place)
            ? new OwsFault("DataNotAccessible", mistake.Place, mistake.ToString(), status)
            : Of(mistake, version) with { Status = status })];
    }

    private static OwsFault Of(Mistake mistake, WpsVersion version)
    {
        var place = mistake.Place.StartsWith("outputs.", StringComparison.Ordinal) ? mistake.Place["outputs.".Length..] : mistake.Place;
        var code = (mistake.Kind, version) switch
        {
            (MistakeKind.Missing, _) => "MissingParameterValue",
            (MistakeKind.NoSuchInput, WpsVersion.V200) => "NoSuchInput",
            (MistakeKind.NoSuchOutput, WpsVersion.V200) => "NoSuchOutput",
            (MistakeKind.TooMany, WpsVersion.V200) => "TooManyInputs",
            _ => place.Length > 0 ? "InvalidParameterValue" : "NoApplicableCode",
        };
        return new OwsFault(code, place, mistake.ToString());
    }

    private static bool IsReference(Job job, string place)
    {
        using var request = JsonDocument.Parse(job.Request.Json, RequestLimits.Reading);
        var input = place.Split('[', '.')[0];
        return request.RootElement.TryGetProperty("inputs", out var inputs)
            && inputs.TryGetProperty(input, out var value)
            && (value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Any(HasHref) : HasHref(value));
    }

    private static bool HasHref(JsonElement value) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty("href", out _);
}
