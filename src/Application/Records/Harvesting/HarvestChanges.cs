using System.Globalization;
using GeoWps.Application.Ports;
using GeoWps.Domain.Records;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>What is another at a source than here: two sorted streams beside each other, of which neither is ever whole in memory. What is new or changed, and what is gone, lies aside on disk.</summary>
/// <param name="complete">Adds to a record what this server has of it.</param>
internal sealed class HarvestChanges(IRecordStore records, string source, string form, HarvestingOptions options, Func<CatalogueRecord, CatalogueRecord> complete) : IDisposable
{
    /// <summary>Keys that are asked for at once: a table without an index for them is read through each time.</summary>
    private const int FetchAtOnce = 50_000;

    private readonly SortedPairs _gone = new();

    public StagedRecords Staged { get; } = new(options.MaxChangesMb * 1024L * 1024L);

    public Tally Tally { get; } = new();

    /// <summary>Local ids; once.</summary>
    public IEnumerable<string> Gone => _gone.Read().Select(pair => pair.Key);

    /// <summary>Of a source that gives its records in any order: they lie aside until their keys are sorted.</summary>
    public Task FindAsync(IAsyncEnumerable<CatalogueRecord> all, CancellationToken cancellationToken) => FindAsync(all, isAll: true, gone: [], cancellationToken);

    /// <returns><see langword="false"/>: something is gone, and these are not all changes.</returns>
    public async Task<bool> TryFindAsync(HarvestReading.Changes part, CancellationToken cancellationToken)
    {
        await FindAsync(part.Records, isAll: false, part.Removed.ToHashSet(StringComparer.Ordinal), cancellationToken);
        return Tally.Added + Tally.Changed + Tally.Same == part.Total;
    }

    public Task FindAsync(HarvestReading.Sorted sorted, CancellationToken cancellationToken) => FindAsync(
        sorted.Versions.Select(one => new Entry(one.Key, one.Version, 0)), isAll: true, gone: [], (some, token) => sorted.Fetch([.. some.Select(entry => entry.Key)], token), cancellationToken);

    public void Dispose()
    {
        _gone.Dispose();
        Staged.Dispose();
    }

    private async Task FindAsync(IAsyncEnumerable<CatalogueRecord> all, bool isAll, HashSet<string> gone, CancellationToken cancellationToken)
    {
        using var spool = new StagedRecords(options.MaxChangesMb * 1024L * 1024L);
        using var sorted = new SortedPairs();
        await foreach (var record in all.WithCancellation(cancellationToken))
        {
            sorted.Add(record.LocalId, string.Create(CultureInfo.InvariantCulture, $"{spool.Add(record)} {record.Version}"));
            Limit(sorted.Count);
        }

        var keys = sorted.Read().Select(pair => new Entry(
            pair.Key, pair.Value[(pair.Value.IndexOf(' ', StringComparison.Ordinal) + 1)..], long.Parse(pair.Value.AsSpan(0, pair.Value.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture)));
        await FindAsync(keys.ToAsyncEnumerable(), isAll, gone, (some, token) => spool.ReadAsync(some.Select(entry => entry.Place), token), cancellationToken);
    }

    /// <param name="isAll">What is not among them is gone; else it is as it was, but for these.</param>
    private async Task FindAsync(
        IAsyncEnumerable<Entry> entries, bool isAll, HashSet<string> gone, Func<IReadOnlyList<Entry>, CancellationToken, IAsyncEnumerable<CatalogueRecord>> fetch, CancellationToken cancellationToken)
    {
        await using var known = records.VersionsAsync(source, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var (isKnown, wanted, last, count) = (await known.MoveNextAsync(), new List<Entry>(), (string?)null, 0L);
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            if (last is not null && KeyOrder.Compare(last, entry.Key) >= 0)
            {
                throw new HarvestException(last == entry.Key ? $"the id '{entry.Key}' is there twice" : $"the id '{entry.Key}' comes after '{last}'");
            }

            last = entry.Key;
            Limit(++count);
            for (; isKnown && KeyOrder.Compare(known.Current.LocalId, entry.Key) < 0; isKnown = await known.MoveNextAsync())
            {
                Miss(known.Current.LocalId, isAll || gone.Contains(known.Current.LocalId));
            }

            var isOld = isKnown && known.Current.LocalId == entry.Key;
            if (isOld && known.Current.Version == $"{form}.{entry.Version}")
            {
                Tally.Same++;
            }
            else
            {
                _ = isOld ? Tally.Changed++ : Tally.Added++;
                wanted.Add(entry);
            }

            if (isOld)
            {
                isKnown = await known.MoveNextAsync();
            }

            if (wanted.Count == FetchAtOnce)
            {
                await StageAsync(fetch(wanted, cancellationToken), cancellationToken);
                wanted.Clear();
            }
        }

        for (; isKnown; isKnown = await known.MoveNextAsync())
        {
            Miss(known.Current.LocalId, isAll || gone.Contains(known.Current.LocalId));
        }

        if (wanted.Count > 0)
        {
            await StageAsync(fetch(wanted, cancellationToken), cancellationToken);
        }
    }

    private async Task StageAsync(IAsyncEnumerable<CatalogueRecord> some, CancellationToken cancellationToken)
    {
        await foreach (var record in some.WithCancellation(cancellationToken))
        {
            Staged.Add(complete(record) with { Version = $"{form}.{record.Version}" });
        }
    }

    private void Miss(string localId, bool isGone)
    {
        if (!isGone)
        {
            Tally.Same++;
            return;
        }

        _gone.Add(localId, "");
        Tally.Removed++;
    }

    private void Limit(long count)
    {
        if (count > options.MaxRecords)
        {
            throw new HarvestException($"it has more than the {options.MaxRecords} records that a source may have (Harvesting:MaxRecords)");
        }
    }

    /// <param name="Place">In what was set aside of a source that is not sorted.</param>
    private readonly record struct Entry(string Key, string Version, long Place);
}

/// <summary>How many records of a source are what.</summary>
internal sealed class Tally
{
    public long Added { get; set; }

    public long Changed { get; set; }

    public long Removed { get; set; }

    public long Same { get; set; }
}
