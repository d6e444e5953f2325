using System.Runtime.CompilerServices;
using GeoWps.Application.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Tests.Unit.Http;

namespace GeoWps.Tests.Unit.Jobs;

public sealed class LocalJobEventsTests
{
    private static readonly JobEvent Ended = new JobEvent.Changed(Some.Job(new JobState.Successful(Some.Time, Some.Time)));
    private static readonly JobId Other = JobId.New(Some.Time.AddDays(1));

    private readonly LocalJobEvents _events = new();

    [Fact]
    public async Task Everybody_who_watches_sees_everything_in_order_until_the_end()
    {
        _events.Publish(new JobEvent.Progressed(Some.Id, 1));
        var (one, two) = (Watch(), Watch());
        JobEvent[] happened =
        [
            new JobEvent.Changed(Some.Job(new JobState.Running(Some.Time, "w", Some.Time))),
            new JobEvent.Progressed(Some.Id, 2),
            new JobEvent.Logged(Some.Id, new LogEntry(Some.Time, 1, "info", "a")),
            Ended,
        ];

        foreach (var happening in happened)
        {
            _events.Publish(happening);
            _events.Publish(new JobEvent.Progressed(Other, 50));
        }

        _events.Publish(new JobEvent.Progressed(Some.Id, 99));
        (await ReadAsync(one)).ShouldBe(happened);
        (await ReadAsync(two)).ShouldBe(happened);
    }

    [Fact]
    public async Task Who_is_slow_misses_events_but_never_the_last()
    {
        var watched = Watch();
        for (var i = 0; i < 1000; i++)
        {
            _events.Publish(new JobEvent.Progressed(Some.Id, i));
        }

        _events.Publish(Ended);

        var seen = await ReadAsync(watched);
        seen.Count.ShouldBe(256);
        seen[0].ShouldBe(new JobEvent.Progressed(Some.Id, 745));
        seen[^1].ShouldBe(Ended);
    }

    [Fact]
    public async Task Who_leaves_is_told_no_more_and_the_others_still_are()
    {
        using var leaving = new CancellationTokenSource();
        var leaves = _events.WatchAsync(Some.Id, leaving.Token).GetAsyncEnumerator();
        var stays = Watch();
        var waiting = leaves.MoveNextAsync().AsTask();

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        _events.Publish(Ended);
        (await ReadAsync(stays)).ShouldBe([Ended]);
    }

    [Fact]
    public async Task Who_never_reads_is_told_no_more_when_he_leaves()
    {
        using var leaving = new CancellationTokenSource();
        var unread = _events.WatchAsync(Some.Id, leaving.Token);

        await leaving.CancelAsync();

        var told = TellSomething();
        GC.Collect();
        told.TryGetTarget(out _).ShouldBeFalse("nobody keeps it");
        GC.KeepAlive(unread);
    }

    [Fact]
    public async Task Nobody_has_to_watch()
    {
        _events.Publish(Ended);

        var later = Watch();
        _events.Publish(Ended);
        (await ReadAsync(later)).ShouldHaveSingleItem();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference<JobEvent> TellSomething()
    {
        var happening = new JobEvent.Progressed(Some.Id, 1);
        _events.Publish(happening);
        return new WeakReference<JobEvent>(happening);
    }

    private IAsyncEnumerable<JobEvent> Watch() => _events.WatchAsync(Some.Id, CancellationToken.None);

    private static async Task<List<JobEvent>> ReadAsync(IAsyncEnumerable<JobEvent> happenings)
    {
        var seen = new List<JobEvent>();
        await foreach (var happening in happenings)
        {
            seen.Add(happening);
        }

        return seen;
    }
}
