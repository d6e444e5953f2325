using GeoWps.Domain.Jobs;

namespace GeoWps.Application.Ports;

/// <summary>What the nodes of a cluster tell each other of the jobs and layers that they share. News can be missed: beneath each listener there is a slow look.</summary>
public interface INodeNews
{
    /// <summary>Calls <paramref name="heard"/>, one piece of news after the other, until it is disposed of. It must not take long.</summary>
    IDisposable Listen(Action<NodeNews> heard);
}

public abstract record NodeNews
{
    private NodeNews()
    {
    }

    /// <summary>A job waits in a lane.</summary>
    public sealed record JobWaits(string Lane) : NodeNews;

    /// <summary>A job was called off: whoever runs it stops.</summary>
    public sealed record JobDismissed(JobId Id) : NodeNews;

    /// <summary>A layer was added, changed or removed by another node.</summary>
    public sealed record LayerChanged(string Id) : NodeNews;

    /// <summary>The connection was away for a moment: anything may have happened.</summary>
    public sealed record Missed : NodeNews;
}
