namespace GeoWps.Application.Processes.Recall;

/// <summary>What a request says about older results: RFC 9111, clause 5.2.1, read for a request that makes a job.</summary>
/// <param name="MaxAge">An earlier result will do if it is not older than this; <see langword="null"/>: nothing is said.</param>
/// <param name="NoRecall"><c>no-cache</c> or <c>max-age=0</c>: the process is to run.</param>
/// <param name="NoStore">Nor may later requests be answered with what comes of this one.</param>
public sealed record AgeWish(TimeSpan? MaxAge, bool NoRecall, bool NoStore)
{
    public static AgeWish Unsaid { get; } = new(null, NoRecall: false, NoStore: false);
}
