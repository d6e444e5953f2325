using GeoWps.Domain.Processes;

namespace GeoWps.Application.Ports;

/// <summary>
/// Takes processes from an operator while the server runs: OGC API - Processes - Part 2 (OGC 20-044). Only what came in this way can be changed in this
/// way; changes follow one another, are visible to every caller when they return, and outlive a restart.
/// </summary>
public interface IProcessDeployments
{
    /// <summary>Whether anything can be loaded yet.</summary>
    bool IsReady { get; }

    /// <summary>Whether a process of this id was deployed, offered or not.</summary>
    bool Has(string id);

    /// <summary>Loads a unit on the side: which process it would be. Nothing changes for anybody.</summary>
    Task<UnitTrial> TryAsync(ExecutionUnit unit, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a unit in place that was tried. With <paramref name="replace"/> it takes the place of one that is there, in one step: that one works until the new
    /// one is there, and its running jobs go on. When it can't be offered after all, what was there before is there again.
    /// </summary>
    /// <returns>
    /// <see cref="DeploymentOutcome.Done"/>, <see cref="DeploymentOutcome.Exists"/>, <see cref="DeploymentOutcome.Immutable"/>,
    /// <see cref="DeploymentOutcome.Unknown"/> or <see cref="DeploymentOutcome.Refused"/>.
    /// </returns>
    Task<DeploymentOutcome> PutAsync(string id, ExecutionUnit unit, ApplicationPackage package, bool replace, CancellationToken cancellationToken);

    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken);

    /// <returns>What was sent to deploy or replace it; <see langword="null"/> when it was not deployed.</returns>
    Task<ApplicationPackage?> FindPackageAsync(string id, CancellationToken cancellationToken);
}

public enum UnitKind
{
    /// <summary>A model of QGIS's model designer, <c>.model3</c>.</summary>
    Model,

    /// <summary>A Processing script in Python.</summary>
    Script,
}

/// <summary>What a process is made of. Small enough to be whole in memory (<c>Limits:MaxPackageBytes</c>).</summary>
public sealed record ExecutionUnit(UnitKind Kind, ReadOnlyMemory<byte> Content);

/// <summary>A request's body, as it was sent.</summary>
public sealed record ApplicationPackage(string MediaType, ReadOnlyMemory<byte> Content);

public abstract record UnitTrial
{
    private UnitTrial()
    {
    }

    /// <param name="Id">The id of the process that it would be.</param>
    public sealed record Loaded(string Id) : UnitTrial;

    /// <param name="Reason">Why it can't be loaded or may not be offered; safe to show.</param>
    public sealed record Refused(string Reason) : UnitTrial;
}

/// <summary>How a change of what is deployed ended.</summary>
public abstract record DeploymentOutcome
{
    private DeploymentOutcome()
    {
    }

    /// <param name="Process">As it is offered now.</param>
    public sealed record Done(ProcessDescription Process) : DeploymentOutcome;

    public sealed record Removed : DeploymentOutcome;

    /// <summary>Nothing has changed: all mistakes.</summary>
    public sealed record Refused(IReadOnlyList<Mistake> Mistakes) : DeploymentOutcome;

    /// <summary>A process of this id is deployed already.</summary>
    public sealed record Exists(string Id) : DeploymentOutcome;

    /// <summary>The process was not deployed: built in, one of QGIS's own, or dropped into the operator's folders.</summary>
    public sealed record Immutable(string Id) : DeploymentOutcome;

    public sealed record Unknown(string Id) : DeploymentOutcome;

    /// <summary>There is no QGIS on this node, or not yet.</summary>
    public sealed record NotReady : DeploymentOutcome;
}
