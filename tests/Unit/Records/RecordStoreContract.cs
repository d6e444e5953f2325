using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Domain.Records;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;

namespace GeoWps.Tests.Unit.Records;

/// <summary>What every <see cref="IRecordStore"/> does. An adapter derives from it and gives the two methods.</summary>
public abstract partial class RecordStoreContract : IDisposable
{
    protected static readonly CancellationToken None = CancellationToken.None;

    private IRecordStore? _store;

    protected IRecordStore Store => _store ??= Open();

    /// <summary>Opens the store of this test: the same data each time.</summary>
    protected abstract IRecordStore Open();

    protected abstract void Close(IRecordStore store);

    public void Dispose()
    {
        Restart();
        CleanUp();
        GC.SuppressFinalize(this);
    }

    protected virtual void CleanUp()
    {
    }

    protected void Restart()
    {
        if (_store is { } store)
        {
            Close(store);
            _store = null;
        }
    }

    protected static CatalogueRecord Record(string localId, string title, string? description = null, string? text = null) =>
        new("here", localId, "dataset", title) { Description = description, Text = text };

    protected static CatalogueRecord Full { get; } = new("here", "a/b c.csv", "document", "Überschwemmung in 武汉市")
    {
        Description = "What the river did. And \"why\".",
        Keywords = ["flood", "洪水", "Überschwemmung"],
        Language = "de",
        Extents = [new Extent(177, -20, 180, -15), new Extent(-180, -20, -178, -15)],
        GeometryJson = """{"type":"Point","coordinates":[179,-16]}""",
        Time = new TimeInterval(DateTimeOffset.Parse("1998-07-01T00:00:00Z"), null),
        Created = DateTimeOffset.Parse("2020-01-02T03:04:05.678Z"),
        Updated = DateTimeOffset.Parse("2021-01-02T03:04:05Z"),
        ExternalIds = [new ExternalId("10.1000/182", "https://doi.org"), new ExternalId("X-1", null)],
        Classifications = [new Classification("plan", "C"), new Classification("plan", "C.1"), new Classification("other", "9")],
        Links = [new RecordLink("files/a.csv", "item", "text/csv", "The table"), new RecordLink("https://example.org/", "about", null, null)],
        Formats = ["text/csv"],
        License = "CC-BY-4.0",
        Properties = new Dictionary<string, string> { ["pages"] = "12", ["shelf"] = "\"A 3\"", ["lent"] = "false", ["plain"] = "no json" },
        Owner = "ann",
        Version = "\"v1\"",
        Text = "Zeile eins. Die 武汉长江大桥 stand unter Wasser.\nZeile drei.",
    };

    protected async Task<IReadOnlyList<string>> FindAsync(RecordQuery query)
    {
        var page = await Store.SearchAsync(query with { Limit = 100 }, None);
        page.Matched.ShouldBe(page.Records.Count);
        return [.. page.Records.Select(found => found.Record.LocalId)];
    }

    protected Task<IReadOnlyList<string>> FindAsync(string words) => FindAsync(new RecordQuery { Text = words });

