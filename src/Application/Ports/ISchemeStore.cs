using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Schemes;

namespace GeoWps.Application.Ports;

/// <summary>Keeps classification schemes, and the codes that an operator gave to records. Every implementation passes <c>SchemeStoreContract</c>.</summary>
public interface ISchemeStore
{
    /// <summary>In place of the one of its id.</summary>
    Task PutAsync(ClassificationScheme scheme, CancellationToken cancellationToken);

    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>All, by id (ordinal).</summary>
    Task<IReadOnlyList<ClassificationScheme>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Another text after each change of a scheme.</summary>
    Task<string> VersionAsync(CancellationToken cancellationToken);

    /// <summary>The operator's codes of a record from now on, whether there is such a record or not; none takes them away.</summary>
    Task AssignAsync(string recordId, IReadOnlyCollection<Classification> codes, CancellationToken cancellationToken);

    /// <summary>The operator's codes of those records that have any, each <see cref="Classification.IsAssigned"/>.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlyList<Classification>>> AssignedAsync(IReadOnlyCollection<string> recordIds, CancellationToken cancellationToken);
}
