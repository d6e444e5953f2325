using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Domain.Records;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;

namespace GeoWps.Tests.Unit.Records;

public abstract partial class RecordStoreContract
{
    private static CatalogueRecord[] Three =>
    [
        Full with { LocalId = "a", Owner = null },
        new CatalogueRecord("here", "b", "dataset", "Rivers") { Extents = [new Extent(0, 0, 10, 10)], Time = Interval("2001-01-01/2001-12-31"), Keywords = ["water"], Properties = new Dictionary<string, string> { ["pages"] = "9" } },
        new CatalogueRecord("there", "c", "process", "Buffer 100%_x") { Updated = DateTimeOffset.Parse("2022-06-01T00:00:00Z"), Classifications = [new Classification("plan", "D")] },
    ];

    private static TimeInterval Interval(string text) => TimeInterval.TryParse(text, out var interval) ? interval : throw new ArgumentException(text);

    [Fact]
    public async Task Records_are_asked_for_by_what_is_known_of_them()
    {
        await Store.PutAsync(Three, None);

        (await FindAsync(new RecordQuery { Ids = ["here:b", "there:c", "no:x"] })).ShouldBe(["c", "b"]);
        (await FindAsync(new RecordQuery { Types = ["process", "dataset"] })).ShouldBe(["c", "b"]);
        (await FindAsync(new RecordQuery { ExternalIds = [new ExternalId("10.1000/182", null)] })).ShouldBe(["a"]);
        (await FindAsync(new RecordQuery { ExternalIds = [new ExternalId("10.1000/182", "https://doi.org"), new ExternalId("none", null)] })).ShouldBe(["a"]);
        (await FindAsync(new RecordQuery { ExternalIds = [new ExternalId("10.1000/182", "urn:other")] })).ShouldBeEmpty();
        (await FindAsync(new RecordQuery { ExternalIds = [new ExternalId(ExternalId.Any, "https://doi.org")] })).ShouldBe(["a"]);
        (await FindAsync(new RecordQuery { ExternalIds = [new ExternalId(ExternalId.Any, "https://doi.or"), new ExternalId(ExternalId.Any, "10.1000/182")] })).ShouldBeEmpty();
        (await FindAsync(new RecordQuery { Classifications = [("plan", ["C", "D"])] })).ShouldBe(["c", "a"]);
        (await FindAsync(new RecordQuery { Classifications = [("plan", ["C"]), ("other", ["9"])] })).ShouldBe(["a"]);
        (await FindAsync(new RecordQuery { Classifications = [(null, ["9", "D"])] })).ShouldBe(["c", "a"]);
        (await FindAsync(new RecordQuery { Classifications = [("other", ["C"])] })).ShouldBeEmpty();
        (await FindAsync(new RecordQuery { Text = "rivers", Types = ["process"] })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Areas_meet_at_their_edges_and_across_the_antimeridian()
    {
        await Store.PutAsync(Three, None);

        (await FindAsync(new RecordQuery { Areas = [new Extent(10, 10, 20, 20)] })).ShouldBe(["b"]);
        (await FindAsync(new RecordQuery { Areas = [new Extent(10.0000001, 10, 20, 20)] })).ShouldBeEmpty("numbers are compared as they are, not in single precision");
        (await FindAsync(new RecordQuery { Areas = [new Extent(179, -16, 180, -15), new Extent(-180, -16, -179, -15)] })).ShouldBe(["a"]);
        (await FindAsync(new RecordQuery { Areas = [Extent.World] })).ShouldBe(["b", "a"]);
        (await FindAsync(new RecordQuery { Areas = [Extent.World], Text = "water" })).ShouldBe(["b"]);
    }

    [Fact]
    public async Task Times_meet_and_open_ends_have_no_end()
    {
        await Store.PutAsync(Three, None);

        (await FindAsync(new RecordQuery { Time = Interval("2001-12-31T23:59:59Z") })).ShouldBe(["b", "a"]);
        (await FindAsync(new RecordQuery { Time = Interval("2050-01-01/..") })).ShouldBe(["a"]);
        (await FindAsync(new RecordQuery { Time = Interval("../1998-06-30") })).ShouldBeEmpty();
        (await FindAsync(new RecordQuery { Time = Interval("2002-01-01") })).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Records_are_sorted_as_asked_and_ids_break_ties()
    {
        await Store.PutAsync(Three, None);

        (await FindAsync(new RecordQuery())).ShouldBe(["c", "b", "a"], "by title");
        (await FindAsync(new RecordQuery { SortBy = [("title", true)] })).ShouldBe(["a", "b", "c"]);
        (await FindAsync(new RecordQuery { SortBy = [("updated", true)] })).ShouldBe(["c", "a", "b"], "what has none comes last");
        (await FindAsync(new RecordQuery { SortBy = [("updated", false)] })).ShouldBe(["a", "c", "b"]);
        (await FindAsync(new RecordQuery { SortBy = [("source", false), ("type", true)] })).ShouldBe(["a", "b", "c"]);
        (await FindAsync(new RecordQuery { Text = "rivers,water,buffer", SortBy = [("title", true)] })).ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task What_is_found_is_counted_by_its_values()
    {
        await Store.PutAsync(Three, None);

        var facets = (await Store.SearchAsync(new RecordQuery { Facets = ["type", "keywords", "scheme:plan", "nothing"], Limit = 1 }, None)).Facets;
        facets["type"].ShouldBe([("dataset", 1), ("document", 1), ("process", 1)]);
        facets["keywords"].ShouldBe([("flood", 1), ("water", 1), ("Überschwemmung", 1), ("洪水", 1)]);
        facets["scheme:plan"].ShouldBe([("C", 1), ("C.1", 1), ("D", 1)]);
        facets["nothing"].ShouldBeEmpty();
        (await Store.SearchAsync(new RecordQuery { Text = "rivers", Facets = ["type"] }, None)).Facets["type"].ShouldBe([("dataset", 1)]);
        (await Store.SearchAsync(new RecordQuery { Text = "rivers", Types = ["dataset"], Facets = ["type"] }, None)).Facets["type"].ShouldBe([("dataset", 1)]);
    }

    [Fact]
    public async Task A_place_is_met_by_its_shape_not_by_its_box()
    {
        // An L: its box has the corner that it leaves out. A square with a hole; a line across; a box alone.
        await Store.PutAsync(
            [
                Shape("ell", """{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,1],[1,1],[1,10],[0,10],[0,0]]]}"""),
                Shape("ring", """{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[1,1],[9,1],[9,9],[1,9],[1,1]]]}"""),
                Shape("line", """{"type":"LineString","coordinates":[[0,0],[10,10]]}"""),
                Shape("box", null),
                Shape("broken", """{"type":"Polygon","coordinates":"none"}"""),
            ],
            None);

        (await NearAsync(new Extent(4, 6, 5, 7))).ShouldBe(["box", "broken"]);
        (await NearAsync(new Extent(4, 4, 6, 6))).ShouldBe(["box", "broken", "line"]);
        (await NearAsync(new Extent(-5, -5, 20, 20))).ShouldBe(["box", "broken", "ell", "line", "ring"]);
        (await NearAsync(new Extent(9.5, 0.5, 12, 3))).ShouldBe(["box", "broken", "ell", "ring"]);

        (await WhereAsync("S_INTERSECTS(geometry, POLYGON((8 2, 8.5 2, 8.5 3, 8 3, 8 2)))")).ShouldBe(["box", "broken"]);
        (await WhereAsync("S_INTERSECTS(geometry, LINESTRING(-1 4, 3 4))")).ShouldBe(["box", "broken", "ell", "ring"]);
        (await WhereAsync("S_INTERSECTS(geometry, POINT(0.5 9))")).ShouldBe(["box", "broken", "ell", "ring"]);
        (await WhereAsync("S_INTERSECTS(geometry, MULTIPOINT((3 3), (20 20)))")).ShouldBe(["box", "broken", "line"]);

        // What is asked for has a box of its own, which is no answer either.
        (await WhereAsync("S_INTERSECTS(geometry, POLYGON((-1 11, 11 11, 11 -1, 12 -1, 12 12, -1 12, -1 11)))")).ShouldBe(["broken"], "no shape can be told, so its extent is asked");
        (await WhereAsync("NOT S_INTERSECTS(geometry, BBOX(4, 4, 6, 6))")).ShouldBe(["ell", "ring"]);
        (await WhereAsync("S_INTERSECTS(geometry, BBOX(4, 4, 6, 6)) OR S_INTERSECTS(geometry, POINT(0.5 9))")).ShouldBe(["box", "broken", "ell", "line", "ring"]);

        await Store.PutAsync([Shape("ell", null)], None);
        (await NearAsync(new Extent(4, 6, 5, 7))).ShouldBe(["box", "broken", "ell"], "its shape was taken from it");

        CatalogueRecord Shape(string id, string? geometry) => Record(id, id) with { Extents = [new Extent(0, 0, 10, 10)], GeometryJson = geometry };

        Task<IReadOnlyList<string>> NearAsync(Extent box) => FindAsync(new RecordQuery { Areas = [box] });

        Task<IReadOnlyList<string>> WhereAsync(string filter) => FindAsync(new RecordQuery { Filter = Cql2Parser.Parse(filter, isLatitudeFirst: false) });
    }

    [Fact]
    public async Task What_is_counted_follows_what_changes()
    {
        await Store.PutAsync([Record("a", "Rivers") with { Keywords = ["water", "old"] }, Record("b", "Rivers") with { Keywords = ["water"] }, Record("c", "Rivers")], None);
        await Store.PutAsync([Record("a", "Rivers") with { Keywords = ["new"] }], None);
        (await KeywordsAsync()).ShouldBe([("new", 1), ("water", 1)]);

        await Store.RemoveAsync("here", ["b"], None);
        (await KeywordsAsync()).ShouldBe([("new", 1)]);

        async Task<IReadOnlyList<(string, long)>> KeywordsAsync() => (await Store.SearchAsync(new RecordQuery { Text = "rivers", Facets = ["keywords"] }, None)).Facets["keywords"];
    }

    [Fact]
    public async Task Where_more_fits_than_is_weighed_all_of_it_is_counted()
    {
        await Store.PutAsync([.. Enumerable.Range(0, 499).Select(i => Record($"a{i}", $"Rivers {i}") with { Keywords = ["water"] })], None);
        await MatchAsync(499);
        await Store.PutAsync([Record("b", "Rivers") with { Keywords = ["water"] }], None);
        await MatchAsync(500);
        await Store.PutAsync([Record("c", "Lakes", "Of rivers.") with { Keywords = ["water"] }], None);
        await MatchAsync(501);

        async Task MatchAsync(int all)
        {
            var found = await Store.SearchAsync(new RecordQuery { Text = "rivers", Facets = ["keywords"], Limit = 3, Offset = 2 }, None);
            (found.Matched, found.Records.Count).ShouldBe((all, 3));
            found.Facets["keywords"].ShouldBe([("water", all)]);
        }
    }

    [Theory]
    [InlineData("title = 'Rivers'", "b")]
    [InlineData("title = 'rivers'", "")]
    [InlineData("casei(title) = casei('RIVERS')", "b")]
    [InlineData("title <> 'Rivers'", "a,c")]
    [InlineData("title > 'S'", "a")]
    [InlineData("title LIKE 'Riv%'", "b")]
    [InlineData("title LIKE 'riv%'", "")]
    [InlineData("casei(title) LIKE casei('uber%')", "a")]
    [InlineData("title LIKE '%100\\%\\_x'", "c")]
    [InlineData("title LIKE '%100__x'", "c")]
    [InlineData("title LIKE 'R_vers'", "b")]
    [InlineData("title LIKE 'Rivers\\z'", "")]
    [InlineData("title NOT LIKE 'R%'", "a,c")]
    [InlineData("title IN ('Rivers', 'Buffer 100%_x')", "b,c")]
    [InlineData("NOT title IN ('Rivers')", "a,c")]
    [InlineData("type = 'process' OR type = 'document'", "a,c")]
    [InlineData("NOT (type = 'process' OR type = 'document')", "b")]
    [InlineData("keywords = 'water'", "b")]
    [InlineData("keywords LIKE '%ser%'", "")]
    [InlineData("casei(keywords) = casei('uberschwemmung')", "a")]
    [InlineData("NOT keywords = 'water'", "a")]
    [InlineData("keywords IS NULL", "c")]
    [InlineData("keywords IS NOT NULL", "a,b")]
    [InlineData("pages > 9", "a")]
    [InlineData("pages BETWEEN 9 AND 12", "a,b")]
    [InlineData("NOT pages > 9", "b")]
    [InlineData("10 < pages", "a")]
    [InlineData("pages IN (9, 10)", "b")]
    [InlineData("shelf = 'A 3'", "a")]
    [InlineData("plain = 'no json'", "a")]
    [InlineData("lent = FALSE", "a")]
    [InlineData("lent = TRUE", "")]
    [InlineData("unheard = 1", "")]
    [InlineData("unheard IS NULL", "a,b,c")]
    [InlineData("classification = 'D'", "c")]
    [InlineData("externalIds = 'X-1'", "a")]
    [InlineData("description LIKE '%river%'", "a")]
    [InlineData("description IS NULL", "b,c")]
    [InlineData("NOT description LIKE '%river%'", "")]
    [InlineData("updated > TIMESTAMP('2021-06-01T00:00:00Z')", "c")]
    [InlineData("updated = DATE('2021-01-02')", "a")]
    [InlineData("updated <= '2021-01-02'", "a")]
    [InlineData("updated IS NULL", "b")]
    [InlineData("created BETWEEN DATE('2020-01-01') AND DATE('2020-01-02')", "a")]
    [InlineData("t_after(time, DATE('1998-06-30'))", "a,b")]
    [InlineData("t_before(time, DATE('2002-01-01'))", "b")]
    [InlineData("t_during(time, INTERVAL('2000-01-01', '2002-01-01'))", "b")]
    [InlineData("t_contains(time, DATE('2001-05-05'))", "a,b")]
    [InlineData("t_equals(time, INTERVAL('2001-01-01', '2001-12-31'))", "b")]
    [InlineData("t_intersects(time, INTERVAL('2010-01-01', '..'))", "a")]
    [InlineData("t_disjoint(time, INTERVAL('2010-01-01', '..'))", "b")]
    [InlineData("t_startedBy(time, DATE('2001-01-01'))", "b")]
    [InlineData("t_before(INTERVAL('1990-01-01','1991-01-01'), time)", "a,b")]
    [InlineData("t_after(updated, DATE('2022-01-01'))", "c")]
    [InlineData("time IS NULL", "c")]
    [InlineData("s_intersects(geometry, BBOX(5, 5, 6, 6))", "b")]
    [InlineData("s_intersects(geometry, POLYGON((5 5, 20 5, 20 20, 5 5)))", "b")]
    [InlineData("s_intersects(geometry, POINT(10 10))", "b")]
    [InlineData("s_intersects(geometry, BBOX(170, -90, -170, 90))", "a")]
    [InlineData("s_intersects(BBOX(5, 5, 6, 6), geometry)", "b")]
    [InlineData("NOT s_intersects(geometry, BBOX(5, 5, 6, 6))", "a,c")]
    [InlineData("geometry IS NULL", "c")]
    [InlineData("TRUE", "a,b,c")]
    [InlineData("NOT TRUE", "")]
    public async Task A_filter_means_what_the_standard_says(string filter, string expected)
    {
        await Store.PutAsync(Three, None);

        string.Join(',', await FilterAsync(filter)).ShouldBe(expected);
    }
}
