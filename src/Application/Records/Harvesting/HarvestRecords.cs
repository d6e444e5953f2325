using System.Globalization;
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

    /// <summary>So few may always go: of a source of five, two are no sign of anything.</summary>
    private const int AlwaysRemoved = 10;

    /// <summary>The part of the progress that reading is.</summary>
    private const double ReadShare = 0.5;

    /// <param name="maxRemoved">Share of what is known that this run may remove; <see langword="null"/>: the source's own, or that of the settings.</param>
    /// <returns>What became of it, which is noted; the error of one that failed is safe to show. <see langword="null"/>: there is no such source.</returns>
    public async Task<HarvestState?> ExecuteAsync(string id, string job, double? maxRemoved, Action<double> progress, CancellationToken cancellationToken)
    {
        if (await sources.FindAsync(id, cancellationToken) is null)
        {
            return null;
        }

        HarvestTurn turn;
        try
        {
            turn = await HarvestTurn.TakeAsync(sources, id, job, clock, logger, cancellationToken);
        }
        catch (HarvestException taken)
        {
            // The other job's outcome is what is noted.
            LogFailed(id, taken.Message);
            return NeverRead(job) with { At = clock.GetUtcNow(), Error = taken.Message };
        }

        await using (turn)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, turn.Lost);
            try
            {
                // As it is now: another job may have ended just before.
                return await sources.FindAsync(id, cancellationToken) is { } source ? await ExecuteAsync(source, job, maxRemoved, progress, stop.Token) : null;
            }
            catch (OperationCanceledException) when (turn.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                const string Lost = "another job has taken its turn, or the database did not answer for too long; the next run completes what was stored";
                LogFailed(id, Lost);
                return NeverRead(job) with { At = clock.GetUtcNow(), Error = Lost };
            }
        }
    }

    private async Task<HarvestState> ExecuteAsync(HarvestSource source, string job, double? maxRemoved, Action<double> progress, CancellationToken cancellationToken)
    {
        var (began, before, form) = (clock.GetTimestamp(), source.State, FormOf(source));
        HarvestState Failed(string error) => (before ?? NeverRead(job)) with { At = clock.GetUtcNow(), Job = job, Error = error };
        HarvestState state;
        try
        {
            var share = maxRemoved ?? source.MaxRemoved ?? options.Value.MaxRemoved;
            var (tally, mark) = await ReadAsync(source, before?.Form == form ? before.Mark : null, form, share, progress, cancellationToken);
            state = new HarvestState(clock.GetUtcNow(), job, null, tally.Added, tally.Changed, tally.Removed, tally.Same, mark, form) { Succeeded = clock.GetUtcNow() };
            LogHarvested(source.Id, tally.Added, tally.Changed, tally.Removed, clock.GetElapsedTime(began).TotalSeconds);
        }
        catch (HarvestException failure)
        {
            state = Failed(failure.Message);
            LogFailed(source.Id, failure.Message);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            await sources.NoteAsync(source.Id, Failed("something failed on the server"), CancellationToken.None);
            throw;
        }

        await sources.NoteAsync(source.Id, state, CancellationToken.None);
        return state;
    }

    private static HarvestState NeverRead(string job) => new(default, job, null, 0, 0, 0, 0, null, null);

    /// <summary>With other settings the same source gives other records; and where they link to documents, since they do.</summary>
    private string FormOf(HarvestSource source) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{((ReaderOf(source) as IDocumentReader)?.Form ?? 1)} {source.Kind} {source.Settings}")).AsSpan(0, 4));

    private IHarvestReader? ReaderOf(HarvestSource source) => readers.FirstOrDefault(each => each.Kind == source.Kind);

    private async Task<(Tally Tally, string? Mark)> ReadAsync(
        HarvestSource source, string? mark, string form, double maxRemoved, Action<double> progress, CancellationToken cancellationToken)
    {
        var reader = ReaderOf(source) ?? throw new HarvestException($"this server reads no sources of the kind {source.Kind}");
        var wish = new HarvestWish(source, JsonElement.Parse(source.Settings), mark, percent => progress(percent * ReadShare));
        var reading = await reader.ReadAsync(wish, cancellationToken);
        CatalogueRecord Complete(CatalogueRecord record) => reader is IDocumentReader documents && documents.Has(wish.Settings, record) ? DocumentLinks.AddTo(record) : record;
        using var some = new HarvestChanges(records, source.Id, form, options.Value, Complete);
        if (reading is HarvestReading.Changes part)
        {
            if (await some.TryFindAsync(part, cancellationToken))
            {
                Refuse(some.Tally, maxRemoved);
                await ApplyAsync(source, some, progress, cancellationToken);
                return (some.Tally, part.Mark());
            }

            reading = part.All;
        }

        using var changes = new HarvestChanges(records, source.Id, form, options.Value, Complete);
        switch (reading)
        {
            case HarvestReading.Whole whole:
                await changes.FindAsync(whole.Records, cancellationToken);
                mark = whole.Mark();
                break;
            case HarvestReading.Sorted sorted:
                await changes.FindAsync(sorted, cancellationToken);
                break;
            default:
                return (new Tally { Same = (source.State?.Added + source.State?.Changed + source.State?.Same) ?? 0 }, mark);
        }

        Refuse(changes.Tally, maxRemoved);
        await ApplyAsync(source, changes, progress, cancellationToken);
        return (changes.Tally, mark);
    }

    private static void Refuse(Tally tally, double maxRemoved)
    {
        if (tally.Removed > AlwaysRemoved && tally.Removed > maxRemoved * (tally.Removed + tally.Changed + tally.Same))
        {
            throw new HarvestException(string.Create(CultureInfo.InvariantCulture,
                $"{tally.Removed} of its {tally.Removed + tally.Changed + tally.Same} records are gone, more than the share of {maxRemoved} that a run may remove (maxRemoved). If that is meant, run it once with maxRemoved=1"));
        }
    }

    private async Task ApplyAsync(HarvestSource source, HarvestChanges changes, Action<double> progress, CancellationToken cancellationToken)
    {
        // Removed meanwhile, its records were removed with it.
        if (await sources.FindAsync(source.Id, cancellationToken) is not { } now || now.Settings != source.Settings)
        {
            throw new HarvestException("the source was changed or removed while it was read");
        }

        var (batch, done) = (new List<CatalogueRecord>(Batch), 0L);
        await foreach (var record in changes.Staged.ReadAsync(cancellationToken))
        {
            batch.Add(record);
            if (batch.Count == Batch)
            {
                await records.PutAsync(batch, cancellationToken);
                done += batch.Count;
                batch.Clear();
                progress(100 * (ReadShare + ((1 - ReadShare) * done / changes.Staged.Count)));
            }
        }

        await records.PutAsync(batch, cancellationToken);
        foreach (var some in changes.Gone.Chunk(Batch))
        {
            await records.RemoveAsync(source.Id, some, cancellationToken);
        }
    }

    [LoggerMessage(EventId = 1850, Level = LogLevel.Information, Message = "Source {Source} was harvested: {Added} added, {Changed} changed, {Removed} removed in {Seconds} s")]
    private partial void LogHarvested(string source, long added, long changed, long removed, double seconds);

    [LoggerMessage(EventId = 1851, Level = LogLevel.Warning, Message = "Source {Source} was not harvested, nothing was changed: {Reason}")]
    private partial void LogFailed(string source, string reason);
}
