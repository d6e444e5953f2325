using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Records;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>
/// Makes the records of a source those that the source has: reads all of it, sets aside what is new or changed, and only then stores that and removes what is gone.
/// A source that can't be read to its end changes nothing. What dies while it stores leaves a part stored, which the next run completes.
/// </summary>
public sealed partial class HarvestRecords(
    IHarvestStore sources, IRecordStore records, IEnumerable<IHarvestReader> readers, IOptions<HarvestingOptions> options, TimeProvider clock, ILogger<HarvestRecords> logger)
{
    /// <summary>Records stored in one commit.</summary>
    private const int Batch = 500;

    /// <summary>Keys that are asked for at once: a table without an index for them is read through each time.</summary>
    private const int FetchAtOnce = 50_000;

    /// <summary>The part of the progress that reading is.</summary>
    private const double ReadShare = 0.5;

    /// <returns>What became of it, which is noted; the error of one that failed is safe to show. <see langword="null"/>: there is no such source.</returns>
    public async Task<HarvestState?> ExecuteAsync(string id, string job, Action<double> progress, CancellationToken cancellationToken)
    {
        if (await sources.FindAsync(id, cancellationToken) is not { } source)
        {
            return null;
        }

        var began = clock.GetTimestamp();
        var (before, form) = (source.State, FormOf(source));
        HarvestState state;
        try
        {
            var (tally, mark) = await ReadAsync(source, before?.Form == form ? before.Mark : null, form, progress, cancellationToken);
            state = new HarvestState(clock.GetUtcNow(), job, null, tally.Added, tally.Changed, tally.Removed, tally.Same, mark, form) { Succeeded = clock.GetUtcNow() };
            LogHarvested(id, tally.Added, tally.Changed, tally.Removed, clock.GetElapsedTime(began).TotalSeconds);
        }
        catch (HarvestException failure)
        {
            state = (before ?? new HarvestState(default, job, null, 0, 0, 0, 0, null, null)) with { At = clock.GetUtcNow(), Job = job, Error = failure.Message };
            LogFailed(id, failure.Message);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            await sources.NoteAsync(
                id, (before ?? new HarvestState(default, job, null, 0, 0, 0, 0, null, null)) with { At = clock.GetUtcNow(), Job = job, Error = "something failed on the server" }, CancellationToken.None);
            throw;
        }

        await sources.NoteAsync(id, state, CancellationToken.None);
        return state;
    }

    /// <summary>With other settings the same source gives other records.</summary>
    private static string FormOf(HarvestSource source) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"1 {source.Kind} {source.Settings}")).AsSpan(0, 4));

    private async Task<(Tally Tally, string? Mark)> ReadAsync(HarvestSource source, string? mark, string form, Action<double> progress, CancellationToken cancellationToken)
    {
        var reader = readers.FirstOrDefault(each => each.Kind == source.Kind) ?? throw new HarvestException($"this server reads no sources of the kind {source.Kind}");
        using var staged = new StagedRecords(options.Value.MaxChangesMb * 1024L * 1024L);
        var wish = new HarvestWish(source, JsonElement.Parse(source.Settings), mark, percent => progress(percent * ReadShare));
        var (tally, gone, next) = (new Tally(), new List<string>(), mark);
        switch (await reader.ReadAsync(wish, cancellationToken))
        {
            case HarvestReading.Unchanged:
                tally.Same = (source.State?.Added + source.State?.Changed + source.State?.Same) ?? 0;
                return (tally, mark);
            case HarvestReading.Whole(var all, var newMark):
                await CompareAsync(source.Id, all, form, staged, tally, gone, cancellationToken);
                next = newMark;
                break;
            case HarvestReading.Sorted sorted:
                await CompareAsync(source.Id, sorted, form, staged, tally, gone, cancellationToken);
                break;
        }

        await ApplyAsync(source, staged, gone, progress, cancellationToken);
        tally.Removed = gone.Count;
        return (tally, next);
    }

    private async Task CompareAsync(
        string source, IAsyncEnumerable<CatalogueRecord> all, string form, StagedRecords staged, Tally tally, List<string> gone, CancellationToken cancellationToken)
    {
        var (known, seen) = (new Dictionary<string, string?>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        await foreach (var (localId, version) in records.VersionsAsync(source, cancellationToken))
        {
            known[localId] = version;
        }

        await foreach (var record in all.WithCancellation(cancellationToken))
        {
            if (!seen.Add(record.LocalId))
            {
                throw new HarvestException($"the id '{record.LocalId}' is there twice");
            }

            Limit(seen.Count);
            var made = record with { Version = $"{form}.{record.Version}" };
            if (!known.Remove(made.LocalId, out var version))
            {
                tally.Added++;
                staged.Add(made);
            }
            else if (version != made.Version)
            {
                tally.Changed++;
                staged.Add(made);
            }
            else
            {
                tally.Same++;
            }
        }

        gone.AddRange(known.Keys);
    }

    /// <summary>Two sorted streams beside each other: neither is ever whole in memory.</summary>
    private async Task CompareAsync(
        string source, HarvestReading.Sorted sorted, string form, StagedRecords staged, Tally tally, List<string> gone, CancellationToken cancellationToken)
    {
        await using var known = records.VersionsAsync(source, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var (isKnown, wanted, last, count) = (await known.MoveNextAsync(), new List<string>(), (string?)null, 0L);
        await foreach (var (key, version) in sorted.Versions.WithCancellation(cancellationToken))
        {
            if (last is not null && KeyOrder.Compare(last, key) >= 0)
            {
                throw new HarvestException(last == key ? $"the id '{key}' is there twice" : $"the id '{key}' comes after '{last}'");
            }

            last = key;
            Limit(++count);
            while (isKnown && KeyOrder.Compare(known.Current.LocalId, key) < 0)
            {
                gone.Add(known.Current.LocalId);
                isKnown = await known.MoveNextAsync();
            }

            if (isKnown && known.Current.LocalId == key)
            {
                if (known.Current.Version == $"{form}.{version}")
                {
                    tally.Same++;
                }
                else
                {
                    tally.Changed++;
                    wanted.Add(key);
                }

                isKnown = await known.MoveNextAsync();
            }
            else
            {
                tally.Added++;
                wanted.Add(key);
            }
        }

        for (; isKnown; isKnown = await known.MoveNextAsync())
        {
            gone.Add(known.Current.LocalId);
        }

        foreach (var some in wanted.Chunk(FetchAtOnce))
        {
            await foreach (var record in sorted.Fetch(some, cancellationToken))
            {
                staged.Add(record with { Version = $"{form}.{record.Version}" });
            }
        }
    }

    private void Limit(long count)
    {
        if (count > options.Value.MaxRecords)
        {
            throw new HarvestException($"it has more than the {options.Value.MaxRecords} records that a source may have (Harvesting:MaxRecords)");
        }
    }

    private async Task ApplyAsync(HarvestSource source, StagedRecords staged, List<string> gone, Action<double> progress, CancellationToken cancellationToken)
    {
        // Removed meanwhile, its records were removed with it.
        if (await sources.FindAsync(source.Id, cancellationToken) is not { } now || now.Settings != source.Settings)
        {
            throw new HarvestException("the source was changed or removed while it was read");
        }

        var (batch, done) = (new List<CatalogueRecord>(Batch), 0L);
        await foreach (var record in staged.ReadAsync(cancellationToken))
        {
            batch.Add(record);
            if (batch.Count == Batch)
            {
                await records.PutAsync(batch, cancellationToken);
                done += batch.Count;
                batch.Clear();
                progress(100 * (ReadShare + ((1 - ReadShare) * done / staged.Count)));
            }
        }

        await records.PutAsync(batch, cancellationToken);
        foreach (var some in gone.Chunk(Batch))
        {
            await records.RemoveAsync(source.Id, some, cancellationToken);
        }
    }

    [LoggerMessage(EventId = 1850, Level = LogLevel.Information, Message = "Source {Source} was harvested: {Added} added, {Changed} changed, {Removed} removed in {Seconds} s")]
    private partial void LogHarvested(string source, long added, long changed, long removed, double seconds);

    [LoggerMessage(EventId = 1851, Level = LogLevel.Warning, Message = "Source {Source} was not harvested, nothing was changed: {Reason}")]
    private partial void LogFailed(string source, string reason);

    private sealed class Tally
    {
        public long Added { get; set; }

        public long Changed { get; set; }

        public long Removed { get; set; }

        public long Same { get; set; }
    }
}
