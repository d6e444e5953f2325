using System.Text.Json;
using GeoWps.Adapters.Storage.Layers;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Domain.Records;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Records.Harvesting;

public sealed class DocumentTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("maps/a.txt", true)]
    [InlineData("maps/gone.txt", false)]
    [InlineData("maps", false)]
    [InlineData("link.txt", false)]
    [InlineData("inner/a.txt", false)]
    [InlineData("outer/outside.txt", false)]
    [InlineData("../outside.txt", false)]
    [InlineData("maps/../maps/a.txt", false)]
    [InlineData("/etc/hosts", false)]
    [InlineData(".hidden.txt", false)]
    [InlineData("maps/b.csv", false)]
    public async Task Of_a_folder_only_what_is_in_it_is_opened(string id, bool isThere)
    {
        var open = Directory.CreateDirectory(_folder["open"]).FullName;
        Directory.CreateDirectory(Path.Combine(open, "maps"));
        foreach (var path in new[] { Path.Combine(open, "maps", "a.txt"), Path.Combine(open, "maps", "b.csv"), Path.Combine(open, ".hidden.txt"), _folder["outside.txt"] })
        {
            await File.WriteAllTextAsync(path, "text");
        }

        File.CreateSymbolicLink(Path.Combine(open, "link.txt"), _folder["outside.txt"]);
        Directory.CreateSymbolicLink(Path.Combine(open, "inner"), Path.Combine(open, "maps"));
        Directory.CreateSymbolicLink(Path.Combine(open, "outer"), _folder.Root);
        var folder = new FolderHarvest(new OperatorFolders(Options.Create(new LayersOptions { Folders = [open] })), Options.Create(new RecordsOptions()));
        var wish = Wish(JsonSerializer.Serialize(new { path = open, pattern = "*.txt" }), new CatalogueRecord("city", id, "file", id));

        var opening = folder.Has(wish.Settings, wish.Record) ? await folder.OpenAsync(wish, None) : new DocumentOpening.Gone();

        (opening is DocumentOpening.Opened).ShouldBe(isThere);
        if (opening is DocumentOpening.Opened(var document))
        {
            await using var opened = document;
            (document.Name, document.Length, document.Content.CanSeek).ShouldBe(("a.txt", 4L, true));
        }
    }

    [Fact]
    public async Task Credentials_go_with_a_document_of_the_sources_own_address_and_links_to_others_are_not_followed()
    {
        const string Settings = """{"url":"http://a.example/list.csv","credentials":{"token":"secret"}}""";
        var web = new OneDocument();
        var list = new ListReader(new HarvestWeb(web, Options.Create(new HarvestingOptions()), web));
        var own = new CatalogueRecord("city", "1", "document", "One") { Links = [new RecordLink("http://b.example/x", "item", null, null), new RecordLink("http://a.example/one.pdf", "item", null, null)] };
        DocumentWish Asked(CatalogueRecord record) => Wish(Settings, record) with { Range = "bytes=1-", IfRange = "\"e\"" };

        (await list.OpenAsync(Asked(own), None)).ShouldBeOfType<DocumentOpening.Opened>();
        web.Asked.ShouldNotBeNull().Href.ShouldBe("http://a.example/one.pdf");
        web.Asked.Headers.ShouldContain(new KeyValuePair<string, string>("Authorization", "Bearer secret"));
        web.Asked.Headers.ShouldContain(new KeyValuePair<string, string>("Range", "bytes=1-"));
        web.Asked.Headers.ShouldContain(new KeyValuePair<string, string>("If-Range", "\"e\""));

        foreach (var href in new[] { "http://b.example/x", "https://a.example/x", "http://a.example:81/x", "http://a.example.evil/x", "files/a" })
        {
            list.Has(JsonElement.Parse(Settings), own with { Links = [new RecordLink(href, "item", null, null)] }).ShouldBeFalse(href);
        }

        list.Has(JsonElement.Parse(Settings), own with { Links = [new RecordLink("http://a.example/x", "canonical", null, null)] }).ShouldBeFalse("the record itself is no document");
    }

    [Theory]
    [InlineData("a b/c.pdf", "https://a.example/docs/a%20b/c.pdf", true)]
    [InlineData("https://a.example/docs/c.pdf", "https://a.example/docs/c.pdf", true)]
    [InlineData("https://a.example/admin", "https://a.example/admin", false)]
    [InlineData("https://a.example/docs/../admin", "https://a.example/docs/../admin", false)]
    [InlineData("https://a.example/docs/%2e%2e/admin", "https://a.example/docs/%2e%2e/admin", false)]
    [InlineData("http://a.example/docs/c.pdf", "http://a.example/docs/c.pdf", false)]
    [InlineData("https://b.example/docs/c.pdf", "https://b.example/docs/c.pdf", false)]
    [InlineData("../admin", null, false)]
    [InlineData("/admin", null, false)]
    [InlineData("//b.example/c.pdf", null, false)]
    [InlineData("%2e%2e/admin", null, false)]
    [InlineData("..\\admin", null, false)]
    [InlineData("file:///etc/passwd", null, false)]
    [InlineData("https://user@a.example/docs/c.pdf", null, false)]
    public async Task A_rows_link_is_followed_below_the_base_or_to_the_web_and_credentials_go_below_the_base_only(string link, string? asked, bool hasCredentials)
    {
        var web = new OneDocument();
        var rows = new RowDocuments(new HarvestWeb(web, Options.Create(new HarvestingOptions()), web));
        const string Settings = """{"document":"file","documentBase":"https://a.example/docs/","credentials":{"token":"secret"}}""";
        var mistakes = new List<GeoWps.Domain.Processes.Mistake>();
        rows.Check(JsonElement.Parse(Settings), mistakes);
        mistakes.ShouldBeEmpty();

        (await rows.OpenAsync(Wish(Settings, new CatalogueRecord("city", "1", "document", "One")), link, None) is DocumentOpening.Opened).ShouldBe(asked is not null);

        web.Asked?.Href.ShouldBe(asked);
        (web.Asked?.Headers.Any(header => header.Key == "Authorization") ?? false).ShouldBe(hasCredentials);
    }

    [Theory]
    [InlineData("""{"document":"file","content":"scan"}""", "content")]
    [InlineData("""{"document":""}""", "document")]
    [InlineData("""{"content":"scan","documentBase":"https://a.example/docs/"}""", "documentBase")]
    [InlineData("""{"document":"file","documentBase":"https://a.example/docs"}""", "documentBase")]
    [InlineData("""{"document":"file","documentBase":"https://u:p@a.example/docs/"}""", "documentBase")]
    [InlineData("""{"document":"file","credentials":{"token":"secret"}}""", "documentBase")]
    [InlineData("""{"document":"file","documentBase":"https://a.example/docs/","credentials":{"name":"nobody"}}""", "credentials")]
    public void Settings_of_rows_documents_that_cant_be_are_mistakes(string settings, string place)
    {
        var web = new OneDocument();
        var mistakes = new List<GeoWps.Domain.Processes.Mistake>();

        new RowDocuments(new HarvestWeb(web, Options.Create(new HarvestingOptions()), web)).Check(JsonElement.Parse(settings), mistakes);

        mistakes.ShouldHaveSingleItem().Place.ShouldBe(place);
    }

    [Fact]
    public void A_record_links_to_its_document_and_to_a_first_look_where_there_is_one()
    {
        CatalogueRecord Linked(string format) => DocumentLinks.AddTo(new CatalogueRecord("city", "old maps/a:b#1.pdf", "file", "A") { Formats = [format] });

        Linked("application/pdf").Links.Select(link => (link.Href, link.Rel, link.Type)).ShouldBe(
        [
            ("collections/records/documents/city:old%20maps/a:b%231.pdf", "enclosure", "application/pdf"),
            ("collections/records/documents/city:old%20maps/a:b%231.pdf?f=preview", "preview", "image/png"),
        ]);
        Linked("application/zip").Links.Select(link => link.Rel).ShouldBe(["enclosure"]);
    }

    private static DocumentWish Wish(string settings, CatalogueRecord record) => new(new HarvestSource("city", "x", null, settings, default), JsonElement.Parse(settings), record, null, null);

    private sealed class OneDocument : IReferenceFetcher, IReferenceOpener
    {
        public FetchRequest? Asked { get; private set; }

        public string? Refuse(string href) => null;

        public Task<FetchOutcome> FetchAsync(FetchRequest request, Stream destination, long maxBytes, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ReferenceOpening> OpenAsync(FetchRequest request, CancellationToken cancellationToken)
        {
            Asked = request;
            return Task.FromResult<ReferenceOpening>(new ReferenceOpening.Opened(new MemoryStream(), "one.pdf"));
        }
    }
}
