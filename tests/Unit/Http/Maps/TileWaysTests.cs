using System.Net;
using System.Net.Http.Headers;
using GeoWps.Application.Security;
using GeoWps.Domain.Layers;

namespace GeoWps.Tests.Unit.Http.Maps;

/// <summary>A tile is answered by an endpoint, past the routing or from memory, depending on what is remembered: nobody sees which.</summary>
public sealed class TileWaysTests(MapServer server) : IClassFixture<MapServer>
{
    [Theory]
    [InlineData("xyz/{0}/8/135/85.pbf", "application/problem+json")]
    [InlineData("tms/1.0.0/{0}/8/135/170.png", "text/xml")]
    [InlineData("wmts/1.0.0/{0}/default/WebMercatorQuad/8/85/135.png", "text/xml")]
    public async Task A_token_that_does_not_count_is_told_so_wherever_the_tile_is(string address, string form)
    {
        var id = $"l{Guid.NewGuid():N}";
        var path = string.Format(null, address, id);
        (await server.Catalogue.TryReplaceAsync(MapServer.Layer(id), tilesStay: true, default)).ShouldBeTrue();
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", TokenText.Make()) } };
            using var response = await server.Client.SendAsync(request);
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            response.Content.Headers.ContentType!.MediaType.ShouldBe(form);
            (await server.Client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Theory]
    [InlineData("GET", "xyz/{0}/8/135/85.pbf", 200)]
    [InlineData("HEAD", "xyz/{0}/8/135/85.png", 200)]
    [InlineData("GET", "tms/1.0.0/{0}/8/135/170.png", 200)]
    [InlineData("GET", "wmts/1.0.0/{0}/default/WebMercatorQuad/8/85/135.png", 200)]
    [InlineData("GET", "collections/{0}/tiles/WorldCRS84Quad/7/27/135", 200)]
    [InlineData("GET", "collections/{0}/map/tiles/WebMercatorQuad/8/85/135?f=png", 200)]
    [InlineData("GET", "xyz/{0}/8/135/85.webp", 404)]
    [InlineData("GET", "collections/{0}/tiles/WebMercatorQuad/8/85/135?f=webp", 400)]
    [InlineData("GET", "xyz/{0}/8/1/1.pbf", 404)]
    [InlineData("DELETE", "xyz/{0}/8/135/85.pbf", 405)]
    public async Task Every_way_gives_the_same_answer(string method, string address, int status)
    {
        var (id, ways) = ($"l{Guid.NewGuid():N}", new List<string>());
        foreach (var kept in (bool[])[false, true])
        {
            var layer = MapServer.Layer(id) with { Caching = new LayerCaching { Enabled = kept } };
            (await server.Catalogue.TryReplaceAsync(layer, tilesStay: true, default)).ShouldBeTrue();

            // Not remembered, then remembered; and if it is kept, in memory.
            ways.Add(await AnswerAsync());
            ways.Add(await AnswerAsync());
        }

        ways.Distinct().ShouldHaveSingleItem().ShouldStartWith($"{status} ");

        async Task<string> AnswerAsync()
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), string.Format(null, address, id)) { Headers = { AcceptEncoding = { new StringWithQualityHeaderValue("gzip") } } };
            using var response = await server.Client.SendAsync(request);

            // The time of a tile that is not kept is that of its answer.
            var headers = response.Headers.Concat(response.Content.Headers).Where(header => header.Key is not ("Date" or "Last-Modified")).OrderBy(header => header.Key, StringComparer.Ordinal);
            return $"{(int)response.StatusCode} {string.Join('\n', headers.Select(header => $"{header.Key}: {string.Join(',', header.Value)}"))}\n{Convert.ToBase64String(await response.Content.ReadAsByteArrayAsync())}";
        }
    }
}
