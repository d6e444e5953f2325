namespace GeoWps.Adapters.Messaging.Cluster;

/// <summary>How often nodes look, and after what they take over from each other.</summary>
/// <param name="Sign">Between two signs of life of a node.</param>
/// <param name="Lost">Without one for so long, a node's messages are others'.</param>
/// <param name="Look">Between two looks at what is due, and at what nobody has.</param>
internal sealed record ClusterTimes(TimeSpan Sign, TimeSpan Lost, TimeSpan Look)
{
    public static ClusterTimes Usual { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(5));
}
