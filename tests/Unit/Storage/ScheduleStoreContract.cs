using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Tests.Unit.Storage;

/// <summary>What every <see cref="IScheduleStore"/> does. An adapter derives from it and gives the two methods.</summary>
public abstract class ScheduleStoreContract : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Time = new(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private IScheduleStore? _store;

    private IScheduleStore Store => _store ??= Open();

    protected abstract IScheduleStore Open();

    protected abstract void Close();

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Schedules_are_added_once_replaced_listed_by_id_and_removed()
    {
        (await Store.TryAddAsync(Of("b"), None)).ShouldBeTrue();
        (await Store.TryAddAsync(Of("b") with { Cron = "1 1 * * *" }, None)).ShouldBeFalse();
        (await Store.PutAsync(Of("a"), None)).ShouldBeTrue();
        (await Store.PutAsync(Of("b") with { Cron = "@daily", Request = """{"ü":1}""" }, None)).ShouldBeFalse();

        Close();
        _store = null;

        (await Store.ListAsync(None)).ShouldBe([Of("a"), Of("b") with { Cron = "@daily", Request = """{"ü":1}""" }]);
        (await Store.RemoveAsync("a", None)).ShouldBeTrue();
        (await Store.RemoveAsync("a", None)).ShouldBeFalse();
        (await Store.ListAsync(None)).Select(each => each.Id).ShouldBe(["b"]);
    }

    [Fact]
    public async Task A_time_is_taken_by_one_of_many()
    {
        _ = Store;
        var takers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Store.TryTakeAsync("a", Time, None))));

        takers.Count(took => took).ShouldBe(1);
        (await Store.TryTakeAsync("b", Time, None)).ShouldBeTrue("another schedule's");
        (await Store.TryTakeAsync("a", Time.AddMinutes(-1), None)).ShouldBeFalse("a time before");
        (await Store.TryTakeAsync("a", Time.AddMinutes(1), None)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_became_of_it_is_noted_beside_the_times_and_goes_with_it()
    {
        var job = JobId.New(Time);
        await Store.TryAddAsync(Of("a"), None);
        await Store.TryTakeAsync("a", Time, None);
        (await Store.RunsAsync(None)).ShouldBeEmpty("it was taken, and nothing has become of it yet");

        await Store.NoteAsync("a", new ScheduleRun(Time, Job: null, "no room"), None);
        await Store.NoteAsync("of the settings", new ScheduleRun(Time, job, Reason: null), None);
        (await Store.RunsAsync(None))["a"].ShouldBe(new ScheduleRun(Time, null, "no room"));
        await Store.NoteAsync("a", new ScheduleRun(Time.AddDays(1), job, Reason: null), None);

        (await Store.RunsAsync(None)).ShouldBe(
            [new("a", new ScheduleRun(Time.AddDays(1), job, null)), new("of the settings", new ScheduleRun(Time, job, null))], ignoreOrder: true);
        (await Store.TryTakeAsync("a", Time, None)).ShouldBeFalse("a note takes no time back");
        await Store.RemoveAsync("a", None);
        (await Store.RunsAsync(None)).Keys.ShouldBe(["of the settings"]);
    }

    private static StoredSchedule Of(string id) => new(id, "0 3 * * *", """{"operation":"seed","layer":"world"}""", Time);
}
