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
