using System.Net;
using System.Text;
using GeoWps.Application.Ports;
using GeoWps.Domain.Records;

namespace GeoWps.Tests.Unit.Http;

/// <summary>Documents of harvested records over HTTP, before a source that opens what a test says.</summary>
public sealed class RecordDocumentTests(HttpHost host) : IClassFixture<HttpHost>
{
    private const string Path = "/collections/records/documents/papers:old maps/a b.txt";

    [Fact]
    public async Task A_document_that_can_be_sought_is_had_whole_in_part_or_not_when_it_is_the_same_and_is_counted()
    {
        var before = await UseAsync();
        await PutAsync(_ => Opened(new MemoryStream(Encoding.UTF8.GetBytes("0123456789")), 10));

        using var whole = await host.Client.GetAsync(Path);
        whole.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await whole.Content.ReadAsStringAsync()).ShouldBe("0123456789");
        whole.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        whole.Content.Headers.ContentDisposition!.FileNameStar.ShouldBe("a b.txt");
        whole.Content.Headers.LastModified.ShouldBe(DateTimeOffset.UnixEpoch);
        whole.Headers.ETag!.Tag.ShouldBe("\"10-0\"");
        whole.Headers.AcceptRanges.ShouldBe(["bytes"]);
        whole.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        whole.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);

        using var part = await AskAsync("Range", "bytes=2-4");
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        part.Content.Headers.ContentRange!.ToString().ShouldBe("bytes 2-4/10");
        (await part.Content.ReadAsStringAsync()).ShouldBe("234");
        (await AskAsync("Range", "bytes=20-")).StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        (await AskAsync("If-None-Match", "\"10-0\"")).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        using var head = await host.SendAsync(HttpMethod.Head, Path, null);
        head.Content.Headers.ContentLength.ShouldBe(10);
        (await AskAsync("Accept", "*/*", Path.Replace("maps/", "maps%2F", StringComparison.Ordinal))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Client.GetAsync(Path + "?f=preview")).StatusCode.ShouldBe(HttpStatusCode.OK);

        // It is counted once the answer is out.
        var after = await UseAsync();
        for (var i = 0; i < 3000 && (after.Opened == before.Opened || after.Downloaded < before.Downloaded + 2); i++)
        {
            await Task.Delay(10);
            after = await UseAsync();
        }

        (after.Opened - before.Opened, after.Downloaded - before.Downloaded).ShouldBe((1, 2), "a first look; two whole ones, no part from the middle and nothing that was there already");
    }

    [Fact]
    public async Task What_comes_over_a_line_is_sent_on_and_closed_and_a_line_that_breaks_breaks_the_answer()
    {
        var bytes = Enumerable.Range(0, 100_000).Select(i => (byte)('a' + (i % 26))).ToArray();
        var (good, bad) = (new Papers.Line(bytes), new Papers.Line(bytes, breaks: true));
        await PutAsync(_ => Opened(good, null));
        using var answer = await AskAsync("Range", "bytes=2-4");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, "it can't be sought");
        answer.Headers.AcceptRanges.ShouldBe(["none"]);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(bytes);
        good.IsClosed.ShouldBeTrue();

        await PutAsync(_ => Opened(bad, null));
        await Should.ThrowAsync<HttpRequestException>(() => host.Client.GetByteArrayAsync(Path));

        // The caller may see the broken line before the source is let go.
        for (var i = 0; i < 3000 && !bad.IsClosed; i++)
        {
            await Task.Delay(10);
        }

        bad.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_document_that_breaks_off_is_no_download()
    {
        var (before, bytes) = (await UseAsync(), new byte[100_000]);
        await PutAsync(_ => Opened(new Papers.Line(bytes, breaks: true), null));
        await Should.ThrowAsync<HttpRequestException>(() => host.Client.GetByteArrayAsync(Path));
        await PutAsync(_ => Opened(new Papers.Line(bytes), bytes.Length + 1));
        await Should.ThrowAsync<HttpRequestException>(() => host.Client.GetByteArrayAsync(Path));
        await PutAsync(_ => Opened(new Papers.Line(bytes), null));
        (await host.Client.GetByteArrayAsync(Path)).ShouldBe(bytes);

        var after = await UseAsync();
        for (var i = 0; i < 3000 && after.Downloaded == before.Downloaded; i++)
        {
            await Task.Delay(10);
            after = await UseAsync();
        }

        (after.Downloaded - before.Downloaded).ShouldBe(1);
    }

    [Fact]
    public async Task Only_so_many_documents_are_open_at_once_and_what_is_closed_makes_room()
    {
        const int Most = 8;
        var lines = Enumerable.Range(0, Most + 1).Select(_ => new Papers.Held("text"u8.ToArray())).ToArray();
        var next = -1;
        await PutAsync(_ => Opened(lines[Interlocked.Increment(ref next)], null));
        var open = Enumerable.Range(0, Most).Select(_ => host.Client.GetByteArrayAsync(Path)).ToArray();
        await Task.WhenAll(lines[..Most].Select(line => line.Asked));

        using var full = await host.Client.GetAsync(Path);
        full.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        full.Headers.RetryAfter!.Delta.ShouldNotBeNull();
        next.ShouldBe(Most - 1, "the source was not asked");

        foreach (var line in lines)
        {
            line.Go();
        }

        (await Task.WhenAll(open)).ShouldAllBe(bytes => bytes.Length == 4);
        (await host.Client.GetByteArrayAsync(Path)).Length.ShouldBe(4);
    }

    [Fact]
    public async Task Ranges_are_for_the_source_where_it_takes_them()
    {
        await PutAsync(wish => wish.Range == "bytes=90-99" && wish.IfRange == "\"x\""
            ? new DocumentOpening.Opened(new SourceDocument(new Papers.Line("0123456789"u8.ToArray()), "a.bin") { Length = 10, ContentRange = "bytes 90-99/100", ETag = "\"x\"", TakesRanges = true, MediaType = "image/png" })
            : new DocumentOpening.OutOfRange("bytes */100"));

        using var part = await AskAsync("Range", "bytes=90-99", Path, ("If-Range", "\"x\""));
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (part.Content.Headers.ContentRange!.ToString(), part.Content.Headers.ContentType!.MediaType, part.Content.Headers.ContentLength).ShouldBe(("bytes 90-99/100", "image/png", 10));
        using var outside = await AskAsync("Range", "bytes=200-");
        outside.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        outside.Content.Headers.ContentRange!.ToString().ShouldBe("bytes */100");
    }

    [Fact]
    public async Task A_source_that_fails_is_told_from_a_document_that_is_gone_and_no_reason_is_told()
    {
        await PutAsync(_ => new DocumentOpening.Gone());
        (await host.Client.GetAsync(Path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Client.GetAsync("/collections/records/documents/papers:nothing")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Client.GetAsync(Path + "?f=json")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        foreach (var (failure, status) in new (Func<DocumentWish, DocumentOpening>, HttpStatusCode)[]
        {
            (_ => throw new HarvestException("no answer from 10.0.0.7"), HttpStatusCode.BadGateway),
            (_ => throw new HarvestException("10.0.0.7 did not deliver in time") { IsLate = true }, HttpStatusCode.GatewayTimeout),
            (_ => Opened(new Papers.Line([], breaks: true), null), HttpStatusCode.BadGateway),
        })
        {
            await PutAsync(failure);
            using var answer = await host.Client.GetAsync(Path);
            answer.StatusCode.ShouldBe(status);
            (await answer.Content.ReadAsStringAsync()).ShouldNotContain("10.0.0.7");
        }
    }

    [Fact]
    public async Task A_first_look_at_a_text_is_its_beginning_and_there_is_none_of_bytes()
    {
        await PutAsync(_ => Opened(new Papers.Line(Encoding.UTF8.GetBytes(new string('ä', 1999) + "😀" + new string('x', 30_000))), null));
        using var look = await host.Client.GetAsync(Path + "?f=preview");
        look.StatusCode.ShouldBe(HttpStatusCode.OK);
        look.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        look.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        (await look.Content.ReadAsStringAsync()).ShouldBe(new string('ä', 1999), "no character is cut in two");

        await PutAsync(_ => Opened(new Papers.Line([0, 1, 2, 3]), null));
        (await host.Client.GetAsync(Path + "?f=preview")).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        await PutAsync(_ => Opened(new Papers.Line(Encoding.UTF8.GetBytes(new string('x', 20_000)), breaks: true), null));
        (await host.Client.GetAsync(Path + "?f=preview")).StatusCode.ShouldBe(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task Documents_are_seen_by_those_who_see_the_record()
    {
        await PutAsync(_ => Opened(new MemoryStream([1]), 1), "ann");
        (await host.Client.GetAsync(Path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var admin = await host.SendAsync(HttpMethod.Get, Path, null, ("Authorization", $"Bearer {HttpHost.Token}"));
        admin.StatusCode.ShouldBe(HttpStatusCode.OK);
        admin.Headers.CacheControl!.Private.ShouldBeTrue();
    }

    private async Task PutAsync(Func<DocumentWish, DocumentOpening> open, string? owner = null)
    {
        host.Papers.Open = open;
        await host.Sources.PutAsync(new HarvestSource("papers", "papers", null, "{}", default), CancellationToken.None);
        await host.Records.PutAsync([new CatalogueRecord("papers", "old maps/a b.txt", "file", "A") { Owner = owner }], CancellationToken.None);
    }

    private async Task<(long Opened, long Downloaded)> UseAsync()
    {
        await host.Counts.StoreAsync(CancellationToken.None);
        var uses = host.Use.Added.Where(use => use.Record == "papers:old maps/a b.txt").Select(use => use.Figures).ToArray();
        return (uses.Sum(figures => figures.Opened), uses.Sum(figures => figures.Downloaded));
    }

    private static DocumentOpening Opened(Stream content, long? length) =>
        new DocumentOpening.Opened(new SourceDocument(content, "a b.txt") { Length = length, Modified = DateTimeOffset.UnixEpoch, ETag = length is null ? null : $"\"{length}-0\"" });

    private async Task<HttpResponseMessage> AskAsync(string header, string value, string path = Path, params (string Name, string Value)[] more)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, text) in more.Append((header, value)))
        {
            request.Headers.TryAddWithoutValidation(name, text);
        }

        return await host.Client.SendAsync(request);
    }
}
