using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Storage.Layers;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using GeoWps.Domain.Spatial;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Records.Harvesting;

public sealed class ReaderTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly Web _web = new();
    private readonly HarvestWeb _harvestWeb;

    public ReaderTests() => _harvestWeb = new HarvestWeb(_web, Options.Create(new HarvestingOptions { Credentials = { ["city"] = "Key 1" } }));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_list_of_csv_is_read_by_its_columns_and_not_again_while_its_etag_is_the_same()
    {
        const string Settings = """{"url":"http://a.example/list.csv","scheme":"plan","fields":{"id":"no","title":"name","keywords":"words","bbox":"box","time":"year","link":"href","classification":"code"}}""";
        _web.Add("http://a.example/list.csv", "no;name;words;box;year;href;code\n1;\"Map of \"\"A\"\";\nlarge\";soil, water;5 47 15 55;1998-01-01/1999-12-31;http://x.example/1;C\n2;B;;170,-10,-170,10;;file:///etc/passwd;\n", "\"one\"");
        var list = new ListReader(_harvestWeb);

        var reading = (await list.ReadAsync(Wish(Settings), None)).ShouldBeOfType<HarvestReading.Whole>();
        var records = await reading.Records.ToListAsync(None);

        records.Select(record => record.Id).ShouldBe(["city:1", "city:2"]);
        records[0].Title.ShouldBe("Map of \"A\";\nlarge");
        records[0].Keywords.ShouldBe(["soil", "water"]);
        records[0].Extents.ShouldBe([new Extent(5, 47, 15, 55)]);
        records[0].Time!.Value.From.ShouldBe(new DateTimeOffset(1998, 1, 1, 0, 0, 0, TimeSpan.Zero));
        records[0].Classifications.ShouldBe([new Classification("plan", "C")]);
        records[0].Links.Single().Href.ShouldBe("http://x.example/1");
        records[1].Extents.Count.ShouldBe(2, "it crosses the antimeridian");
        records[1].Links.ShouldBeEmpty("only addresses of the web are links");
        reading.Mark().ShouldBe("\"one\"");
        (await list.ReadAsync(Wish(Settings, reading.Mark()), None)).ShouldBeOfType<HarvestReading.Unchanged>();
    }

    [Fact]
    public async Task A_list_of_json_is_read_by_members_within_members()
    {
        _web.Add("http://a.example/list", """{"rows":[{"key":7,"p":{"t":"Seven","k":["a","b"]},"updated":"2026-01-02T03:04:05Z"}]}""", null);

        var records = await RecordsAsync(new ListReader(_harvestWeb), """{"url":"http://a.example/list","items":"rows","fields":{"id":"key","title":"p.t","keywords":"p.k","updated":"updated"}}""");

        (records[0].LocalId, records[0].Title, records[0].Updated).ShouldBe(("7", "Seven", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));
        records[0].Keywords.ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("name\nA\n", "has no column 'id'")]
    [InlineData("id,title\n1,A\n,B\n", "row 3 of its list has no id")]
    [InlineData("", "is empty")]
    public async Task A_list_that_is_not_what_it_should_be_says_where(string csv, string reason)
    {
        _web.Add("http://a.example/l.csv", csv, null);
        (await Should.ThrowAsync<HarvestException>(() => RecordsAsync(new ListReader(_harvestWeb), """{"url":"http://a.example/l.csv"}"""))).Message.ShouldContain(reason);
    }

    [Fact]
    public async Task Pages_are_followed_and_credentials_go_to_their_own_host_only()
    {
        const string Settings = """{"url":"http://a.example/collections/records","credentials":{"user":"u","password":"secret"}}""";
        _web.Add("http://a.example/collections/records/items?limit=1000", """
            {"type":"FeatureCollection","features":[{"type":"Feature","id":"layers:roads","geometry":{"type":"Polygon","coordinates":[[[1,2],[3,2],[3,4],[1,4],[1,2]]]},
            "time":{"interval":["1998-01-01","2000-01-01"]},"properties":{"type":"dataset","title":"Roads","keywords":["k"],"externalIds":[{"value":"x","scheme":"s"}],
            "themes":[{"scheme":"plan","concepts":[{"id":"C"}]}],"formats":[{"mediaType":"text/csv"}],"language":{"code":"de"},"sheets":12},
            "links":[{"rel":"self","href":"http://a.example/r","type":"application/geo+json"},{"rel":"collection","href":"http://a.example/c"}]}],
            "links":[{"rel":"next","href":"http://b.example/more"}]}
            """, null);
        _web.Add("http://b.example/more", """{"type":"FeatureCollection","features":[{"type":"Feature","id":2,"geometry":null,"properties":{"name":"Two"}}]}""", null);

        var records = await RecordsAsync(new OgcReader(_harvestWeb, TimeProvider.System), Settings);

        records.Select(record => (record.LocalId, record.Type, record.Title)).ShouldBe([("layers:roads", "dataset", "Roads"), ("2", "feature", "Two")]);
        records[0].Extents.ShouldBe([new Extent(1, 2, 3, 4)]);
        records[0].ExternalIds.ShouldBe([new ExternalId("x", "s")]);
        records[0].Classifications.ShouldBe([new Classification("plan", "C")]);
        (records[0].Language, records[0].Formats.Single(), records[0].Properties["sheets"]).ShouldBe(("de", "text/csv", "12"));
        records[0].Links.ShouldBe([new RecordLink("http://a.example/r", "canonical", "application/geo+json", "The original record")]);
        _web.Asked.Where(one => one.Href.StartsWith("http://a.example/", StringComparison.Ordinal)).ShouldAllBe(one => one.Authorization == "Basic dTpzZWNyZXQ=");
        _web.Asked.Single(one => one.Href == "http://b.example/more").Authorization.ShouldBeNull();
    }

    [Fact]
    public async Task A_server_that_filters_by_time_of_change_is_asked_for_that_only_and_for_all_of_it_when_something_is_gone()
    {
        const string Records = "http://a.example/api/collections/records";
        const string Settings = $$"""{"url":"{{Records}}"}""";
        const string Filter = "&filter=updated%20%3E%3D%20TIMESTAMP%28%272026-01-02T03%3A04%3A05.5Z%27%29%20OR%20updated%20IS%20NULL&filter-lang=cql2-text";
        static string Page(int matched, params string[] features) => $$"""{"type":"FeatureCollection","features":[{{string.Join(',', features)}}],"numberMatched":{{matched}}}""";
        static string One(string id, string updated) => $$$"""{"type":"Feature","id":"{{{id}}}","geometry":null,"properties":{"title":"{{{id}}}","updated":"{{{updated}}}"}}""";
        _web.Add($"{Records}/items?limit=1000", Page(2, One("a", "2026-01-02T03:04:05.5Z"), One("b", "2026-01-01T00:00:00Z")), null);
        var reader = new OgcReader(_harvestWeb, TimeProvider.System);
        var first = (await reader.ReadAsync(Wish(Settings), None)).ShouldBeOfType<HarvestReading.Whole>();
        (await first.Records.CountAsync(None)).ShouldBe(2);
        _web.Asked.Count.ShouldBe(2, "the collection, and its page");

        _web.Add($"{Records}/queryables", """{"type":"object","properties":{"updated":{"type":"string","format":"date-time"}}}""", null);
        _web.Add("http://a.example/api/conformance", """{"conformsTo":["http://www.opengis.net/spec/cql2/1.0/conf/cql2-text"]}""", null);
        _web.Add($"{Records}/items?limit=1", Page(3, One("a", "2026-01-02T03:04:05.5Z")), null);
        _web.Add($"{Records}/items?limit=1000{Filter}", Page(2, One("a", "2026-01-02T03:04:05.5Z"), One("c", "2026-02-01T00:00:00Z")), null);
        var changes = (await reader.ReadAsync(Wish(Settings, first.Mark()), None)).ShouldBeOfType<HarvestReading.Changes>();

        (await changes.Records.Select(record => record.LocalId).ToListAsync(None)).ShouldBe(["a", "c"]);
        (changes.Total, changes.Mark()!.Contains("2026-02-01", StringComparison.Ordinal)).ShouldBe((3, true));
        (await changes.All.Records.CountAsync(None)).ShouldBe(2);

        _web.Add("http://a.example/api/conformance", """{"conformsTo":[]}""", null);
        (await reader.ReadAsync(Wish(Settings, first.Mark()), None)).ShouldBeOfType<HarvestReading.Whole>("it does not say that it filters");
        _web.Add("http://a.example/api/conformance", """{"conformsTo":["http://www.opengis.net/spec/cql2/1.0/conf/cql2-text"]}""", null);
        var old = new OgcMark { Updated = DateTimeOffset.UtcNow, Whole = DateTimeOffset.UtcNow.AddDays(-8) };
        (await reader.ReadAsync(Wish(Settings, old.Write()), None)).ShouldBeOfType<HarvestReading.Whole>("it was not read as a whole for a week");
    }

    [Fact]
    public async Task A_collection_of_one_page_is_not_read_again_while_its_etag_is_the_same()
    {
        _web.Add("http://a.example/items?limit=1000", """{"type":"FeatureCollection","features":[{"type":"Feature","id":1,"geometry":null,"properties":{}}]}""", "\"one\"");
        var reader = new OgcReader(_harvestWeb, TimeProvider.System);
        var first = (await reader.ReadAsync(Wish("""{"url":"http://a.example/items"}"""), None)).ShouldBeOfType<HarvestReading.Whole>();
        (await first.Records.CountAsync(None)).ShouldBe(1);

        (await reader.ReadAsync(Wish("""{"url":"http://a.example/items"}""", first.Mark()), None)).ShouldBeOfType<HarvestReading.Unchanged>();
    }

    [Fact]
    public async Task Pages_that_lead_back_are_an_end()
    {
        _web.Add("http://a.example/items?limit=1", """{"features":[],"links":[{"rel":"next","href":"?limit=1"}]}""", null);
        (await Should.ThrowAsync<HarvestException>(() => RecordsAsync(new OgcReader(_harvestWeb, TimeProvider.System), """{"url":"http://a.example/items?limit=1"}"""))).Message.ShouldContain("do not end");
    }

    [Theory]
    [InlineData("""{"url":"http://inner/"}""", "settings.url")]
    [InlineData("""{"url":"http://u:p@a.example/"}""", "settings.url")]
    [InlineData("""{}""", "settings.url")]
    [InlineData("""{"url":"http://a.example/","credentials":{"name":"nobody"}}""", "settings.credentials")]
    [InlineData("""{"url":"http://a.example/","fields":{"id":"a"}}""", "settings.fields")]
    [InlineData("""{"url":"http://a.example/","fields":{"id":"a","title":"b","colour":"c"}}""", "settings.fields.colour")]
    [InlineData("""{"url":"http://a.example/","format":"xml"}""", "settings.format")]
    [InlineData("""{"url":"http://a.example/","frmat":"csv"}""", "settings.frmat")]
    public void A_mistake_in_a_form_is_named_with_its_place(string settings, string place)
    {
        var mistakes = new List<Mistake>();
        HarvestForm.Read(JsonElement.Parse($$"""{"id":"city","kind":"list","settings":{{settings}}}"""), null, null, [new ListReader(_harvestWeb)], default, mistakes).ShouldBeNull();
        mistakes.Select(mistake => mistake.Place).ShouldContain(place);
    }

    [Fact]
    public void Credentials_are_not_shown_and_stay_when_they_are_sent_as_they_are_shown()
    {
        IHarvestReader[] readers = [new ListReader(_harvestWeb)];
        var mistakes = new List<Mistake>();
        var first = HarvestForm.Read(JsonElement.Parse("""{"id":"city","kind":"list","settings":{"url":"http://a.example/","credentials":{"token":"secret"}}}"""), null, null, readers, default, mistakes)!;
        var shown = HarvestForm.Shown(first);
        var second = HarvestForm.Read(JsonElement.Parse($$"""{"settings":{{shown}}}"""), "city", first, readers, default, mistakes)!;

        shown.ShouldBe("""{"url":"http://a.example/","credentials":true}""");
        mistakes.ShouldBeEmpty();
        JsonElement.Parse(second.Settings).GetProperty("credentials").GetProperty("token").GetString().ShouldBe("secret");
    }

    [Fact]
    public async Task A_node_of_ours_is_asked_for_what_has_changed_since_its_own_state_and_what_it_forgot_is_read_whole()
    {
        const string At = "http://a.example/collections/records";
        const string Settings = $$"""{"url":"{{At}}"}""";
        _web.Add(At, """{"links":[{"rel":"urn:geowps:rel:record-changes","href":"http://evil.example/changes"},{"rel":"urn:geowps:rel:record-changes","href":"/changes"}]}""", null);
        var reader = new OgcReader(_harvestWeb, TimeProvider.System);
        _web.Add($"{At}/items?limit=1000", """{"timeStamp":"2001-01-01T00:00:00Z","features":[{"id":"a","properties":{"updated":"2999-01-01T00:00:00Z"}}],"links":[]}""", null);
        (await reader.ReadAsync(Wish(Settings), None)).ShouldBeOfType<HarvestReading.Whole>();
        _web.Asked.ShouldNotContain(asked => asked.Href.Contains("evil"), "credentials are for its own address");

        _web.Add(At, """{"links":[{"rel":"urn:geowps:rel:record-changes","href":"/changes"}]}""", null);
        _web.Add("http://a.example/changes", """{"state":"x-7","numberTotal":1,"removed":[],"features":[]}""", null);
        var whole = (await reader.ReadAsync(Wish(Settings), None)).ShouldBeOfType<HarvestReading.Whole>();
        (await whole.Records.CountAsync(None)).ShouldBe(1);
        var mark = OgcMark.Read(whole.Mark())!;
        (mark.State, mark.Updated).ShouldBe(("x-7", new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero)), "a record of the future must hide no changes before it");

        _web.Add("http://a.example/changes?since=x-7", """{"state":"x-9","numberTotal":2,"removed":["b"],"features":[{"id":"a","properties":{"title":"A"}}]}""", null);
        var changes = (await reader.ReadAsync(Wish(Settings, mark.Write()), None)).ShouldBeOfType<HarvestReading.Changes>();
        (await changes.Records.SingleAsync(None)).Title.ShouldBe("A");
        (changes.Total, changes.Removed.Single(), OgcMark.Read(changes.Mark())!.State).ShouldBe((2, "b", "x-9"));

        var forgotten = (await reader.ReadAsync(Wish(Settings, changes.Mark()), None)).ShouldBeOfType<HarvestReading.Whole>();
        (await forgotten.Records.CountAsync(None)).ShouldBe(1);
        OgcMark.Read(forgotten.Mark())!.State.ShouldBe("x-7", "what it is now");
    }

    [Fact]
    public async Task Files_of_a_folder_are_known_by_size_and_time_and_nothing_outside_is_read()
    {
        var open = Directory.CreateDirectory(_folder["open"]).FullName;
        Directory.CreateDirectory(Path.Combine(open, "maps"));
        await File.WriteAllTextAsync(Path.Combine(open, "maps", "a.csv"), "x,y\n1,2\n");
        await File.WriteAllTextAsync(Path.Combine(open, ".hidden.csv"), "x");
        await File.WriteAllTextAsync(_folder["outside.csv"], "x");
        File.CreateSymbolicLink(Path.Combine(open, "link.csv"), _folder["outside.csv"]);
        var folder = new FolderHarvest(new OperatorFolders(Options.Create(new LayersOptions { Folders = [open] })), Options.Create(new RecordsOptions()), new Texts());
        var settings = JsonSerializer.Serialize(new { path = open, pattern = "*.csv" });

        var reading = (await folder.ReadAsync(Wish(settings), None)).ShouldBeOfType<HarvestReading.Sorted>();
        var versions = await reading.Versions.ToListAsync(None);
        var record = await reading.Fetch(["maps/a.csv", "maps/gone.csv"], None).SingleAsync(None);

        versions.Select(one => one.Key).ShouldBe(["maps/a.csv"]);
        (record.LocalId, record.Title, record.Formats.Single(), record.Text, record.Version).ShouldBe(("maps/a.csv", "a", "text/csv", "text of it", versions[0].Version));
        var mistakes = new List<Mistake>();
        folder.Check(JsonElement.Parse(JsonSerializer.Serialize(new { path = _folder.Root })), mistakes);
        mistakes.Single().Place.ShouldBe("path");
    }

    private static HarvestWish Wish(string settings, string? mark = null) => new(new HarvestSource("city", "list", null, settings, default), JsonElement.Parse(settings), mark, _ => { });

    private static async Task<List<CatalogueRecord>> RecordsAsync(IHarvestReader reader, string settings) =>
        await (await reader.ReadAsync(Wish(settings), None)).ShouldBeOfType<HarvestReading.Whole>().Records.ToListAsync(None);

    private sealed class Texts : IDocumentText
    {
        public bool CanRead(string mediaType) => mediaType == "text/csv";

        public Task<string?> ReadAsync(Stream document, string mediaType, int maxLength, CancellationToken cancellationToken) => Task.FromResult<string?>("text of it");
    }

    private sealed class Web : IReferenceFetcher
    {
        private readonly Dictionary<string, (string Content, string? ETag)> _contents = [];

        public List<(string Href, string? Authorization)> Asked { get; } = [];

        public void Add(string href, string content, string? etag) => _contents[href] = (content, etag);

        public string? Refuse(string href) => href.Contains("//inner", StringComparison.Ordinal) ? "its host may not be reached" : null;

        public async Task<FetchOutcome> FetchAsync(FetchRequest request, Stream destination, long maxBytes, CancellationToken cancellationToken)
        {
            string? Header(string name) => request.Headers.Where(header => header.Key == name).Select(header => header.Value).SingleOrDefault();
            Asked.Add((request.Href, Header("Authorization")));
            if (!_contents.TryGetValue(request.Href, out var known))
            {
                return new FetchOutcome.Refused("HTTP 404 from a.example");
            }

            var (content, etag) = known;
            if (etag is not null && Header("If-None-Match") == etag)
            {
                return new FetchOutcome.Refused("HTTP 304") { IsUnchanged = true };
            }

            await destination.WriteAsync(Encoding.UTF8.GetBytes(content), cancellationToken);
            return new FetchOutcome.Fetched(content.Length, request.Href.EndsWith("csv", StringComparison.Ordinal) ? "text/csv" : "application/json", "file") { ETag = etag };
        }
    }
}
