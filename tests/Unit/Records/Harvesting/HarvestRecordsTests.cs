using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Records.Harvesting;

public sealed class HarvestRecordsTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteRecordsDatabase _database;
    private readonly SqliteRecordStore _records;
    private readonly MemorySources _sources = new();
    private readonly FakeReader _reader = new();
    private readonly HarvestRecords _harvest;

    public HarvestRecordsTests()
    {
        _database = new SqliteRecordsDatabase(SqliteRecordsDatabase.Open(_folder["records.db"], NullLogger.Instance));
        _records = new SqliteRecordStore(_database, Options.Create(new RecordsOptions()));
        _harvest = new HarvestRecords(_sources, _records, [_reader], Options.Create(new HarvestingOptions { MaxRecords = 5000 }), TimeProvider.System, NullLogger<HarvestRecords>.Instance);
        _sources.TryAddAsync(new HarvestSource("city", "fake", null, "{}", default), None);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_new_or_changed_is_stored_and_what_is_gone_is_removed(bool sorted)
    {
        _reader.IsSorted = sorted;
        CountsOf(await HarvestAsync(("a", "1"), ("b", "1"), ("c", "1"), ("𐀀", "1"), ("\uffee", "1"))).ShouldBe((5, 0, 0, 0));
        CountsOf(await HarvestAsync(("0", "1"), ("b", "2"), ("c", "1"), ("𐀀", "1"), ("z", "1"))).ShouldBe((2, 1, 2, 2));
        (await ShownAsync()).ShouldBe("0 b c z 𐀀");
        _reader.Fetched.ShouldBe(sorted ? 8 : 0);

        CountsOf(await HarvestAsync(("0", "1"), ("b", "2"), ("c", "1"), ("𐀀", "1"), ("z", "1"))).ShouldBe((0, 0, 0, 5));
        await _sources.PutAsync(new HarvestSource("city", "fake", null, """{"other":1}""", default), None);
        CountsOf(await HarvestAsync(("0", "1"), ("z", "1"))).ShouldBe((0, 2, 3, 0), "other settings make other records");
        CountsOf(await HarvestAsync()).ShouldBe((0, 0, 2, 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_source_that_fails_half_way_changes_nothing_and_says_why(bool sorted)
    {
        _reader.IsSorted = sorted;
        _reader.Mark = "first";
        await HarvestAsync(("a", "1"), ("b", "1"));
        _reader.FailsAfter = 2000;
        _reader.Mark = "second";
        var failed = await HarvestAsync([.. Enumerable.Range(0, 3000).Select(i => ($"n{i:0000}", "1"))]);

        (failed.Error, failed.Added, failed.Mark).ShouldBe(("it broke", 2, sorted ? null : "first"));
        (await _sources.FindAsync("city", None))!.State.ShouldBe(failed);
        (await ShownAsync()).ShouldBe("a b");

        _reader.FailsAfter = null;
        (await HarvestAsync(("a", "1"), ("b", "1"))).Error.ShouldBeNull();
        (await HarvestAsync([.. Enumerable.Range(0, 5001).Select(i => ($"n{i:0000}", "1"))])).Error!.ShouldContain("MaxRecords");
        (await HarvestAsync(("a", "1"), ("a", "1"))).Error!.ShouldContain("twice");
        (await ShownAsync()).ShouldBe("a b");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_without_what_was_there_changes_nothing_until_it_is_meant(bool sorted)
    {
        _reader.IsSorted = sorted;
        var all = Enumerable.Range(0, 100).Select(i => ($"n{i:00}", "1")).ToArray();
        await HarvestAsync(all);

        var refused = await HarvestAsync(all[..70]);
        refused.Error.ShouldBe("30 of its 100 records are gone, more than the share of 0.25 that a run may remove (maxRemoved). If that is meant, run it once with maxRemoved=1");
        (refused.Added, refused.Removed).ShouldBe((100, 0), "those of the last run that went well");
        (await HarvestAsync()).Error!.ShouldContain("100 of its 100");
        (await ShownAsync()).Split(' ').Length.ShouldBe(100);

        CountsOf(await HarvestAsync(all[..80])).ShouldBe((0, 0, 20, 80));
        await _sources.PutAsync((await _sources.FindAsync("city", None))! with { MaxRemoved = 0.1 }, None);
        (await HarvestAsync(all[..69])).Error!.ShouldContain("0.1");
        CountsOf(await HarvestAsync(1, all[..20])).ShouldBe((0, 0, 60, 20));
        CountsOf(await HarvestAsync(all[..10])).ShouldBe((0, 0, 10, 10), "so few may always go");
    }

    [Fact]
    public async Task Changes_are_enough_while_as_many_are_known_as_the_source_has()
    {
        await HarvestAsync(("a", "1"), ("b", "1"), ("c", "1"));
        _reader.Changed = [("b", "2"), ("d", "1")];
        CountsOf(await HarvestAsync(("a", "1"), ("b", "2"), ("c", "1"), ("d", "1"))).ShouldBe((1, 1, 0, 2));
        _reader.AllRead.ShouldBe(1, "only the first time");

        _reader.Changed = [("d", "1")];
        CountsOf(await HarvestAsync(("b", "2"), ("c", "1"), ("d", "1"))).ShouldBe((0, 0, 1, 3));
        (await ShownAsync()).ShouldBe("b c d");
        _reader.AllRead.ShouldBe(2);
    }

    [Fact]
    public async Task While_one_job_reads_a_source_another_fails_and_its_outcome_is_nobodys()
    {
        await HarvestAsync(("a", "1"));
        var before = (await _sources.FindAsync("city", None))!.State;
        await _sources.TryClaimAsync("city", "other", TimeSpan.FromMinutes(1), None);
        _sources.Renewed = true;

        (await HarvestAsync(("b", "1"))).Error.ShouldBe("job other reads this source already");
        (await _sources.FindAsync("city", None))!.State.ShouldBe(before);
        (await ShownAsync()).ShouldBe("a");

        await _sources.ReleaseAsync("city", "other", None);
        CountsOf(await HarvestAsync(("b", "1"))).ShouldBe((1, 0, 1, 0));
        (await _sources.TryClaimAsync("city", "third", TimeSpan.FromMinutes(1), None)).ShouldBeNull("it was given back");
    }

    [Fact]
    public void Pairs_are_sorted_beyond_what_is_in_memory() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(ArbMap.Default.ArbFor<int[][]>(), keys =>
    {
        using var sorted = new SortedPairs(most: 3);
        var all = keys.Select((key, i) => (Key: TextOf(key), Value: $"{i}")).ToList();
        all.ForEach(pair => sorted.Add(pair.Key, pair.Value));

        var read = sorted.Read().ToList();

        read.Select(pair => pair.Key).ShouldBe(all.Select(pair => pair.Key).Order(Comparer<string>.Create(KeyOrder.Compare)));
        read.ShouldBe(all, ignoreOrder: true);
    }));

    [Fact]
    public async Task A_record_comes_back_from_aside_as_it_was()
    {
        var whole = new CatalogueRecord("city", "a", "map", "A\nb")
        {
            Description = "d", Keywords = ["k"], Language = "de", Extents = [new Extent(1, 2, 3, 4)], GeometryJson = "{}", Time = new TimeInterval(DateTimeOffset.UnixEpoch, null),
            Created = DateTimeOffset.UnixEpoch, Updated = DateTimeOffset.UnixEpoch, ExternalIds = [new ExternalId("e", "s")], Classifications = [new Classification("s", "c")],
            Links = [new RecordLink("h", "item", null, "t")], Formats = ["f"], License = "l", Properties = new Dictionary<string, string> { ["p"] = "1" }, Text = "t", Version = "v",
        };
        using var staged = new StagedRecords(10_000);
        staged.Add(whole);

        (await staged.ReadAsync(None).SingleAsync(None)).ShouldBeEquivalentTo(whole with { Keywords = new List<string> { "k" }, Extents = new List<Extent>(whole.Extents), ExternalIds = new List<ExternalId>(whole.ExternalIds), Classifications = new List<Classification>(whole.Classifications), Links = new List<RecordLink>(whole.Links), Formats = new List<string> { "f" } });
        (await staged.ReadAsync([0], None).SingleAsync(None)).Title.ShouldBe("A\nb");
        Should.Throw<HarvestException>(() => staged.Add(whole with { Text = new string('x', 10_000) })).Message.ShouldContain("MaxChangesMb");
    }

    [Fact]
    public void Keys_are_compared_as_databases_do() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), ArbMap.Default.ArbFor<int[]>(), (one, other) =>
    {
        var (a, b) = (TextOf(one), TextOf(other));
        Math.Sign(KeyOrder.Compare(a, b)).ShouldBe(Math.Sign(Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b))));
    }));

    // Characters around where the two orders differ.
    private static string TextOf(int[] numbers) => string.Concat(numbers.Select(number => new Rune((Math.Abs(number % 4)) switch { 0 => 'a', 1 => 0xD7FF, 2 => 0xE000 + Math.Abs(number % 100), _ => 0x10000 + Math.Abs(number % 100) }).ToString()));

    private static (long Added, long Changed, long Removed, long Same) CountsOf(HarvestState state) => (state.Added, state.Changed, state.Removed, state.Same);

    private Task<HarvestState> HarvestAsync(params (string Key, string Version)[] all) => HarvestAsync(null, all);

    private async Task<HarvestState> HarvestAsync(double? maxRemoved, (string Key, string Version)[] all)
    {
        _reader.All = all;
        return (await _harvest.ExecuteAsync("city", "job", maxRemoved, _ => { }, None))!;
    }

    private async Task<string> ShownAsync() => string.Join(' ', (await _records.VersionsAsync("city", None).ToListAsync(None)).Select(one => one.LocalId));

    private sealed class FakeReader : IHarvestReader
    {
        public (string Key, string Version)[] All { get; set; } = [];

        public bool IsSorted { get; set; }

        public int? FailsAfter { get; set; }

        public string? Mark { get; set; }

        public int Fetched { get; private set; }

        public string Kind => "fake";

        public IReadOnlyList<string> Settings => [];

        public void Check(JsonElement settings, List<Mistake> mistakes)
        {
        }

        /// <summary>What the source says has changed; <see langword="null"/>: it says nothing.</summary>
        public (string Key, string Version)[]? Changed { get; set; }

        public int AllRead { get; private set; }

        public Task<HarvestReading> ReadAsync(HarvestWish wish, CancellationToken cancellationToken) => Task.FromResult(Changed is { } some
            ? new HarvestReading.Changes(some.Select(Record).ToAsyncEnumerable(), All.Length, () => Mark, (HarvestReading.Whole)ReadAll())
            : ReadAll());

        private HarvestReading ReadAll() => IsSorted
            ? new HarvestReading.Sorted(
                Failing(All.OrderBy(one => one.Key, Comparer<string>.Create(KeyOrder.Compare))).ToAsyncEnumerable(),
                (keys, _) => All.Where(one => keys.Contains(one.Key)).Select(one =>
                {
                    Fetched++;
                    return Record(one);
                }).ToAsyncEnumerable())
            : new HarvestReading.Whole(Counted(Failing(All)).Select(Record).ToAsyncEnumerable(), () => Mark);

        private IEnumerable<T> Counted<T>(IEnumerable<T> all)
        {
            AllRead++;
            foreach (var one in all)
            {
                yield return one;
            }
        }

        private static CatalogueRecord Record((string Key, string Version) one) => new("city", one.Key, "document", one.Key) { Version = one.Version };

        private IEnumerable<T> Failing<T>(IEnumerable<T> all)
        {
            var count = 0;
            foreach (var one in all)
            {
                yield return count++ == FailsAfter ? throw new HarvestException("it broke") : one;
            }
        }
    }
}
