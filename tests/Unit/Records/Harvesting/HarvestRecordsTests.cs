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

    private async Task<HarvestState> HarvestAsync(params (string Key, string Version)[] all)
    {
        _reader.All = all;
        return (await _harvest.ExecuteAsync("city", "job", _ => { }, None))!;
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

        public Task<HarvestReading> ReadAsync(HarvestWish wish, CancellationToken cancellationToken) => Task.FromResult<HarvestReading>(IsSorted
            ? new HarvestReading.Sorted(
                Failing(All.OrderBy(one => one.Key, Comparer<string>.Create(KeyOrder.Compare))).ToAsyncEnumerable(),
                (keys, _) => All.Where(one => keys.Contains(one.Key)).Select(one =>
                {
                    Fetched++;
                    return Record(one);
                }).ToAsyncEnumerable())
            : new HarvestReading.Whole(Failing(All).Select(Record).ToAsyncEnumerable(), Mark));

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
