namespace GeoWps.Adapters.Discovery;

/// <summary>One node in one registry, as <see cref="Announcement"/> keeps it there.</summary>
internal interface IMembership
{
    /// <summary>Sees to it that the registry knows the node. Called again and again.</summary>
    Task KeepAsync(CancellationToken cancellationToken);

    /// <summary>Has the registry forget it; it may never have known it.</summary>
    Task EndAsync(CancellationToken cancellationToken);

    /// <summary>Whether this failure means that the registry is away, or does not take the node now.</summary>
    bool IsAway(Exception error);
}
