using GeoWps.Domain.Nodes;

namespace GeoWps.Application.Ports;

/// <summary>How much services were used, by the hour.</summary>
public interface ICallStatistics
{
    /// <summary>Adds to what is kept of the same hour, service, operation and node, since several gateways may tell of it.</summary>
    Task AddAsync(IReadOnlyList<CallHour> figures, CancellationToken cancellationToken);

    /// <summary>Hours that begin at or after <paramref name="from"/> and before <paramref name="to"/>, by hour, service, operation and node.</summary>
    /// <exception cref="IOException">What is kept can't be reached now.</exception>
    Task<IReadOnlyList<CallHour>> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Forgets hours that began before <paramref name="before"/>.</summary>
    Task ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
