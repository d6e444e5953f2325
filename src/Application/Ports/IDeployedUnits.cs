namespace GeoWps.Application.Ports;

/// <summary>What was deployed on any node, for all nodes. What a node has on its disk is a copy.</summary>
public interface IDeployedUnits
{
    /// <summary>All, by id.</summary>
    Task<IReadOnlyList<DeployedMark>> ListAsync(CancellationToken cancellationToken);

    Task<DeployedUnit?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Adds a unit, or replaces one, and tells the other nodes.</summary>
    /// <param name="before">Digest of the one that it takes the place of; <see langword="null"/>: there must be none.</param>
    /// <returns><see langword="false"/>: there is another one now, or none any more; nothing has changed.</returns>
    Task<bool> TryPutAsync(DeployedUnit unit, string? before, CancellationToken cancellationToken);

    /// <summary>Removes one, and tells the other nodes.</summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Calls <paramref name="changed"/> when another node has changed something, or news of it may have been lost, until it is disposed of.</summary>
    IDisposable Listen(Action changed);
}

/// <param name="Digest">SHA-256 of the unit, in small hexadecimal digits.</param>
public sealed record DeployedMark(string Id, string Digest);

/// <inheritdoc cref="DeployedMark"/>
/// <param name="Package">As it was sent.</param>
public sealed record DeployedUnit(string Id, string Digest, ReadOnlyMemory<byte> Content, ApplicationPackage Package);
