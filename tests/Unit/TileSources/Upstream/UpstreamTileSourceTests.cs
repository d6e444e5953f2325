using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using GeoWps.Adapters.References;
using GeoWps.Adapters.TileSources.Upstream;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;
using GeoWps.Tests.Unit.References;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.TileSources.Upstream;

public sealed class UpstreamTileSourceTests
{
    private static readonly byte[] _png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3];
    private static readonly byte[] _jpeg = [0xff, 0xd8, 0xff, 0xe0, 1];
    private static readonly byte[] _mvt = [0x1a, 2, 0x78, 2];

    [Theory]
    [InlineData(UpstreamKind.Xyz, "/{z}/{x}/{y}.png", "/3/5/2.png")]
    [InlineData(UpstreamKind.Xyz, "/{z}/{x}/{-y}.png", "/3/5/5.png")]
    [InlineData(UpstreamKind.Tms, "/{z}/{x}/{y}.png", "/3/5/5.png")]
    [InlineData(UpstreamKind.Wmts, "/{TileMatrix}/{TileRow}/{TileCol}", "/3/2/5")]
    [InlineData(UpstreamKind.Wmts, "?TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}", "/?TILEMATRIX=3&TILEROW=2&TILECOL=5")]
    [InlineData(UpstreamKind.Xyz, "/{switch:a,b,c}/{z}/{x}/{y}", "/b/3/5/2")]
    public async Task A_tile_has_its_address(UpstreamKind kind, string template, string path)
    {
        await using var server = Server(_ => Answer(200, _png));
        var made = await MakeAsync(server, new LayerSource.Upstream(kind, server.Address + template, "WebMercatorQuad"), TileFormat.Png);
        made.ShouldHaveSingleItem().Content.ToArray().ShouldBe(_png);
        server.Requests.Single().ShouldStartWith($"GET {path} ");
    }

    [Fact]
    public async Task Matrices_have_the_other_server_s_names_and_those_that_it_lacks_are_empty()
    {
        await using var server = Server(_ => Answer(200, _png));
        var source = new LayerSource.Upstream(UpstreamKind.Wmts, server.Address + "/{TileMatrix}/{TileRow}/{TileCol}", "WebMercatorQuad", ["", "", "", "EPSG:3857:3"]);
        await MakeAsync(server, source, TileFormat.Png);
        server.Requests.Single().ShouldStartWith("GET /EPSG%3A3857%3A3/2/5 ");
        (await MakeAsync(server, source with { Matrices = ["0"] }, TileFormat.Png)).Single().Notes.ShouldBe(TileNotes.Empty);
        server.Requests.Count.ShouldBe(1);
        (await Should.ThrowAsync<TileSourceException>(() => MakeAsync(server, source with { TileMatrixSet = "Other" }, TileFormat.Png))).Message.ShouldBe("the other server has tiles of Other only");
    }

    [Theory]
    [InlineData(204, "")]
    [InlineData(404, "not here")]
    [InlineData(410, "")]
    [InlineData(200, "")]
    [InlineData(400, "<ows:Exception exceptionCode=\"TileOutOfRange\"/>")]
    public async Task What_the_other_server_does_not_have_is_empty_and_has_not_failed(int status, string body)
    {
        await using var server = Server(_ => Answer(status, Encoding.UTF8.GetBytes(body)));
        var made = (await MakeAsync(server, Xyz(server), TileFormat.Png)).Single();
        made.Notes.ShouldBe(TileNotes.Empty);
        made.Content.Length.ShouldBe(0);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_failure_that_passes_is_asked_again()
    {
        var count = 0;
        await using var server = Server(_ => Interlocked.Increment(ref count) < 3 ? Answer(503, []) : Answer(200, _png));
        (await MakeAsync(server, Xyz(server), TileFormat.Png)).Single().Notes.ShouldBe(TileNotes.None);
        count.ShouldBe(3);
    }

    [Fact]
    public async Task A_failure_that_stays_says_when_to_come_again()
    {
        await using var server = Server(_ => Answer(503, [], "Retry-After: 120\r\n"));
        var failure = await Should.ThrowAsync<TileSourceException>(() => MakeAsync(server, Xyz(server), TileFormat.Png));
        failure.Message.ShouldBe("127.0.0.1 answers with HTTP 503");
        failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(120));
        server.Requests.Count.ShouldBe(1, "who wants to be left alone for two minutes is");
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(302)]
    public async Task What_asking_again_would_not_change_is_asked_once(int status)
    {
        await using var server = Server(_ => Answer(status, []));
        (await Should.ThrowAsync<TileSourceException>(() => MakeAsync(server, Xyz(server), TileFormat.Png))).RetryAfter.ShouldBeNull();
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_has_failed()
    {
        await using var server = new ScriptedServer((_, _, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken));
        var failure = await Should.ThrowAsync<TileSourceException>(() => MakeAsync(server, Xyz(server), TileFormat.Png, new UpstreamLimits(2, 4, 1000, TimeSpan.FromMilliseconds(100))));
        failure.Message.ShouldBe("127.0.0.1 did not answer in time");
        failure.RetryAfter.ShouldNotBeNull();
        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_not_what_the_layer_says_has_failed()
    {
        foreach (var (body, word) in new (byte[], string)[] { (_jpeg, "sends jpeg where the layer says png"), ("<html>"u8.ToArray(), "sends no tile where the layer says png"), (_mvt, "sends mvt where the layer says png") })
        {
            await using var server = Server(_ => Answer(200, body));
            (await Should.ThrowAsync<TileSourceException>(() => MakeAsync(server, Xyz(server), TileFormat.Png))).Message.ShouldEndWith(word);
        }
    }

    [Fact]
    public async Task What_is_too_large_has_failed()
    {
        await using var server = Server(_ => Answer(200, [.. _png, .. new byte[2000]]));
        (await Should.ThrowAsync<TileSourceException>(() => MakeAsync(server, Xyz(server), TileFormat.Png, new UpstreamLimits(3, 4, 1000, TimeSpan.FromSeconds(5))))).Message.ShouldContain("1000 bytes");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Vector_tiles_are_passed_on_as_they_come()
    {
        var packed = Gzip(_mvt);
        await using var said = Server(_ => Answer(200, packed, "Content-Encoding: gzip\r\n"));
        var made = (await MakeAsync(said, Xyz(said), TileFormat.Mvt)).Single();
        (made.Encoding, made.Content.ToArray().SequenceEqual(packed)).ShouldBe((TileEncoding.Gzip, true));

        await using var silent = Server(_ => Answer(200, packed));
        (await MakeAsync(silent, Xyz(silent), TileFormat.Mvt)).Single().Encoding.ShouldBe(TileEncoding.Gzip);

        await using var plain = Server(_ => Answer(200, _mvt));
        (await MakeAsync(plain, Xyz(plain), TileFormat.Mvt)).Single().Encoding.ShouldBe(TileEncoding.Identity);

        await using var nothing = Server(_ => Answer(200, Gzip([])));
        (await MakeAsync(nothing, Xyz(nothing), TileFormat.Mvt)).Single().Notes.ShouldBe(TileNotes.Empty);

        await using var damaged = Server(_ => Answer(200, [0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
        await Should.ThrowAsync<TileSourceException>(() => MakeAsync(damaged, Xyz(damaged), TileFormat.Mvt));

        await using var picture = Server(_ => Answer(200, Gzip(_png), "Content-Encoding: gzip\r\n"));
        (await MakeAsync(picture, Xyz(picture), TileFormat.Png)).Single().Content.ToArray().ShouldBe(_png);
    }

    [Fact]
    public async Task No_more_than_the_limit_are_asked_of_one_server_at_once()
    {
        var (now, most) = (0, 0);
        await using var server = new ScriptedServer(async (_, stream, cancellationToken) =>
        {
            var running = Interlocked.Increment(ref now);
            InterlockedMax(ref most, running);
            await Task.Delay(20, cancellationToken);
            Interlocked.Decrement(ref now);
            await stream.WriteAsync(Answer(200, _png), cancellationToken);
        });
        var made = await MakeAsync(server, Xyz(server), TileFormat.Png, new UpstreamLimits(1, 3, 1000, TimeSpan.FromSeconds(10)), new TileRange(0, 0, 3, 3));
        made.Count.ShouldBe(16);
        most.ShouldBeInRange(2, 3);
    }

    [Fact]
    public async Task One_tile_of_several_that_fails_fails_all()
    {
        await using var server = Server(path => path == "/3/1/1" ? Answer(500, []) : Answer(200, _png));
        (await Should.ThrowAsync<TileSourceException>(() => MakeAsync(server, Xyz(server), TileFormat.Png, range: new TileRange(0, 0, 3, 3)))).Message.ShouldContain("HTTP 500");
    }

    [Fact]
    public async Task A_private_address_is_asked_only_where_the_operator_allows_it()
    {
        await using var server = Server(_ => Answer(200, _png));
        using var client = Client(allowed: false);
        var source = new UpstreamTileSource(client, Limits, TimeProvider.System, NullLogger<UpstreamTileSource>.Instance);
        var layer = Grids.LayerOf(Xyz(server), TileFormat.Png);
        (await Should.ThrowAsync<TileSourceException>(() => source.MakeAsync(layer, Grids.WebMercatorQuad, new MetaTile(3, new TileRange(5, 2, 5, 2)), TileFormat.Png, default)))
            .Message.ShouldContain("not at a public address");
        server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://a/{z}/{x}/{y}", true)]
    [InlineData("http://a/{TileMatrix}/{TileRow}/{TileCol}", true)]
    [InlineData("http://a/{z}/{x}", false)]
    [InlineData("http://a/{z}/{x}/{y}/{secret}", false)]
    [InlineData("http://a/0/0/0", false)]
    public void A_template_has_places_for_matrix_column_and_row(string template, bool good) => (UpstreamTemplate.Refuse(template) is null).ShouldBe(good);

    internal static HttpServerClient Client(bool allowed = true) => new(new AllowedHosts(allowed ? ["127.0.0.1"] : []), Dns.GetHostAddressesAsync, TimeProvider.System);

    internal static byte[] Answer(int status, byte[] body, string headers = "") =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} x\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{headers}\r\n")), .. body];

    internal static ScriptedServer Server(Func<string, byte[]> answer) => new((path, stream, cancellationToken) => stream.WriteAsync(answer(path), cancellationToken).AsTask());

    private static UpstreamLimits Limits { get; } = new(3, 4, 10_000, TimeSpan.FromSeconds(10));

    private static LayerSource.Upstream Xyz(ScriptedServer server) => new(UpstreamKind.Xyz, server.Address + "/{z}/{x}/{y}", "WebMercatorQuad");

    private static async Task<IReadOnlyList<MadeTile>> MakeAsync(ScriptedServer server, LayerSource.Upstream source, TileFormat format, UpstreamLimits? limits = null, TileRange? range = null)
    {
        using var client = Client();
        var tiles = new UpstreamTileSource(client, limits ?? Limits, TimeProvider.System, NullLogger<UpstreamTileSource>.Instance);
        var layer = Grids.LayerOf(source, format);
        tiles.Makes(layer, format).ShouldBeTrue();
        return await tiles.MakeAsync(layer, Grids.WebMercatorQuad, new MetaTile(3, range ?? new TileRange(5, 2, 5, 2)), format, default);
    }

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        // An empty stream is written with nothing at all by some; a header and a trailer are what servers send.
        return packed.ToArray().Length > 0 ? packed.ToArray() : [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; value > seen && Interlocked.CompareExchange(ref most, value, seen) != seen; seen = most)
        {
        }
    }
}
