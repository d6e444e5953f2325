using System.Text.Json;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Http;

/// <summary>Jobs and values to try things with.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddMilliseconds(678);

    public static readonly JobId Id = JobId.New(Time);

    public static Job Job(JobState state, JobId? id = null) => new()
    {
        Id = id ?? Id,
        ProcessId = "echo",
        Lane = "builtin",
        State = state,
        Attempt = state.Status == JobStatus.Accepted ? 0 : 1,
        Created = Time,
        Updated = Time,
        Request = new JobRequest("""{"inputs": {}}""", [], "http://example.org/"),
    };

    public static Job Done(string request, params OutputValue[] outputs) => Job(new JobState.Successful(Time, Time), JobId.New(Time)) with
    {
        Request = new JobRequest(request, [], "http://example.org/"),
        Outputs = outputs,
    };

    public static OutputValue.Literal Literal(string id, string json, string? mediaType = null) => new(id, JsonElement.Parse(json), mediaType);
}
