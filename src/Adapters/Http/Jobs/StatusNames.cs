using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Http.Jobs;

/// <summary>The states under their names of the standard, <c>statusCode.yaml</c>, both ways.</summary>
internal static class StatusNames
{
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<JobStatus>().Select(Of)];

    public static string Of(JobStatus status) => status switch
    {
        JobStatus.Accepted => "accepted",
        JobStatus.Running => "running",
        JobStatus.Successful => "successful",
        JobStatus.Failed => "failed",
        JobStatus.Dismissed => "dismissed",
    };

    public static bool TryRead(string name, out JobStatus status)
    {
        foreach (var one in Enum.GetValues<JobStatus>())
        {
            if (Of(one) == name)
            {
                status = one;
                return true;
            }
        }

        status = default;
        return false;
    }
}