    protected async Task<IReadOnlyList<string>> FilterAsync(string filter) => [.. (await FindAsync(new RecordQuery { Filter = Cql2Parser.Parse(filter, isLatitudeFirst: false) })).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task A_record_is_found_as_it_was_put_also_after_a_restart()
    {
        await Store.PutAsync([Full], None);

        Restart();

        var found = (await Store.FindAsync("here:a/b c.csv", None)).ShouldNotBeNull();
        JsonSerializer.Serialize(found).ShouldBe(JsonSerializer.Serialize(Full));
        (await Store.FindAsync("here:A/b c.csv", None)).ShouldBeNull("ids have a case");
    }

    [Fact]
    public async Task What_is_put_again_is_what_is_found()
    {
        await Store.PutAsync([Full, Record("b", "Other")], None);
        await Store.PutAsync([Record(Full.LocalId, "Something else"), Record("b", "Other")], None);

        (await FindAsync("überschwemmung")).ShouldBeEmpty();
        (await FindAsync("洪水")).ShouldBeEmpty();
        (await FindAsync("else")).ShouldBe([Full.LocalId]);
        (await FilterAsync("keywords = 'flood'")).ShouldBeEmpty();
        (await FindAsync(new RecordQuery { Areas = [new Extent(178, -19, 179, -18)] })).ShouldBeEmpty();
        (await FindAsync(new RecordQuery())).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Of_the_same_id_twice_in_one_put_the_last_counts()
    {
        await Store.PutAsync([Record("a", "First"), Record("a", "Second")], None);

        (await FindAsync("second")).ShouldBe(["a"]);
        (await FindAsync("first")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_removed_is_gone_and_what_a_source_had_goes_with_it()
    {
        await Store.PutAsync([Record("a", "Rivers"), Record("b", "Rivers"), new CatalogueRecord("there", "a", "dataset", "Rivers")], None);

        (await Store.RemoveAsync("here", ["a", "none"], None)).ShouldBe(1);
        (await FindAsync("rivers")).Count.ShouldBe(2);
        (await Store.FindAsync("here:a", None)).ShouldBeNull();

        await Store.RemoveAllAsync("here", None);
        (await Store.SearchAsync(new RecordQuery { Text = "rivers" }, None)).Records.ShouldHaveSingleItem().Record.Id.ShouldBe("there:a");
        await Store.RemoveAllAsync("nobody", None);
    }

    [Fact]
    public async Task Versions_come_by_local_id()
    {
        await Store.PutAsync([Record("b", "B") with { Version = "2" }, Record("a", "A"), Record("C", "C") with { Version = "3" }, new CatalogueRecord("there", "x", "dataset", "X")], None);

        (await Store.VersionsAsync("here", None).ToListAsync()).ShouldBe([("C", "3"), ("a", null), ("b", "2")]);
        (await Store.VersionsAsync("nobody", None).ToListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_are_put_at_once_and_found_by_one_word_and_page()
    {
        await Store.PutAsync([.. Enumerable.Range(0, 2_500).Select(i => Record($"r{i:0000}", $"Map of sheet {i}") with { Version = $"{i}" })], None);

        (await Store.VersionsAsync("here", None).CountAsync()).ShouldBe(2_500);
        var seen = new List<string>();
        for (var offset = 0; offset < 2_500; offset += 500)
        {
            var page = await Store.SearchAsync(new RecordQuery { Text = "map", Offset = offset, Limit = 500 }, None);
            page.Matched.ShouldBe(2_500);
            seen.AddRange(page.Records.Select(found => found.Record.LocalId));
        }

        seen.Distinct().Count().ShouldBe(2_500, "pages neither overlap nor leave anything out");
        (await FindAsync("sheet 1234")).ShouldBe(["r1234"]);
    }

    [Fact]
    public async Task Whose_a_record_is_sees_it_and_nobody_else()
    {
        await Store.PutAsync([Record("open", "Lakes"), Record("hers", "Lakes") with { Owner = "ann" }, Record("his", "Lakes") with { Owner = "bob" }, Record("found", "Lakes") with { Owner = CatalogueRecord.Nobodys }], None);

        foreach (var words in new[] { "lakes", null })
        {
            (await FindAsync(new RecordQuery { Text = words })).ShouldBe(["open"]);
            (await FindAsync(new RecordQuery { Text = words, Caller = "ann" })).ShouldBe(["hers", "open"], ignoreOrder: true);
            (await FindAsync(new RecordQuery { Text = words, Caller = "eve" })).ShouldBe(["open"]);
            (await FindAsync(new RecordQuery { Text = words, SeesNobodys = true })).ShouldBe(["found", "open"], ignoreOrder: true);
            (await FindAsync(new RecordQuery { Text = words, Caller = "bob", SeesNobodys = true })).ShouldBe(["found", "his", "open"], ignoreOrder: true);
            (await FindAsync(new RecordQuery { Text = words, SeesAll = true })).Count.ShouldBe(4);
        }

        var facets = (await Store.SearchAsync(new RecordQuery { Text = "lakes", Facets = ["type"] }, None)).Facets;
        facets["type"].ShouldBe([("dataset", 1)], "what is not seen is not counted");
    }

    [Fact]
    public async Task Texts_that_nobody_expects_are_kept()
    {
        await Store.PutAsync([Record("a", "x\0y 'quoted' \"double\" \\ % _ \ud83d\ude00 e\u0301 \u202e \ud800", text: new string('x', 5_000) + " ende")], None);

        (await FindAsync("quoted double")).ShouldBe(["a"]);
        (await FindAsync("ende")).ShouldBe(["a"]);
        (await FindAsync("é")).ShouldBe(["a"]);
    }
}
