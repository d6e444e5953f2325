namespace GeoWps.Application.Ports;

/// <summary>Keeps sources that are harvested, and what became of them. Every implementation passes <c>HarvestStoreContract</c>.</summary>
/// <remarks>What has returned is stored: it survives the end of this process by any cause.</remarks>
public interface IHarvestStore
{
    /// <summary>By id (ordinal).</summary>
    Task<IReadOnlyList<HarvestSource>> ListAsync(CancellationToken cancellationToken);

    Task<HarvestSource?> FindAsync(string id, CancellationToken cancellationToken);

    /// <returns><see langword="false"/> when the id is taken.</returns>
    Task<bool> TryAddAsync(HarvestSource source, CancellationToken cancellationToken);

    /// <summary>Puts it in place of the one of its id, whose state stays.</summary>
    /// <returns>Whether there was none before.</returns>
    Task<bool> PutAsync(HarvestSource source, CancellationToken cancellationToken);

    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Notes what became of it last; nothing, when it is gone.</summary>
    Task NoteAsync(string id, HarvestState state, CancellationToken cancellationToken);

    /// <summary>Takes the turn at a source for a job, or renews it: by the store's clock, so of several nodes one has it. A turn that was not renewed in time is anybody's.</summary>
    /// <returns><see langword="null"/>: the job has it (or there is no such source). Else who has it.</returns>
    Task<HarvestClaim?> TryClaimAsync(string id, string job, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Gives a turn back, where the job has it.</summary>
    Task ReleaseAsync(string id, string job, CancellationToken cancellationToken);
}

/// <param name="Until">When it ends unless it is renewed; by the store's clock.</param>
public sealed record HarvestClaim(string Job, DateTimeOffset Until);

/// <param name="Id">Of its records' ids the part before the colon.</param>
/// <param name="Kind">Whose <see cref="IHarvestReader"/> reads it.</param>
/// <param name="When">Minute, hour, day, month, weekday; UTC. <see langword="null"/>: only when somebody says so.</param>
/// <param name="Settings">A JSON object. It may hold credentials: never to be shown or logged as it is.</param>
/// <param name="Updated">From when on its times count.</param>
public sealed record HarvestSource(string Id, string Kind, string? When, string Settings, DateTimeOffset Updated)
{
    /// <summary><see langword="null"/>: it was never read.</summary>
    public HarvestState? State { get; init; }

    /// <summary>Share of its records that one run may remove, 0 to 1. <see langword="null"/>: as the settings say.</summary>
    public double? MaxRemoved { get; init; }
}

/// <summary>What became of the last run that ended.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Job">Id of its job; it may be gone.</param>
/// <param name="Error">Why it changed nothing; safe to show. <see langword="null"/>: it went well.</param>
/// <param name="Added">Records of the last run that went well, as the following.</param>
/// <param name="Mark">What the source said of its state then (an ETag).</param>
/// <param name="Form">Digest of the settings that it was read by; with others everything is another.</param>
public sealed record HarvestState(DateTimeOffset At, string Job, string? Error, long Added, long Changed, long Removed, long Same, string? Mark, string? Form)
{
    /// <summary>When a run last went well.</summary>
    public DateTimeOffset? Succeeded { get; init; }
}
