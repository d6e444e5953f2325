using GeoWps.Domain.Nodes;

namespace GeoWps.Application.Ports;

/// <summary>What this node offers as it stands: the endpoints that it has, and its processes.</summary>
public interface INodeOffer
{
    NodeOffer Current { get; }
}
