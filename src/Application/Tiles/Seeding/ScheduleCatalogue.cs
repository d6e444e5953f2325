using GeoWps.Application.Ports;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>The schedules there are: those of the settings, which nobody changes, and those that the administrator stores beside the layers.</summary>
public sealed class ScheduleCatalogue(IScheduleStore store, IOptions<SeedingOptions> options, TimeProvider clock)
{
    /// <summary>So many are stored at most: each is looked at whenever one is due.</summary>
    public const int Most = 1000;

    private readonly IReadOnlyList<SeedSchedule> _ofSettings = [.. options.Value.Schedules.Select(SeedSchedule.Parse)];
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the next change that is made here.</summary>
    internal Task Changed => _changed.Task;

    /// <summary>Those of the settings first. One of theirs hides a stored one of the same name.</summary>
    public async Task<IReadOnlyList<SeedSchedule>> ListAsync(CancellationToken cancellationToken)
    {
        var stored = await store.ListAsync(cancellationToken);
        return [.. _ofSettings, .. stored.Where(each => !IsOfSettings(each.Id)).Select(SeedSchedule.Of)];
    }

    public async Task<SeedSchedule?> FindAsync(string name, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(schedule => schedule.Name == name);

    public Task<IReadOnlyDictionary<string, ScheduleRun>> RunsAsync(CancellationToken cancellationToken) => store.RunsAsync(cancellationToken);

    public bool IsOfSettings(string name) => _ofSettings.Any(schedule => schedule.Name == name);

    /// <param name="mayReplace">Whether one of this name gives way.</param>
    public async Task<ScheduleChange> StoreAsync(SeedSchedule schedule, bool mayReplace, CancellationToken cancellationToken)
    {
        if (IsOfSettings(schedule.Name))
        {
            return mayReplace ? ScheduleChange.Fixed : ScheduleChange.Exists;
        }

        var stored = await store.ListAsync(cancellationToken);
        if (stored.Count >= Most && stored.All(each => each.Id != schedule.Name))
        {
            return ScheduleChange.TooMany;
        }

        var row = new StoredSchedule(schedule.Name, schedule.Cron, schedule.Request.GetRawText(), clock.GetUtcNow());
        var isNew = mayReplace ? await store.PutAsync(row, cancellationToken) : await store.TryAddAsync(row, cancellationToken);
        if (!isNew && !mayReplace)
        {
            return ScheduleChange.Exists;
        }

        TellChange();
        return isNew ? ScheduleChange.Added : ScheduleChange.Replaced;
    }

    /// <returns><see cref="ScheduleChange.Removed"/>, <see cref="ScheduleChange.Fixed"/> or <see cref="ScheduleChange.Unknown"/>.</returns>
    public async Task<ScheduleChange> RemoveAsync(string name, CancellationToken cancellationToken)
    {
        if (IsOfSettings(name))
        {
            return ScheduleChange.Fixed;
        }

        if (!await store.RemoveAsync(name, cancellationToken))
        {
            return ScheduleChange.Unknown;
        }

        TellChange();
        return ScheduleChange.Removed;
    }

    private void TellChange() =>
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}

public enum ScheduleChange
{
    Added,
    Replaced,
    Removed,

    /// <summary>The name is taken.</summary>
    Exists,

    /// <summary>There is none of this name.</summary>
    Unknown,

    /// <summary>It stands in the settings.</summary>
    Fixed,

    /// <summary><see cref="ScheduleCatalogue.Most"/> are stored.</summary>
    TooMany,
}
